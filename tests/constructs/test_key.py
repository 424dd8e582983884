"""Keys: what they grant, and what an existing one refuses."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from modules.bucket import Bucket
from modules.core.statements import Condition, Statement
from modules.core.target import Target
from modules.key import Key, KeyBase, KeyConfig
from modules.observability import AlarmTopic
from stacks.base import App, TargetStack
from tests.constructs.bare import refusal

pytestmark = pytest.mark.synth
ARN = "arn:aws:kms:eu-west-1:123456789012:key/11111111-1111-1111-1111-111111111111"


@pytest.fixture
def stack(tmp_path: Path) -> TargetStack:
    where = {"account": "main", "account_id": "123456789012", "region": "eu-west-1"}
    target = Target.parse({"org": "acme", "env": "dev", "stack": "orders", "owner": "me", **where})
    return TargetStack(App(outdir=str(tmp_path)), target)


class Role:
    """What is granted."""

    def __init__(self) -> None:
        self.statements: list[Statement] = []

    def grant(self, *statements: Statement) -> None:
        self.statements += statements


def test_the_stacks_own_key_has_the_stacks_name_and_another_has_its_own(stack: TargetStack) -> None:
    Key(stack, "key")
    Key(stack, "tokens", config=KeyConfig(multi_region=True))
    synthesized = stack.to_terraform()["resource"]
    assert {alias["name"] for alias in synthesized["aws_kms_alias"].values()} == {
        "alias/acme-dev-orders",
        "alias/acme-dev-orders-tokens",
    }
    assert [key.get("multi_region") for key in synthesized["aws_kms_key"].values()] == [None, True]


def test_a_role_decrypts_or_encrypts_with_the_key_itself(stack: TargetStack) -> None:
    key, role = Key.from_existing(stack, "tokens", arn=ARN), Role()
    key.grant_decrypt(role)
    key.grant_encrypt(role)
    assert role.statements == [
        Statement("DecryptWithTokens", ("kms:Decrypt",), (ARN,)),
        Statement("EncryptWithTokens", ("kms:Encrypt", "kms:GenerateDataKey"), (ARN,)),
    ]


def test_an_encryption_context_narrows_a_grant_and_two_of_them_are_two_statements(stack: TargetStack) -> None:
    key, role = Key.from_existing(stack, "tokens", arn=ARN), Role()
    for tenant in ("a", "b"):
        key.grant_decrypt(role, encryption_context={"tenant": tenant, "purpose": "session"})
    assert role.statements[0].conditions == (
        Condition("StringEquals", "kms:EncryptionContext:purpose", ("session",)),
        Condition("StringEquals", "kms:EncryptionContext:tenant", ("a",)),
    )
    sids = [statement.sid for statement in role.statements]
    assert len(set(sids)) == 2
    assert all(sid.isalnum() for sid in sids)


def test_a_connection_names_the_key_and_the_way_to_kms(stack: TargetStack) -> None:
    connection = Key.from_existing(stack, "tokens", arn=ARN).connection(access="encrypt_decrypt")
    assert connection.environment == {"TOKENS_KEY_ARN": ARN}
    assert (connection.services, connection.port) == (("kms",), 443)
    (statement,) = connection.statements
    assert statement.actions == ("kms:Decrypt", "kms:Encrypt", "kms:GenerateDataKey")


def test_an_unknown_access(stack: TargetStack) -> None:
    key = Key.from_existing(stack, "tokens", arn=ARN)
    assert refusal(lambda: key.connection(access="sign")) == (
        'dev-main-eu-west-1-orders/tokens: access is "sign"; it is one of decrypt, encrypt, encrypt_decrypt; '
        "choose one of them"
    )


def test_an_encryption_context_that_is_known_only_later(stack: TargetStack) -> None:
    key = Key.from_existing(stack, "tokens", arn=ARN)
    later = {"queue": "${aws_sqs_queue.jobs.arn}"}
    assert refusal(lambda: key.grant_decrypt(Role(), encryption_context=later)) == (
        "dev-main-eu-west-1-orders/tokens: encryption_context is known only later; names of statements are made of it; "
        "write names and values themselves"
    )


@pytest.mark.parametrize("arn", ["alias/orders", ARN.replace(":key/", ":alias/"), ARN[4:]])
def test_what_is_no_keys_arn(stack: TargetStack, arn: str) -> None:
    assert refusal(lambda: Key.from_existing(stack, "tokens", arn=arn)) == (
        f'dev-main-eu-west-1-orders/tokens: arn is "{arn}"; a KMS key\'s ARN reads like '
        "arn:aws:kms:eu-west-1:123456789012:key/...; copy it from AWS KMS"
    )


def test_no_arn(stack: TargetStack) -> None:
    assert refusal(lambda: Key.from_existing(stack, "tokens", arn="")) == (
        "dev-main-eu-west-1-orders/tokens: arn is empty; it names the key; copy it from AWS KMS"
    )


def test_the_policy_of_an_existing_key_is_its_owners(stack: TargetStack) -> None:
    key = Key.from_existing(stack, "key", arn=ARN)
    needed = json.dumps(
        [
            {
                "Sid": "CloudWatchAlarmsEncrypt",
                "Effect": "Allow",
                "Principal": {"Service": ["cloudwatch.amazonaws.com"]},
                "Action": ["kms:Decrypt", "kms:GenerateDataKey*"],
                "Resource": ["*"],
                "Condition": {"StringEquals": {"aws:SourceAccount": ["123456789012"]}},
            }
        ],
        separators=(",", ":"),
    )
    assert refusal(lambda: AlarmTopic(stack, "alarms", key=key)) == (
        f"dev-main-eu-west-1-orders/key: the key's policy would need {needed}; the policy of an existing key is its "
        "owner's (KMS guide); add the statement there and set policy_allows_services, or use a key of the stack"
    )
    assert "CloudWatchLogsEncrypts" in refusal(key.allow_log_groups)


def test_an_existing_key_encrypts_what_a_stacks_own_does(stack: TargetStack) -> None:
    key: KeyBase = Key.from_existing(stack, "key", arn=ARN, policy_allows_services=True)
    AlarmTopic(stack, "alarms", key=key)
    Bucket(stack, "files", key=key).allow_log_delivery()
    key.allow_log_groups()
    synthesized = stack.to_terraform()["resource"]
    (topic,) = synthesized["aws_sns_topic"].values()
    assert topic["kms_master_key_id"] == ARN
    assert "aws_kms_key" not in synthesized
