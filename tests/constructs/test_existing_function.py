"""A function that something else deploys: it takes part in rules and permissions, and is left alone otherwise."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from modules.core.connections import Connection
from modules.core.statements import Statement
from modules.function import ExistingFunction, ExistingFunctionConfig, Function
from modules.network import SecurityGroup
from tests.constructs.functions import Made, refusal

pytestmark = pytest.mark.synth
ROLE = "arn:aws:iam::123456789012:role/orders"
FUNCTION = "arn:aws:lambda:eu-west-1:123456789012:function:legacy"
READ = Statement("ReadOrders", ("s3:GetObject",), ("arn:aws:s3:::orders/*",))


def existing(made: Made, **fields: Any) -> ExistingFunction:
    config = ExistingFunctionConfig.parse({"function_arn": FUNCTION, **fields})
    return Function.from_existing(made.stack, "legacy", config=config, network=made.network)


def database(made: Made) -> Any:
    group = SecurityGroup(made.stack, "database", thing="database", description="x", vpc_id=made.network.vpc_id)

    class Database:
        def connection(self) -> Connection:
            return Connection(
                name="database", port=5432, security_group=group, statements=(READ,), environment={"DB_HOST": "db"}
            )

    return Database()


def test_an_existing_function_takes_part_in_rules_and_permissions(source: Path) -> None:
    made = Made(source)
    legacy = existing(made, security_group_id="sg-0a1b2c3d", role_arn=ROLE, attach_grants=True)
    legacy.connect_to(database(made))
    legacy.allow_invoke("rule", principal="events.amazonaws.com", source_account="123456789012")

    egress = made.only("aws_vpc_security_group_egress_rule")
    ingress = made.only("aws_vpc_security_group_ingress_rule")
    assert (egress["security_group_id"], egress["from_port"]) == ("sg-0a1b2c3d", 5432)
    assert ingress["referenced_security_group_id"] == "sg-0a1b2c3d"
    assert made.only("aws_iam_role_policy")["role"] == "orders"
    assert made.only("aws_lambda_permission")["function_name"] == "legacy"
    assert made.resources("aws_lambda_function") == made.resources("aws_iam_role") == {}
    assert legacy.environment == {"DB_HOST": "db"}


def test_what_an_existing_function_cannot_do(source: Path) -> None:
    made = Made(source)
    where = "dev-main-eu-west-1-orders/legacy"
    target = database(made)
    assert refusal(lambda: existing(made, role_arn=ROLE).connect_to(target)) == (
        f"{where}: the connection database opens a way in the network; the function has no security group here to open "
        "it from; set security_group_id"
    )


def test_an_existing_functions_role_is_left_alone_unless_said_otherwise(source: Path) -> None:
    made = Made(source)
    assert refusal(lambda: existing(made, security_group_id="sg-0a1b2c3d").connect_to(database(made))) == (
        "dev-main-eu-west-1-orders/legacy: the connection database needs permissions; the function's role is "
        "left as it "
        'is; set attach_grants and role_arn, or add [{"Sid":"ReadOrders","Effect":"Allow","Action":["s3:GetObject"],'
        '"Resource":["arn:aws:s3:::orders/*"]}] to the role and say so in granted_elsewhere_reason'
    )


def test_permissions_that_an_existing_functions_role_has_already(source: Path) -> None:
    made = Made(source)
    existing(made, security_group_id="sg-0a1b2c3d", granted_elsewhere_reason="by hand").connect_to(database(made))
    assert made.resources("aws_iam_role_policy") == {}
