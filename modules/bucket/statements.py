"""Statements about a bucket: what a role may do with it, and what its own policy says."""

from __future__ import annotations

from collections.abc import Iterator

from modules.core import limits
from modules.core.errors import Problem
from modules.core.statements import Condition, Principal, Statement
from modules.core.target import Target
from modules.core.tokens import is_token

READ_ACTIONS = ("s3:GetObject", "s3:GetObjectVersion")
WRITE_ACTIONS = ("s3:AbortMultipartUpload", "s3:DeleteObject", "s3:ListMultipartUploadParts", "s3:PutObject")
_ANYBODY = (Principal("AWS", ("*",)),)
_ENCRYPTION = "s3:x-amz-server-side-encryption"
_KEY = f"{_ENCRYPTION}-aws-kms-key-id"
_WILDCARDS = "*?$"
_OLDEST_TLS = "1.2"
_HIVE_ACCOUNT = "aws-account-id="  # before the account in the folders of Hive-compatible partitions (VPC guide)


def prefix_problems(prefix: str) -> Iterator[Problem]:
    """Why a prefix would scope a permission to something else than one folder."""
    if is_token(prefix):
        yield Problem("", "prefix is known only later", "names of statements are made of it", "write the prefix itself")
    elif prefix and (
        not prefix.endswith("/")
        or prefix.startswith("/")
        or any(mark in prefix for mark in _WILDCARDS)
        or len(prefix) > limits.S3_MAX_KEY_LENGTH
    ):
        yield Problem(
            "",
            f'prefix is "{prefix}"',
            "it ends in / and does not begin with it, so that it names one folder, and has none of * ? $ (IAM guide)",
            "correct it, such as orders/",
        )


def read_statements(word: str, bucket_arn: str, prefix: str) -> tuple[Statement, ...]:
    """Read the objects below a prefix, and list their names, without which a missing object reads as a denial."""
    below = (Condition("StringLike", "s3:prefix", (prefix, f"{prefix}*")),) if prefix else ()
    return (
        Statement(f"Read{word}", READ_ACTIONS, (f"{bucket_arn}/{prefix}*",)),
        Statement(f"List{word}", ("s3:ListBucket",), (bucket_arn,), conditions=below),
    )


def write_statements(word: str, bucket_arn: str, prefix: str) -> tuple[Statement, ...]:
    """Put and delete the objects below a prefix; the versions stay."""
    return (Statement(f"Write{word}", WRITE_ACTIONS, (f"{bucket_arn}/{prefix}*",)),)


def key_statement(word: str, *, bucket_arn: str, key_arn: str, target: Target, writes: bool) -> Statement:
    """Use the bucket's key through S3, for this bucket only; a multipart upload decrypts what it has written."""
    return Statement(
        f"{'Encrypt' if writes else 'Decrypt'}{word}",
        ("kms:Decrypt", "kms:GenerateDataKey") if writes else ("kms:Decrypt",),
        (key_arn,),
        conditions=(
            Condition("StringEquals", "kms:ViaService", (f"s3.{target.region}.amazonaws.com",)),
            Condition("StringLike", "kms:EncryptionContext:aws:s3:arn", (bucket_arn, f"{bucket_arn}/*")),
        ),
    )


def protection_statements(bucket_arn: str, key_arn: str) -> tuple[Statement, ...]:
    """What every bucket denies to everybody: requests without TLS, and objects under another key than its own.

    An upload that names no encryption gets the bucket's own; only one that names another is denied. Keys that a client
    brings itself (SSE-C) S3 refuses on its own (S3 guide, new buckets since April 2026).
    """
    everything = (bucket_arn, f"{bucket_arn}/*")
    objects = (f"{bucket_arn}/*",)
    denied = [
        _denied("TlsOnly", ("s3:*",), everything, Condition("Bool", "aws:SecureTransport", ("false",))),
        _denied("RecentTlsOnly", ("s3:*",), everything, Condition("NumericLessThan", "s3:TlsVersion", (_OLDEST_TLS,))),
    ]
    if key_arn:
        denied += [
            _denied(
                "KmsOnly",
                ("s3:PutObject",),
                objects,
                Condition("Null", _ENCRYPTION, ("false",)),
                Condition("StringNotEquals", _ENCRYPTION, ("aws:kms",)),
            ),
            _denied(
                "OwnKeyOnly",
                ("s3:PutObject",),
                objects,
                Condition("Null", _KEY, ("false",)),
                Condition("StringNotEquals", _KEY, (key_arn,)),
            ),
        ]
    return tuple(denied)


def log_delivery_statements(bucket_arn: str, target: Target, prefix: str = "") -> tuple[Statement, ...]:
    """What lets CloudWatch's log delivery write here, such as VPC flow logs of this account and region."""
    service = (Principal("Service", ("delivery.logs.amazonaws.com",)),)
    return (
        Statement(
            "LogDeliveryWrites",
            ("s3:PutObject",),
            tuple(f"{bucket_arn}/{prefix}AWSLogs/{owner}{target.account_id}/*" for owner in ("", _HIVE_ACCOUNT)),
            principals=service,
            conditions=(
                Condition("StringEquals", "s3:x-amz-acl", ("bucket-owner-full-control",)),
                *_this_account(target),
            ),
        ),
        Statement(
            "LogDeliveryLooks",
            ("s3:GetBucketAcl", "s3:ListBucket"),
            (bucket_arn,),
            principals=service,
            conditions=_this_account(target),
        ),
    )


def log_delivery_key_statement(target: Target) -> Statement:
    """What lets log delivery encrypt with the bucket's key; in a key policy `*` is the key itself."""
    return Statement(
        "LogDeliveryEncrypts",
        ("kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:GenerateDataKey*", "kms:ReEncrypt*"),
        ("*",),
        principals=(Principal("Service", ("delivery.logs.amazonaws.com",)),),
        conditions=_this_account(target),
    )


def access_log_statement(word: str, *, bucket_arn: str, prefix: str, source_arn: str, target: Target) -> Statement:
    """What lets S3 deliver the access log of another bucket here."""
    return Statement(
        f"AccessLogOf{word}",
        ("s3:PutObject",),
        (f"{bucket_arn}/{prefix}*",),
        principals=(Principal("Service", ("logging.s3.amazonaws.com",)),),
        conditions=(
            Condition("ArnLike", "aws:SourceArn", (source_arn,)),
            Condition("StringEquals", "aws:SourceAccount", (target.account_id,)),
        ),
    )


def _denied(sid: str, actions: tuple[str, ...], resources: tuple[str, ...], *conditions: Condition) -> Statement:
    return Statement(sid, actions, resources, effect="Deny", principals=_ANYBODY, conditions=conditions)


def _this_account(target: Target) -> tuple[Condition, ...]:
    return (
        Condition("StringEquals", "aws:SourceAccount", (target.account_id,)),
        Condition("ArnLike", "aws:SourceArn", (target.arn("logs", "*"),)),
    )
