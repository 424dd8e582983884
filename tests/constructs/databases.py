"""Instances, owned and existing, for the tests of databases."""

from __future__ import annotations

import json
from typing import Any

from modules.database import Database, DatabaseConfig, ExistingDatabase, ExistingDatabaseConfig
from tests.constructs.functions import OFF, Made

WHERE = "dev-main-eu-west-1-orders/orders-db"
INSTANCE = "aws_db_instance.orders-db_instance_E0529D63"
SECRET_ARN = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:rds!db-1111-AbCdEf"
EXISTING: dict[str, Any] = {
    "identifier": "old-orders",
    "engine": "mysql",
    "host": "old-orders.c1a2b3c4d5e6.eu-west-1.rds.amazonaws.com",
    "resource_id": "db-ABCDEFGHIJKL0123456789MNOP",
    "security_group_id": "sg-0123456789abcdef0",
    "database_name": "orders",
    "master_username": "admin",
}


def instance(made: Made, **fields: Any) -> Database:
    names = {"database_name": "orders", "master_username": "owner", "alarms": OFF}
    own_password = {"master_password_rotation_off_reason": "it has replicas"} if fields.get("replicas") else {}
    config = DatabaseConfig.parse({**names, **own_password, **fields})
    return Database(made.stack, "orders-db", config=config, network=made.network, key=made.key)


def existing(made: Made, **fields: Any) -> ExistingDatabase:
    config = ExistingDatabaseConfig.parse({**EXISTING, **fields})
    return Database.from_existing(made.stack, "old-orders", config=config, network=made.network, key=made.key)


def warnings(made: Made) -> list[str]:
    entries = (entry for node in made.stack.node.find_all() for entry in node.node.metadata)
    return [str(entry.data) for entry in entries if "warn" in entry.type]


def granted(made: Made) -> dict[str, dict[str, Any]]:
    """Statements of the function's role, by Sid."""
    policies = made.resources("aws_iam_role_policy")
    [policy] = [each["policy"] for name, each in policies.items() if name.startswith("api_")]
    return {each["Sid"]: each for each in json.loads(policy)["Statement"]}


def variables(made: Made) -> dict[str, str]:
    found: dict[str, str] = made.only("aws_lambda_function")["environment"]["variables"]
    return found
