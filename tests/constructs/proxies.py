"""Databases and proxies of a test's stack, and what of them is synthesized."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from modules.database import (
    Database,
    DatabaseCluster,
    DatabaseClusterConfig,
    DatabaseConfig,
    DatabaseProxy,
    DatabaseProxyConfig,
    ExistingProxyConfig,
)
from modules.database.base import DatabaseBase
from modules.secret import Secret, SecretBase
from tests.constructs.functions import OFF, Made

WHERE = "dev-main-eu-west-1-orders/proxy"
ARN = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:{}-AbCdEf"
KEY = "arn:aws:kms:eu-west-1:123456789012:key/11111111-1111-1111-1111-111111111111"
PROVIDER_6 = ">= 6.69, < 7"


def instance(made: Made, **fields: Any) -> Database:
    names = {"database_name": "orders", "master_username": "owner", "alarms": OFF}
    config = DatabaseConfig.parse({**names, **fields})
    return Database(made.stack, "database", config=config, network=made.network, key=made.key)


def cluster(made: Made, **kind: Any) -> DatabaseCluster:
    names = {"database_name": "orders", "master_username": "owner", "alarms": OFF}
    config = DatabaseClusterConfig.parse({**names, "cluster_type": {"kind": "serverless_v2", **kind}})
    return DatabaseCluster(made.stack, "database", config=config, network=made.network, key=made.key)


def proxy(
    made: Made,
    database: DatabaseBase,
    name: str = "proxy",
    *,
    users: Mapping[str, SecretBase] | None = None,
    **fields: Any,
) -> DatabaseProxy:
    config = DatabaseProxyConfig.parse({"alarms": OFF, **fields})
    return DatabaseProxy(made.stack, name, database=database, config=config, users=users)


def secret(made: Made, name: str, **fields: Any) -> SecretBase:
    return Secret.from_existing(made.stack, f"{name}-secret", arn=ARN.format(name), key_arn=KEY, **fields)


def statements(made: Made, role: str) -> dict[str, dict[str, Any]]:
    policy = made.resources("aws_iam_role_policy")
    [found] = [each for name, each in policy.items() if name.startswith(role)]
    text = found["policy"].replace('split(":"', "split(':'")  # an expression's quotes are not escaped
    return {each["Sid"]: each for each in json.loads(text)["Statement"]}


def warnings(made: Made) -> list[str]:
    entries = (entry for node in made.stack.node.find_all() for entry in node.node.metadata)
    return [str(entry.data) for entry in entries if "warn" in entry.type]


def rules(made: Made, direction: str) -> set[tuple[str, str, int]]:
    found = made.resources(f"aws_vpc_security_group_{direction}_rule").values()
    return {(each["security_group_id"], each["referenced_security_group_id"], each["from_port"]) for each in found}


def existing(made: Made, **fields: Any) -> Any:
    config = ExistingProxyConfig.parse(
        {
            "name": "shared",
            "engine": "aurora-mysql",
            "host": "shared.proxy-abc.eu-west-1.rds.amazonaws.com",
            "endpoints": {"reader": "shared-ro.endpoint.proxy-abc.eu-west-1.rds.amazonaws.com"},
            "resource_id": "prx-0123456789abcdef0",
            "security_group_id": "sg-0123456789abcdef0",
            "users": ["web"],
            "database_name": "orders",
            **fields,
        }
    )
    return DatabaseProxy.from_existing(made.stack, "shared", config=config, network=made.network)
