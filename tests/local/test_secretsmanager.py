"""The extension of Secrets Manager: rotation rules, the function that rotates, keys of copies."""

from __future__ import annotations

import io
import zipfile
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.local.conftest import Clients

NAME = "acme-dev-orders-login"
KEY = "arn:aws:kms:us-east-1:123456789012:key/11111111-1111-1111-1111-111111111111"


@pytest.fixture
def secret(clients: Clients) -> str:
    arn: str = clients("secretsmanager").create_secret(Name=NAME, SecretString="one value of a test")["ARN"]
    return arn


@pytest.fixture
def function(clients: Clients, role: str) -> str:
    code = io.BytesIO()
    with zipfile.ZipFile(code, "w") as archive:
        archive.writestr("module.py", "")
    made: dict[str, Any] = clients("lambda").create_function(
        FunctionName="rotator", Runtime="python3.13", Role=role, Handler="module.run", Code={"ZipFile": code.getvalue()}
    )
    return str(made["FunctionArn"])


def let_in(clients: Clients, function: str) -> None:
    clients("lambda").add_permission(
        FunctionName=function, StatementId="rotate", Action="lambda:InvokeFunction",
        Principal="secretsmanager.amazonaws.com", SourceAccount="123456789012",
    )  # fmt: skip


@pytest.mark.parametrize(
    "rules",
    [
        {"AutomaticallyAfterDays": 7, "Duration": "3h"},
        {"ScheduleExpression": "rate(10 days)", "Duration": "2h"},
    ],
    ids=["days", "schedule"],
)
def test_rules_are_read_back_and_the_value_stays(
    clients: Clients, secret: str, function: str, rules: dict[str, Any]
) -> None:
    secrets = clients("secretsmanager")
    let_in(clients, function)
    secrets.rotate_secret(SecretId=secret, RotationLambdaARN=function, RotationRules=rules)
    found = secrets.describe_secret(SecretId=secret)
    assert (found["RotationEnabled"], found["RotationRules"]) == (True, rules)
    assert found["RotationLambdaARN"] == function
    assert {"LastRotatedDate", "NextRotationDate"} <= set(found)
    assert secrets.get_secret_value(SecretId=secret)["SecretString"] == "one value of a test"
    secrets.cancel_rotate_secret(SecretId=secret)
    assert secrets.describe_secret(SecretId=secret)["RotationEnabled"] is False


def test_a_function_that_lets_nobody_in_rotates_nothing(clients: Clients, secret: str, function: str) -> None:
    secrets = clients("secretsmanager")
    for arn in (function, f"{function}-of-nobody"):
        with pytest.raises(ClientError, match="AccessDeniedException"):
            secrets.rotate_secret(SecretId=secret, RotationLambdaARN=arn, RotationRules={"AutomaticallyAfterDays": 7})
    assert "RotationEnabled" not in secrets.describe_secret(SecretId=secret)


def test_no_function(clients: Clients, secret: str) -> None:
    with pytest.raises(ClientError, match="InvalidRequestException"):
        clients("secretsmanager").rotate_secret(SecretId=secret, RotationRules={"AutomaticallyAfterDays": 7})


@pytest.mark.parametrize(
    "rules",
    [
        {"AutomaticallyAfterDays": 7, "ScheduleExpression": "rate(10 days)"},
        {"ScheduleExpression": "cron(5 16 * * ? *)"},
        {"ScheduleExpression": "every day"},
        {"AutomaticallyAfterDays": 7, "Duration": "25h"},
    ],
    ids=["both", "minutes", "words", "duration"],
)
def test_rules_that_secrets_manager_refuses(
    clients: Clients, secret: str, function: str, rules: dict[str, Any]
) -> None:
    let_in(clients, function)
    with pytest.raises(ClientError, match="InvalidParameterException"):
        clients("secretsmanager").rotate_secret(SecretId=secret, RotationLambdaARN=function, RotationRules=rules)


def test_a_copy_names_its_key(clients: Clients) -> None:
    secrets = clients("secretsmanager")
    replicas = [{"Region": "us-east-1", "KmsKeyId": KEY}]
    secrets.create_secret(Name=NAME, SecretString="one value of a test", AddReplicaRegions=replicas)
    (copy,) = secrets.describe_secret(SecretId=NAME)["ReplicationStatus"]
    assert (copy["Region"], copy["KmsKeyId"]) == ("us-east-1", KEY)
