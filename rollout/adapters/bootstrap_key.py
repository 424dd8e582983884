"""The KMS key of buckets: made under its alias, with a policy that lets the roles of other accounts use it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any

from botocore.exceptions import ClientError

from rollout.adapters.bootstrap_step import Step
from rollout.domain.bootstrap import WantedBucket, alias_of
from rollout.domain.bootstrap_documents import KEY_POLICY_BYTES, Reachers, alike, key_statements, merged, policy_text
from rollout.refusals import error_code

_TAG = {"TagKey": "managed-by", "TagValue": "lambdanet-rollout"}
_POLICY = "default"  # the only name that a key's policy has (KMS API)


class Key:
    """The key; one that was not made here is used as it is.

    Args:
        client: boto3 client of KMS in the buckets' region; `Any`, as services are chosen at run time.
        wanted: the buckets that it encrypts, of one region and with one key.
        reachers: the account, and who reaches states from others.

    Attributes:
        problems: why it cannot be used, as sentences.
    """

    def __init__(self, client: Any, wanted: Sequence[WantedBucket], reachers: Reachers) -> None:
        self._client = client
        self._buckets = ", ".join(bucket.name for bucket in wanted)
        self._region = wanted[0].region
        self._name = wanted[0].kms_key_id or ""
        self._alias = alias_of(self._name, region=self._region, account_id=reachers.account_id)
        states = [access for bucket in wanted for access in bucket.states]
        self._statements = key_statements(self._region, states, reachers)
        self._described = self._describe() if self._name else {}
        self._is_ours = self._has_our_tag() if self._described else bool(self._alias)
        self.problems = tuple(self._problems())

    @property
    def arn(self) -> str:
        """Its ARN; empty before it is made."""
        return str(self._described.get("Arn", ""))

    def steps(self) -> Iterator[Step]:
        """What is there of it, and what is to be made."""
        if not self._name:
            return
        what = f"KMS key {self._name} in {self._region}"
        yield Step(what, bool(self.arn), self._make)
        if self._is_ours:
            yield Step(f"{what}: rotation", bool(self.arn) and self._rotates(), self._rotate)
            yield Step(f"{what}: policy", bool(self.arn) and self._has_policy(), self._put_policy)

    def _problems(self) -> Iterator[str]:
        where = f"KMS key {self._name}"
        if self._name and not self._described and not self._alias:
            yield (
                f"{where}: does not exist in {self._region}, or is closed to you; bootstrap makes keys by their "
                "alias in their own account and region; correct it, or name a key that is there"
            )
        state = self._described.get("KeyState", "Enabled")
        if state != "Enabled":
            yield f"{where}: its state is {state}; an enabled key encrypts states and plans; enable it, or name another"
        size = len(policy_text(self._statements))
        if self._is_ours and size > KEY_POLICY_BYTES:
            yield (
                f"{where}: its policy has {size} bytes; KMS takes {KEY_POLICY_BYTES}; give --organization-id, which "
                "lets the roles of all its accounts in"
            )

    def _describe(self) -> dict[str, Any]:
        try:
            described: dict[str, Any] = self._client.describe_key(KeyId=self._name)["KeyMetadata"]
        except ClientError as error:
            if error_code(error) in {"NotFoundException", "AccessDeniedException"}:
                return {}
            raise
        return described

    def _has_our_tag(self) -> bool:
        pages = self._client.get_paginator("list_resource_tags").paginate(KeyId=self._described["KeyId"])
        return any(tag == _TAG for page in pages for tag in page["Tags"])

    def _make(self) -> None:
        described = self._client.create_key(
            Description=f"Terraform states and plans of rollouts in {self._buckets}",
            Policy=policy_text(self._statements),
            Tags=[_TAG],
        )["KeyMetadata"]
        self._client.create_alias(AliasName=self._alias, TargetKeyId=described["KeyId"])
        self._described = described

    def _rotates(self) -> bool:
        return bool(self._client.get_key_rotation_status(KeyId=self._described["KeyId"])["KeyRotationEnabled"])

    def _rotate(self) -> None:
        self._client.enable_key_rotation(KeyId=self._described["KeyId"])

    def _has_policy(self) -> bool:
        present = self._policy()
        return alike(present, merged(present, self._statements, "Sid"))

    def _put_policy(self) -> None:
        statements = merged(self._policy(), self._statements, "Sid")
        self._client.put_key_policy(KeyId=self._described["KeyId"], PolicyName=_POLICY, Policy=policy_text(statements))

    def _policy(self) -> list[dict[str, Any]]:
        answer = self._client.get_key_policy(KeyId=self._described["KeyId"], PolicyName=_POLICY)
        statements: list[dict[str, Any]] = json.loads(answer["Policy"])["Statement"]
        return statements
