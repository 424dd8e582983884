"""Instances that exist already: what is refused of their description."""

from __future__ import annotations

from typing import Any

import pytest

from modules.database import ExistingDatabaseConfig
from tests.modules.core.samples import STRING_TOKEN, sentence

VALID: dict[str, Any] = {
    "identifier": "orders",
    "engine": "postgres",
    "host": "orders.c1a2b3c4d5e6.eu-west-1.rds.amazonaws.com",
    "resource_id": "db-ABCDEFGHIJKL0123456789MNOP",
    "security_group_id": "sg-0123456789abcdef0",
    "database_name": "Orders-2",
    "master_username": "postgres",
}
KEY_ARN = "arn:aws:kms:eu-west-1:123456789012:key/11111111-1111-1111-1111-111111111111"
SECRET_ARN = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:rds!db-1111-AbCdEf"  # an ARN


def test_a_description_is_taken_and_so_are_tokens() -> None:
    whole = {**VALID, "master_secret_arn": SECRET_ARN, "master_secret_key_arn": KEY_ARN, "max_connections": 400}
    assert ExistingDatabaseConfig.parse(whole).max_connections == 400
    fields = ("identifier", "host", "resource_id", "security_group_id", "database_name", "master_secret_arn")
    assert ExistingDatabaseConfig.parse({**VALID, **dict.fromkeys(fields, STRING_TOKEN)}).host == STRING_TOKEN


@pytest.mark.parametrize(
    ("field", "value", "rule"),
    [
        ("identifier", "Orders", ("an instance's identifier has 1 to 63 lowercase letters, digits and single inner "
         "hyphens, a letter first; copy it from RDS")),
        ("host", "orders:5432", ("a host reads like orders.c1a2b3c4d5e6.eu-west-1.rds.amazonaws.com; copy the endpoint "
         "from RDS, without its port")),
        ("resource_id", "orders", ("an instance's resource id reads like db-ABCDEFGHIJKL0123456789MNOP; copy "
         "DbiResourceId from RDS; it is not the identifier")),
        ("security_group_id", "orders", "a security group's id reads like sg-0123456789abcdef0; copy it from EC2"),
        ("database_name", "", ("a database's name has 1 to 64 letters, digits and characters of _$-, no digit first; "
         "copy it from the database")),
        ("master_username", "1", "a master user has 1 to 63 letters, digits and _; copy it"),
        ("master_secret_arn", "orders", ("a secret's ARN reads like "
         "arn:aws:secretsmanager:eu-west-1:123456789012:secret:rds!db-...; copy it from Secrets Manager")),
        ("engine", "oracle", "an engine is one of postgres, mysql, mariadb; choose one of them"),
    ],
)  # fmt: skip
def test_what_does_not_read_like_one(field: str, value: str, rule: str) -> None:
    assert sentence(ExistingDatabaseConfig, {**VALID, field: value}) == f'{field} is "{value}"; {rule}'


def test_a_key_without_a_secret() -> None:
    assert sentence(ExistingDatabaseConfig, {**VALID, "master_secret_key_arn": KEY_ARN}) == (
        f'master_secret_key_arn is "{KEY_ARN}"; it decrypts the master user\'s secret, and none is named; '
        "set master_secret_arn"
    )
