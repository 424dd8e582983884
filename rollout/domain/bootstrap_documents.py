"""Policies of a bucket and its key, and its lifecycle, as AWS takes them. Each statement has its own `Sid`."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from rollout.domain.bootstrap import StateAccess, WantedBucket

OWN = "Lambdanet"
"""What the names of our statements and rules begin with; others' are kept."""

POLICY_BYTES = 20_480
"""Longest policy of a bucket: 20 KB (S3 user guide, bucket policies)."""

KEY_POLICY_BYTES = 32_768
"""Longest policy of a key: 32 KB (KMS quotas)."""

_OLD_DAYS = 90
_UPLOAD_DAYS = 7
Document = dict[str, Any]


@dataclass(frozen=True)
class Reachers:
    """Who reaches states from other accounts.

    Attributes:
        partition: AWS partition, such as `aws`.
        account_id: the bucket's own account, whose roles' own policies suffice.
        plan: name of the role that plans; empty where there is none.
        apply: name of the role that applies; empty where there is none.
        organization_id: AWS organization whose accounts are all let in, such as `o-a1b2c3d4e5`; empty for each account
            by itself and for the states of its own targets only.
    """

    partition: str
    account_id: str
    plan: str = ""
    apply: str = ""
    organization_id: str = ""

    def account_arn(self, account_id: str) -> str:
        """An account as a principal."""
        return f"arn:{self.partition}:iam::{account_id}:root"

    def role_arns(self, account_id: str, *roles: str) -> list[str]:
        """ARNs of the roles that there are; `*` for any account."""
        return sorted({f"arn:{self.partition}:iam::{account_id}:role/{role}" for role in roles if role})

    def others(self, states: Sequence[StateAccess]) -> list[StateAccess]:
        """Accounts that are not the bucket's own."""
        return [access for access in states if access.account_id != self.account_id]


def bucket_statements(wanted: WantedBucket, reachers: Reachers) -> list[Document]:
    """The bucket's policy: TLS only, KMS only, and the roles of other accounts to their own states."""
    bucket = f"arn:{reachers.partition}:s3:::{wanted.name}"
    encryption = "s3:x-amz-server-side-encryption"
    statements = [
        {
            "Sid": f"{OWN}TlsOnly",
            "Effect": "Deny",
            "Principal": "*",
            "Action": "s3:*",
            "Resource": [bucket, f"{bucket}/*"],
            "Condition": {"Bool": {"aws:SecureTransport": "false"}},
        },
        {
            "Sid": f"{OWN}RecentTlsOnly",
            "Effect": "Deny",
            "Principal": "*",
            "Action": "s3:*",
            "Resource": [bucket, f"{bucket}/*"],
            "Condition": {"NumericLessThan": {"s3:TlsVersion": "1.2"}},
        },
        {
            "Sid": f"{OWN}KmsOnly",  # a request that names no encryption gets the bucket's
            "Effect": "Deny",
            "Principal": "*",
            "Action": "s3:PutObject",
            "Resource": f"{bucket}/*",
            "Condition": {"Null": {encryption: "false"}, "StringNotEquals": {encryption: "aws:kms"}},
        },
    ]
    others = reachers.others(wanted.states)
    if not others or not (reachers.plan or reachers.apply):
        return statements
    accounts = "*" if reachers.organization_id else [access.account_id for access in others]
    principal, condition = _who(reachers, accounts, reachers.plan, reachers.apply)
    statements.append(
        {
            "Sid": f"{OWN}List",  # of the whole bucket: without it a state that is not there yet is one refused
            "Effect": "Allow",
            "Principal": principal,
            "Action": "s3:ListBucket",
            "Resource": bucket,
            "Condition": condition,
        }
    )
    if reachers.organization_id:
        keys = sorted({f"{prefix.partition('/')[0]}/*" for access in others for prefix in access.prefixes})
        return [*statements, *_reaching("Organization", reachers, "*", keys, bucket)]
    for access in others:
        keys = [f"{prefix}*" for prefix in access.prefixes]
        statements += _reaching(access.account_id, reachers, [access.account_id], keys, bucket)
    return statements


