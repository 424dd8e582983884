"""The extension of S3: conditions of bucket policies, and the owner that a request expects."""

from __future__ import annotations

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.local.conftest import REGION, Clients

NAME = "acme-dev-orders-files"
ENCRYPTION = "s3:x-amz-server-side-encryption"


@pytest.fixture
def s3(clients: Clients) -> Any:
    client = clients("s3")
    client.create_bucket(Bucket=NAME, CreateBucketConfiguration={"LocationConstraint": REGION})
    return client


def policy(client: Any, effect: str, condition: dict[str, Any]) -> None:
    statement = {
        "Effect": effect,
        "Principal": "*",
        "Action": "s3:PutObject",
        "Resource": f"arn:aws:s3:::{NAME}/*",
        "Condition": condition,
    }
    client.put_bucket_policy(Bucket=NAME, Policy=json.dumps({"Version": "2012-10-17", "Statement": statement}))


def is_refused(client: Any, **options: Any) -> bool:
    try:
        client.put_object(Bucket=NAME, Key="a", Body=b"", **options)
    except ClientError as error:
        if error.response["ResponseMetadata"]["HTTPStatusCode"] != 403:
            raise
        return True
    return False


def test_requests_count_as_ones_over_tls(s3: Any) -> None:
    policy(s3, "Deny", {"Bool": {"aws:SecureTransport": "false"}})
    assert not is_refused(s3)
    policy(s3, "Deny", {"Bool": {"aws:SecureTransport": ["true"]}})
    assert is_refused(s3)
    policy(s3, "Deny", {"NumericLessThan": {"s3:TlsVersion": ["1.2"]}})
    assert not is_refused(s3)
    policy(s3, "Deny", {"NumericLessThan": {"s3:TlsVersion": "1.4"}})
    assert is_refused(s3)


def test_another_encryption_than_the_one_asked_for_is_refused(s3: Any) -> None:
    policy(s3, "Deny", {"Null": {ENCRYPTION: "false"}, "StringNotEquals": {ENCRYPTION: "aws:kms"}})
    assert not is_refused(s3)
    assert not is_refused(s3, ServerSideEncryption="aws:kms")
    assert is_refused(s3, ServerSideEncryption="AES256")
    policy(s3, "Deny", {"StringNotEquals": {ENCRYPTION: "aws:kms"}})
    assert is_refused(s3)


def test_another_key_than_the_one_asked_for_is_refused(s3: Any) -> None:
    key = f"{ENCRYPTION}-aws-kms-key-id"
    policy(s3, "Deny", {"Null": {key: "false"}, "StringNotEquals": {key: "arn:a"}})
    assert not is_refused(s3)
    assert not is_refused(s3, ServerSideEncryption="aws:kms", SSEKMSKeyId="arn:a")
    assert is_refused(s3, ServerSideEncryption="aws:kms", SSEKMSKeyId="arn:b")


def test_what_is_not_known_denies_and_lets_nobody_in(s3: Any) -> None:
    for condition in ({"StringEquals": {"aws:PrincipalOrgID": "o-1"}}, {"StringLike": {ENCRYPTION: "aws:*"}}):
        policy(s3, "Deny", condition)
        assert is_refused(s3)
        policy(s3, "Allow", condition)
        assert not is_refused(s3)  # by the credentials of the bucket's own account


def test_a_bucket_of_another_account_than_expected_is_refused(s3: Any) -> None:
    other = {"ExpectedBucketOwner": "222233334444"}
    assert is_refused(s3, **other)
    with pytest.raises(ClientError, match="AccessDenied"):
        s3.get_bucket_versioning(Bucket=NAME, **other)
    with pytest.raises(ClientError, match="403"):
        s3.head_bucket(Bucket=NAME, **other)
    with pytest.raises(ClientError, match="404"):
        s3.head_bucket(Bucket="another", **other)
    own = {"ExpectedBucketOwner": "123456789012"}
    assert not is_refused(s3, **own)
    s3.head_bucket(Bucket=NAME, **own)
