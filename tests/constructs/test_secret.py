"""What only the constructs of secrets can refuse, and what they synthesize."""

from __future__ import annotations

import json
from typing import Any

import pytest

from modules.core.statements import Condition, Statement
from modules.function import Function
from modules.key import Key
from modules.secret import Secret, SecretConfig
from tests.constructs.functions import Made, refusal

pytestmark = pytest.mark.synth
ARN = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:acme/partner-AbCdEf"
KEY = "arn:aws:kms:eu-west-1:123456789012:key/11111111-1111-1111-1111-111111111111"
COPY_KEY = KEY.replace("eu-west-1", "us-east-1")
FUNCTION = "arn:aws:lambda:eu-west-1:123456789012:function:rotator"
WHERE = "dev-main-eu-west-1-orders/login: "
WHY: dict[str, Any] = {"rotation_off_reason": "its owner changes it"}
ROTATED: dict[str, Any] = {"value": {"username": "orders"}, "rotation": {}}


@pytest.fixture
def made(source: Any) -> Made:
    return Made(source, endpoints={"interface": ["secretsmanager"]})


class Role:
    """What is granted."""

    def __init__(self) -> None:
        self.statements: list[Statement] = []

    def grant(self, *statements: Statement) -> None:
        self.statements += statements


def secret(made: Made, name: str = "login", *, function: Function | None = None, **fields: Any) -> Secret:
    return Secret(made.stack, name, config=SecretConfig.parse(fields), key=made.key, rotation_function=function)


def test_a_secret_is_kept_unless_it_is_said_to_go(made: Made) -> None:
    secret(made, **WHY)
    secret(made, "gone", removal="destroy", removal_reason="a trial", recovery_window_days=7, **WHY)
    kept, gone = (
        next(found for name, found in made.resources("aws_secretsmanager_secret").items() if name.startswith(which))
        for which in ("login", "gone")
    )
    assert (kept["lifecycle"], kept["recovery_window_in_days"]) == ({"prevent_destroy": True}, 30)
    assert (gone.get("lifecycle"), gone["recovery_window_in_days"]) == (None, 7)
    assert kept["name"] == "acme-dev-orders-login"


def test_a_generated_password_is_only_a_reference(made: Made) -> None:
    host = made.key.arn  # stands for what is known only later
    value = {"username": "orders", "host": host, "port": 5432, "version": 3, "exclude_characters": "/@"}
    secret(made, value=value, **WHY)
    version = made.only("aws_secretsmanager_secret_version")
    assert version["secret_string_wo_version"] == 3
    assert "secret_string" not in version
    text = version["secret_string_wo"]
    name = next(iter(made.resources("aws_secretsmanager_secret_version")))
    assert f"password = ephemeral.aws_secretsmanager_random_password.{name}.random_password" in text
    assert '"host" = aws_kms_key.' in text
    assert '"port" = 5432' in text
    ephemeral = made.stack.to_terraform()["ephemeral"]["aws_secretsmanager_random_password"]
    assert ephemeral == {name: {"password_length": 32, "exclude_characters": "/@", "require_each_included_type": True}}


def test_a_secret_that_somebody_else_fills_has_no_value(made: Made) -> None:
    secret(made, value={"kind": "empty"}, **WHY)
    assert made.resources("aws_secretsmanager_secret_version") == {}
    assert "ephemeral" not in made.stack.to_terraform()


def test_a_copy_lies_in_another_region_under_a_key_of_it(made: Made) -> None:
    secret(made, replicas={"us-east-1": COPY_KEY}, **WHY)
    assert made.only("aws_secretsmanager_secret")["replica"] == [{"kms_key_id": COPY_KEY, "region": "us-east-1"}]