def key_statements(region: str, states: Sequence[StateAccess], reachers: Reachers) -> list[Document]:
    """The key's policy: its own account decides by IAM; roles of other accounts use it through S3 only."""
    owner = {"AWS": reachers.account_arn(reachers.account_id)}
    statements: list[Document] = [
        {"Sid": f"{OWN}Owner", "Effect": "Allow", "Principal": owner, "Action": "kms:*", "Resource": "*"}
    ]
    others = reachers.others(states)
    if others and (reachers.plan or reachers.apply):
        accounts = sorted({access.account_id for access in others})
        wanted_by = "*" if reachers.organization_id else accounts
        principal, condition = _who(reachers, wanted_by, reachers.plan, reachers.apply)
        via = {"kms:ViaService": f"s3.{region}.amazonaws.com{'.cn' if reachers.partition == 'aws-cn' else ''}"}
        condition["StringEquals"] = {**condition.get("StringEquals", {}), **via}
        statements.append(
            {
                "Sid": f"{OWN}States",
                "Effect": "Allow",
                "Principal": principal,
                "Action": ["kms:Decrypt", "kms:DescribeKey", "kms:GenerateDataKey"],
                "Resource": "*",
                "Condition": condition,
            }
        )
    return statements


def lifecycle_rules(wanted: WantedBucket) -> list[Document]:
    """Plans go after their expiry; old versions of states stay for a while, as they are what one goes back to."""
    rules: list[Document] = [
        {
            "ID": f"{OWN}OldVersions",
            "Status": "Enabled",
            "Filter": {"Prefix": ""},
            "Expiration": {"ExpiredObjectDeleteMarker": True},
            "NoncurrentVersionExpiration": {"NoncurrentDays": _OLD_DAYS},
            "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": _UPLOAD_DAYS},
        }
    ]
    if wanted.runs_prefix is not None:
        start = f"{wanted.runs_prefix}/" if wanted.runs_prefix else ""
        rules += [
            {
                "ID": f"{OWN}Plans",
                "Status": "Enabled",
                "Filter": {"Prefix": f"{start}plans/"},
                "Expiration": {"Days": wanted.plan_days},
                "NoncurrentVersionExpiration": {"NoncurrentDays": 1},
            },
            {
                "ID": f"{OWN}Lock",  # its lease is renewed every few seconds
                "Status": "Enabled",
                "Filter": {"Prefix": f"{start}lock.json"},
                "NoncurrentVersionExpiration": {"NoncurrentDays": 1},
            },
        ]
    return rules


def merged(present: Iterable[Mapping[str, Any]], own: Iterable[Document], name: str) -> list[Document]:
    """Others' statements or rules as they are, then ours.

    Args:
        present: what there is.
        own: ours.
        name: the field that names them: `Sid` or `ID`.
    """
    return [*(dict(each) for each in present if not str(each.get(name, "")).startswith(OWN)), *own]


def alike(one: Sequence[Mapping[str, Any]], other: Sequence[Mapping[str, Any]]) -> bool:
    """Whether both say the same: AWS gives lists in another order, and lists of one as their only value."""
    return bool(_canonical(list(one)) == _canonical(list(other)))


def policy_text(statements: Iterable[Document]) -> str:
    """A policy as AWS takes it, as short as it can be."""
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)}, separators=(",", ":"))


def _canonical(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _canonical(each) for key, each in value.items()}
    if isinstance(value, list):
        values = sorted((_canonical(each) for each in value), key=lambda each: json.dumps(each, sort_keys=True))
        return values[0] if len(values) == 1 else values
    return value


def _reaching(
    name: str, reachers: Reachers, accounts: str | list[str], keys: list[str], bucket: str
) -> Iterator[Document]:
    states = [f"{bucket}/{key}" for key in keys]
    for verb, actions, roles in (
        ("Read", ["s3:GetObject"], (reachers.plan, reachers.apply)),
        ("Write", ["s3:PutObject", "s3:DeleteObject"], (reachers.apply,)),
    ):
        if any(roles):
            principal, condition = _who(reachers, accounts, *roles)
            yield {
                "Sid": f"{OWN}{verb}{name}",
                "Effect": "Allow",
                "Principal": principal,
                "Action": actions,
                "Resource": states,
                "Condition": condition,
            }


def _who(reachers: Reachers, accounts: str | list[str], *roles: str) -> tuple[Any, Document]:
    """Principal and condition: a role that does not exist yet cannot be a principal, its account can."""
    if isinstance(accounts, str):
        organization = {"StringEquals": {"aws:PrincipalOrgID": reachers.organization_id}}
        return "*", {"ArnLike": {"aws:PrincipalArn": reachers.role_arns("*", *roles)}, **organization}
    arns = reachers.role_arns(accounts[0] if len(accounts) == 1 else "*", *roles)
    return {"AWS": [reachers.account_arn(account) for account in accounts]}, {"ArnLike": {"aws:PrincipalArn": arns}}
