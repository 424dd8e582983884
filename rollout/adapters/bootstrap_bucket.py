"""One bucket of rollouts and what is set on it: read, compared with what is wanted, and made."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from botocore.exceptions import ClientError

from rollout.adapters.bootstrap_key import Key
from rollout.adapters.bootstrap_step import Step
from rollout.adapters.store.aws import status
from rollout.domain.bootstrap import ALIAS, WantedBucket
from rollout.domain.bootstrap_documents import (
    POLICY_BYTES,
    Reachers,
    alike,
    bucket_statements,
    lifecycle_rules,
    merged,
    policy_text,
)
from rollout.refusals import error_code

_PUBLIC = {"BlockPublicAcls": True, "IgnorePublicAcls": True, "BlockPublicPolicy": True, "RestrictPublicBuckets": True}
_FOUND, _MOVED, _FORBIDDEN, _NOT_FOUND = 200, 301, 403, 404


class Bucket:
    """The bucket.

    Args:
        client: boto3 client of S3 in the bucket's region; `Any`, as services are chosen at run time.
        wanted: the bucket.
        reachers: the account, and who reaches states from others.
        key: its key.
    """

    def __init__(self, client: Any, wanted: WantedBucket, reachers: Reachers, key: Key) -> None:
        self._client = client
        self._wanted = wanted
        self._key = key
        self._reachers = reachers
        self._named = {"Bucket": wanted.name}
        self._own = {**self._named, "ExpectedBucketOwner": reachers.account_id}
        self._statements = bucket_statements(wanted, reachers)
        self._others = reachers.others(wanted.states)
        self._status, self._region = self._head()

    def problems(self) -> Iterator[str]:
        """Why it cannot be made or used, as sentences."""
        name, region = self._wanted.name, self._wanted.region
        if self._status == _FORBIDDEN:
            yield (
                f"bucket {name}: is of another account, or closed to you; names of buckets are unique in all of AWS; "
                "choose another name, or use credentials of its account"
            )
        elif self._exists and self._region != region:
            yield (
                f"bucket {name}: is in {self._region}, and its region is given as {region}; a bucket cannot be moved; "
                "correct the region"
            )
        if self._others and not self._wanted.kms_key_id:
            yield (
                f"bucket {name}: holds states of account {', '.join(each.account_id for each in self._others)} and has "
                "no kms_key_id; S3's own key cannot be used from another account; set kms_key_id of the backend, such "
                f"as {self._arn_of('alias/rollouts')}"
            )
        elif self._others and not (self._wanted.kms_key_id or "").startswith("arn:"):
            yield (
                f"bucket {name}: holds states of account {', '.join(each.account_id for each in self._others)}, and "
                f"its kms_key_id is {self._wanted.kms_key_id}; S3 looks for what is no ARN in the account of whoever "
                f"writes (S3 API, PutObject); write {self._arn_of(self._wanted.kms_key_id or '')}"
            )
        size = len(policy_text(self._statements))
        if size > POLICY_BYTES:
            yield (
                f"bucket {name}: its policy for {len(self._others)} accounts has {size} bytes; S3 takes "
                f"{POLICY_BYTES}; give --organization-id, which lets the roles of all its accounts in, or spread "
                "states over several buckets"
            )

    def steps(self) -> Iterator[Step]:
        """What is there of it, and what is to be made."""
        name = f"bucket {self._wanted.name}"
        yield Step(f"{name} in {self._wanted.region}", self._exists, self._create)
        yield self._step(f"{name}: no public access", self._is_closed, self._close)
        yield self._step(f"{name}: no access lists", self._has_no_acls, self._forbid_acls)
        yield self._step(f"{name}: versions", self._has_versions, self._keep_versions)
        by = self._wanted.kms_key_id or "S3's own KMS key"
        yield self._step(f"{name}: encryption by {by}", self._is_encrypted, self._encrypt)
        yield self._step(f"{name}: policy, TLS and KMS only", self._has_policy, self._put_policy)
        yield self._step(f"{name}: lifecycle of plans and old versions", self._has_lifecycle, self._put_lifecycle)

    def _arn_of(self, key: str) -> str:
        resource = key if key.startswith(ALIAS) else f"key/{key}"
        return f"arn:{self._reachers.partition}:kms:{self._wanted.region}:{self._reachers.account_id}:{resource}"

    @property
    def _exists(self) -> bool:
        return self._status not in {_NOT_FOUND, _FORBIDDEN}

    def _step(self, what: str, is_there: Callable[[], bool], make: Callable[[], object]) -> Step:
        return Step(what, self._exists and is_there(), make)

    def _head(self) -> tuple[int, str]:
        try:
            answer = self._client.head_bucket(**self._own)
        except ClientError as error:
            if status(error) not in {_MOVED, _FORBIDDEN, _NOT_FOUND}:
                raise
            headers = error.response["ResponseMetadata"].get("HTTPHeaders", {})
            return status(error), headers.get("x-amz-bucket-region", "")
        headers = answer["ResponseMetadata"]["HTTPHeaders"]
        return _FOUND, answer.get("BucketRegion") or headers.get("x-amz-bucket-region", self._wanted.region)

    def _create(self) -> None:
        place = {} if self._wanted.region == "us-east-1" else {"LocationConstraint": self._wanted.region}
        options = {"CreateBucketConfiguration": place} if place else {}
        self._client.create_bucket(**self._named, ObjectOwnership="BucketOwnerEnforced", **options)

    def _is_closed(self) -> bool:
        answer = self._got(self._client.get_public_access_block, "NoSuchPublicAccessBlockConfiguration")
        return bool(answer.get("PublicAccessBlockConfiguration") == _PUBLIC)

    def _close(self) -> None:
        self._client.put_public_access_block(**self._own, PublicAccessBlockConfiguration=_PUBLIC)

    def _has_no_acls(self) -> bool:
        answer = self._got(self._client.get_bucket_ownership_controls, "OwnershipControlsNotFoundError")
        rules = answer.get("OwnershipControls", {}).get("Rules", [])
        return bool(rules == [{"ObjectOwnership": "BucketOwnerEnforced"}])

    def _forbid_acls(self) -> None:
        rules = [{"ObjectOwnership": "BucketOwnerEnforced"}]
        self._client.put_bucket_ownership_controls(**self._own, OwnershipControls={"Rules": rules})

    def _has_versions(self) -> bool:
        return bool(self._client.get_bucket_versioning(**self._own).get("Status") == "Enabled")

    def _keep_versions(self) -> None:
        self._client.put_bucket_versioning(**self._own, VersioningConfiguration={"Status": "Enabled"})

    def _is_encrypted(self) -> bool:
        answer = self._got(self._client.get_bucket_encryption, "ServerSideEncryptionConfigurationNotFoundError")
        rules = answer.get("ServerSideEncryptionConfiguration", {}).get("Rules", [])
        return [_encryption(rule) for rule in rules] == [_encryption(self._encryption_rule())]

    def _encrypt(self) -> None:
        self._client.put_bucket_encryption(
            **self._own, ServerSideEncryptionConfiguration={"Rules": [self._encryption_rule()]}
        )

    def _encryption_rule(self) -> dict[str, Any]:
        by: dict[str, Any] = {"SSEAlgorithm": "aws:kms"}
        if self._wanted.kms_key_id:
            by["KMSMasterKeyID"] = self._key.arn
        return {"ApplyServerSideEncryptionByDefault": by, "BucketKeyEnabled": True}

    def _has_policy(self) -> bool:
        present = self._policy()
        return alike(present, merged(present, self._statements, "Sid"))

    def _put_policy(self) -> None:
        statements = merged(self._policy(), self._statements, "Sid")
        self._client.put_bucket_policy(**self._own, Policy=policy_text(statements))

    def _policy(self) -> list[dict[str, Any]]:
        answer = self._got(self._client.get_bucket_policy, "NoSuchBucketPolicy")
        statements = json.loads(answer["Policy"])["Statement"] if answer else []
        return statements if isinstance(statements, list) else [statements]

    def _has_lifecycle(self) -> bool:
        present = self._lifecycle()
        return alike(present, merged(present, lifecycle_rules(self._wanted), "ID"))

    def _put_lifecycle(self) -> None:
        rules = merged(self._lifecycle(), lifecycle_rules(self._wanted), "ID")
        self._client.put_bucket_lifecycle_configuration(**self._own, LifecycleConfiguration={"Rules": rules})

    def _lifecycle(self) -> list[dict[str, Any]]:
        answer = self._got(self._client.get_bucket_lifecycle_configuration, "NoSuchLifecycleConfiguration")
        rules: list[dict[str, Any]] = answer.get("Rules", [])
        return rules

    def _got(self, get: Callable[..., Any], absent: str) -> dict[str, Any]:
        """What is set; nothing where nothing is."""
        try:
            answer: dict[str, Any] = get(**self._own)
        except ClientError as error:
            if error_code(error) == absent:
                return {}
            raise
        return answer


def _encryption(rule: Mapping[str, Any]) -> tuple[Any, ...]:
    by = rule.get("ApplyServerSideEncryptionByDefault", {})
    return by.get("SSEAlgorithm"), by.get("KMSMasterKeyID"), rule.get("BucketKeyEnabled")