def test_its_policy_denies_other_accounts_and_requests_without_tls(made: Made) -> None:
    secret(made, **WHY)
    policy = made.only("aws_secretsmanager_secret_policy")
    assert policy["block_public_policy"] is True
    statements = json.loads(policy["policy"])["Statement"]
    assert [(each["Sid"], each["Effect"]) for each in statements] == [
        ("DenyPlainHttp", "Deny"),
        ("ThisAccountOnly", "Deny"),
    ]
    assert statements[1]["Condition"] == {
        "StringNotEquals": {"aws:PrincipalAccount": ["123456789012"]},
        "BoolIfExists": {"aws:PrincipalIsAWSService": ["false"]},
    }


def test_a_function_of_the_suite_rotates_and_is_let_to(made: Made) -> None:
    rotator = made.function("rotator")
    rotated = secret(made, function=rotator, value={"username": "orders"}, rotation={"days": 7, "duration_hours": 3})
    assert (rotated.rotation, rotated.username) == ("single_user", "orders")
    rotation = made.only("aws_secretsmanager_secret_rotation")
    assert rotation["rotation_rules"] == {"automatically_after_days": 7, "duration": "3h"}
    (permission,) = made.resources("aws_lambda_permission")
    waits = set(rotation["depends_on"])
    assert f"aws_lambda_permission.{permission}" in waits
    assert {name.split(".")[0] for name in waits} >= {
        "aws_secretsmanager_secret_policy",
        "aws_secretsmanager_secret_version",
    }


def test_a_function_that_alternates_users_reads_the_secret_of_the_user_that_makes_them(made: Made) -> None:
    master = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:rds!db-11111111-AbCdEf"
    value = {"username": "orders", "master_secret_arn": master}
    secret(made, function=made.function("rotator"), value=value, rotation={"kind": "alternating_users"})
    (policy,) = (
        json.loads(each["policy"])
        for name, each in made.resources("aws_iam_role_policy").items()
        if name.startswith("rotator_")
    )
    found = {each["Sid"]: each for each in policy["Statement"]}
    assert (found["ReadMasterOfLogin"]["Action"], found["ReadMasterOfLogin"]["Resource"]) == (
        ["secretsmanager:GetSecretValue"],
        [master],
    )
    assert found["DecryptMasterOfLogin"]["Action"] == ["kms:Decrypt"]
    assert found["DecryptMasterOfLogin"]["Condition"]["StringEquals"] == {
        "kms:ViaService": ["secretsmanager.eu-west-1.amazonaws.com"],
        "kms:EncryptionContext:SecretARN": [master],
    }
    assert list(made.only("aws_lambda_function")["environment"]["variables"]) == ["LOGIN_SECRET_ARN"]


def test_one_permission_serves_every_secret_that_a_function_rotates(made: Made) -> None:
    rotator = made.function("rotator")
    for name in ("login", "reports"):
        secret(made, name, function=rotator, **ROTATED)
    assert len(made.resources("aws_lambda_permission")) == 1
    assert len(made.resources("aws_secretsmanager_secret_rotation")) == 2


def test_a_function_that_exists_rotates_by_its_arn(made: Made) -> None:
    schedule = {"schedule_expression": "cron(0 16 1,15 * ? *)", "rotate_immediately": False, "function_arn": FUNCTION}
    secret(made, value={"username": "orders"}, rotation=schedule)
    rotation = made.only("aws_secretsmanager_secret_rotation")
    assert (rotation["rotation_lambda_arn"], rotation["rotate_immediately"]) == (FUNCTION, False)
    assert rotation["rotation_rules"] == {"schedule_expression": "cron(0 16 1,15 * ? *)"}
    assert made.resources("aws_lambda_permission") == {}


def test_no_function_rotates(made: Made) -> None:
    assert refusal(lambda: secret(made, **ROTATED)) == (
        f"{WHERE}rotation_function is missing; a function puts the new password; pass rotation_function=Function(...), "
        "or set rotation.function_arn"
    )


def test_two_functions_rotate(made: Made) -> None:
    fields: dict[str, Any] = {"value": {"username": "orders"}, "rotation": {"function_arn": FUNCTION}}
    assert refusal(lambda: secret(made, function=made.function("rotator"), **fields)) == (
        f"{WHERE}rotation_function is passed and rotation.function_arn is set; one function rotates a secret; "
        f"remove one"
    )


