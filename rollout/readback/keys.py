"""The stack's KMS key: found by its alias, rotated, with a policy that names its reasons."""

from __future__ import annotations

from typing import Any

from rollout.readback.check import Check, Clients, equal
from rollout.readback.expected import Expected
from rollout.readback.policy_document import Plain, policy_checks, statement, statements


def key_arn(clients: Clients, prefix: str) -> str:
    """The ARN of the stack's key, by its alias."""
    kms: Any = clients("kms")  # Any: clients are made from models at run time
    return str(kms.describe_key(KeyId=f"alias/{prefix}")["KeyMetadata"]["Arn"])


def key_checks(clients: Clients, expected: Expected) -> list[Check]:
    """The key is enabled and rotates, and its policy lets in exactly whom it must."""
    kms: Any = clients("kms")  # Any: as above
    subject = f"key alias/{expected.prefix}"
    key = kms.describe_key(KeyId=f"alias/{expected.prefix}")["KeyMetadata"]
    rotation = kms.get_key_rotation_status(KeyId=key["KeyId"])
    policy = kms.get_key_policy(KeyId=key["KeyId"], PolicyName="default")["Policy"]
    return [
        equal(f"{subject}: state", "Enabled", key["KeyState"]),
        equal(f"{subject}: rotation", True, rotation["KeyRotationEnabled"]),  # noqa: FBT003  # the value compared with
        equal(f"{subject}: days between rotations", expected.key_rotation_days, rotation.get("RotationPeriodInDays")),
        *policy_checks(subject, _policy(expected), statements(policy)),
    ]


def _policy(expected: Expected) -> dict[str, Plain]:
    account = expected.account_id
    return {
        "AccountAdministers": statement(
            ["kms:*"],
            ["*"],
            principal={"AWS": [f"arn:{expected.partition}:iam::{account}:root"]},
            condition=("StringEquals", "kms:CallerAccount", account),
        ),
        "CloudWatchAlarmsEncrypt": statement(
            ["kms:Decrypt", "kms:GenerateDataKey*"],
            ["*"],
            principal={"Service": ["cloudwatch.amazonaws.com"]},
            condition=("StringEquals", "aws:SourceAccount", account),
        ),
        "CloudWatchLogsEncrypts": statement(
            ["kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:GenerateDataKey*", "kms:ReEncrypt*"],
            ["*"],
            principal={"Service": [f"logs.{expected.region}.amazonaws.com"]},
            condition=("ArnLike", "kms:EncryptionContext:aws:logs:arn", expected.arn("logs", "log-group:*")),
        ),
    }
