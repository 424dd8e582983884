"""Secrets and parameters by reference: one ARN, one permission, one variable, one way.

Complaint of users: a function in a private subnet hangs when it asks for a secret, as nothing leads to Secrets Manager.
"""

from __future__ import annotations

import pytest

from modules.core.statements import Condition, Statement
from modules.secret import ParameterReference, SecretReference
from tests.modules.core.samples import KNOWN_LATER, STRING_TOKEN, sentence

ACCOUNT = "eu-west-1:123456789012"
SECRET = f"arn:aws:secretsmanager:{ACCOUNT}:secret:payment/key-AbCdEf"
PARAMETER = f"arn:aws:ssm:{ACCOUNT}:parameter/orders/limit"
KEY = f"arn:aws:kms:{ACCOUNT}:key/11111111-2222-4333-8444-555555555555"


def test_a_secret_is_read_by_its_arn_with_its_key() -> None:
    connection = SecretReference(name="payment-key", arn=SECRET, kms_key_arn=KEY).connection()
    assert connection.environment == {"PAYMENT_KEY_ARN": SECRET}
    assert connection.services == ("secretsmanager",)
    assert connection.statements == (
        Statement("ReadPaymentKey", ("secretsmanager:GetSecretValue",), (SECRET,)),
        Statement(
            "DecryptPaymentKey",
            ("kms:Decrypt",),
            (KEY,),
            conditions=(
                Condition("StringEquals", "kms:ViaService", ("secretsmanager.eu-west-1.amazonaws.com",)),
                Condition("StringEquals", "kms:EncryptionContext:SecretARN", (SECRET,)),
            ),
        ),
    )


def test_a_parameter_is_read_by_its_arn() -> None:
    connection = ParameterReference(name="limit", arn=PARAMETER).connection()
    assert connection.environment == {"LIMIT_ARN": PARAMETER}
    assert connection.services == ("ssm",)
    assert connection.statements == (Statement("ReadLimit", ("ssm:GetParameter",), (PARAMETER,)),)


def test_the_region_of_an_arn_that_is_known_later_is_left_open() -> None:
    statement = ParameterReference(name="limit", arn=STRING_TOKEN, kms_key_arn=KEY).connection().statements[1]
    assert statement.conditions[0] == Condition("StringLike", "kms:ViaService", ("ssm.*.amazonaws.com",))


@pytest.mark.parametrize(
    "arn",
    [
        f"arn:aws:secretsmanager:{ACCOUNT}:secret:payment/key",
        "payment/key",
        SECRET[:-1],
        SECRET.replace("secret:", ""),
    ],
)
def test_half_an_arn_is_no_secret(arn: str) -> None:
    assert sentence(SecretReference, {"name": "key", "arn": arn}) == (
        f'arn is "{arn}"; a secret\'s ARN ends in its name, a hyphen and 6 characters that Secrets Manager adds; '
        "copy the whole ARN"
    )


@pytest.mark.parametrize(
    "name",
    [
        "rds!db-11111111-2222-4333-8444-555555555555",
        "rds!cluster-11111111-2222-4333-8444-555555555555",
        "ecs-sc!11111111-2222-4333-8444-555555555555",
        "a/b_c+d=e.f@g-h",
    ],
)
def test_a_secret_that_a_service_manages_is_one_too(name: str) -> None:
    arn = f"arn:aws:secretsmanager:{ACCOUNT}:secret:{name}-AbCdEf"
    assert SecretReference(name="login", arn=arn).arn == arn


def test_what_is_no_parameter_is_refused() -> None:
    assert sentence(ParameterReference, {"name": "limit", "arn": "/orders/limit"}) == (
        'arn is "/orders/limit"; a parameter\'s ARN reads like arn:aws:ssm:eu-west-1:123456789012:parameter/path/name; '
        "copy it from Parameter Store"
    )
    deep = f"arn:aws:ssm:{ACCOUNT}:parameter{'/a' * 16}"
    assert sentence(ParameterReference, {"name": "limit", "arn": deep}) == (
        "arn has 16 levels; Parameter Store takes 15 (Systems Manager guide); copy it from Parameter Store"
    )


@pytest.mark.parametrize("name", ["Key", "1key", "key_1", "a--b", "", "k" * 41])
def test_a_name_becomes_a_variable(name: str) -> None:
    assert sentence(SecretReference, {"name": name, "arn": SECRET}) == (
        f'name is "{name}"; a reference\'s name has lowercase letters, digits and single inner hyphens, a letter '
        "first; rename it"
    )
    assert (
        sentence(SecretReference, {"name": STRING_TOKEN, "arn": SECRET}) == f'name is "{STRING_TOKEN}"; {KNOWN_LATER}'
    )