def test_a_function_without_a_rotation(made: Made) -> None:
    assert refusal(lambda: secret(made, function=made.function("rotator"), **WHY)) == (
        f"{WHERE}rotation_function is passed; the configuration has no rotation; set rotation"
    )


def test_a_copy_in_the_targets_own_region(made: Made) -> None:
    assert refusal(lambda: secret(made, replicas={"eu-west-1": KEY}, **WHY)) == (
        f'{WHERE}replicas holds "eu-west-1"; it is the target\'s own region; remove it'
    )


def test_an_existing_secret_is_read_written_and_rotated(made: Made) -> None:
    found = Secret.from_existing(made.stack, "partner", arn=ARN, key_arn=KEY, rotation="single_user", username="orders")
    assert (found.name, found.rotation, found.username) == ("acme/partner", "single_user", "orders")
    role = Role()
    found.grant_read(role)
    found.grant_write(role)
    found.grant_rotate(role)
    assert {each.sid: each.actions for each in role.statements} == {
        "ReadPartner": ("secretsmanager:GetSecretValue",),
        "DecryptPartner": ("kms:Decrypt",),
        "WritePartner": ("secretsmanager:PutSecretValue",),
        "EncryptPartner": ("kms:Decrypt", "kms:GenerateDataKey"),
        "RotatePartner": (
            "secretsmanager:DescribeSecret",
            "secretsmanager:GetSecretValue",
            "secretsmanager:PutSecretValue",
            "secretsmanager:UpdateSecretVersionStage",
        ),
        "MakePasswordsForPartner": ("secretsmanager:GetRandomPassword",),
    }
    assert role.statements[1].conditions == (
        Condition("StringEquals", "kms:ViaService", ("secretsmanager.eu-west-1.amazonaws.com",)),
        Condition("StringEquals", "kms:EncryptionContext:SecretARN", (ARN,)),
    )


def test_under_awss_own_key_no_key_is_granted(made: Made) -> None:
    connection = Secret.from_existing(made.stack, "partner", arn=ARN).connection()
    assert [each.sid for each in connection.statements] == ["ReadPartner"]
    assert connection.environment == {"PARTNER_SECRET_ARN": ARN}


def test_the_way_to_secrets_manager_is_opened(made: Made) -> None:
    api = made.function()
    api.connect_to(secret(made, **WHY), environment_name="LOGIN")
    egress = [each["description"] for each in made.resources("aws_vpc_security_group_egress_rule").values()]
    assert "to secretsmanager" in egress
    function = made.only("aws_lambda_function")
    assert list(function["environment"]["variables"]) == ["LOGIN"]
    assert any(name.startswith("aws_secretsmanager_secret_version.") for name in function["depends_on"])


def test_what_is_no_secret(made: Made) -> None:
    assert refusal(lambda: Secret.from_existing(made.stack, "login", arn="acme/partner", key_arn="alias/a")) == (
        f'{WHERE}arn is "acme/partner"; a secret\'s ARN ends in its name, a hyphen and 6 characters that '
        f"Secrets Manager "
        f'adds; copy the whole ARN\n{WHERE}key_arn is "alias/a"; a KMS key\'s ARN reads like '
        "arn:aws:kms:eu-west-1:123456789012:key/...; copy it from AWS KMS"
    )


def test_an_unknown_access(made: Made) -> None:
    found = Secret.from_existing(made.stack, "login", arn=ARN)
    assert refusal(lambda: found.connection(access="delete")) == (
        f'{WHERE}access is "delete"; it is one of read, write, rotate; choose one of them'
    )


def test_an_existing_key_encrypts_it(made: Made) -> None:
    key = Key.from_existing(made.stack, "shared", arn=KEY)
    Secret(made.stack, "login", config=SecretConfig.parse(WHY), key=key)
    assert made.only("aws_secretsmanager_secret")["kms_key_id"] == KEY
