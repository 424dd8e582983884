"""Objects of one bucket below one prefix: encrypted by KMS, replaced only as long as they are what was read."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

from botocore.exceptions import ClientError

from rollout.adapters.store.aws import asking, status
from rollout.refusals import error_code

_PRECONDITION_FAILED, _CONFLICT, _NOT_FOUND = 412, 409, 404
_ANOTHER_VERSION = {_PRECONDITION_FAILED, _CONFLICT, _NOT_FOUND}
"""What S3 answers to a conditional write: the object is another, is being written, or is gone (S3 user guide)."""


@dataclass(frozen=True)
class Stored:
    """An object as it was read.

    Attributes:
        content: its bytes.
        etag: tells this version of it from every other.
        age_seconds: for how long it is as it is, by the clock of S3.
    """

    content: bytes
    etag: str
    age_seconds: float


class Objects:
    """Reads and writes objects; threads may share it.

    Args:
        client: boto3 client of S3 in the bucket's region; `Any`, as services are chosen at run time.
        bucket: the bucket.
        prefix: what every key begins with, without slash at its ends; may be empty.
        kms_key_id: the KMS key; None for S3's own, `aws/s3`.
    """

    def __init__(self, client: Any, bucket: str, prefix: str, kms_key_id: str | None) -> None:
        self._client = client
        self._bucket = bucket
        self._prefix = f"{prefix}/" if prefix else ""
        self._encryption: dict[str, Any] = {"ServerSideEncryption": "aws:kms", "BucketKeyEnabled": True}
        if kms_key_id:
            self._encryption["SSEKMSKeyId"] = kms_key_id

    @property
    def place(self) -> str:
        """Where they are, as people know it."""
        return f"s3://{self._bucket}/{self._prefix}".rstrip("/")

    def get(self, key: str) -> Stored | None:
        """An object; None where there is none.

        Raises:
            StoreError: it cannot be read.
        """
        with self._asking(key):
            try:
                answer = self._client.get_object(Bucket=self._bucket, Key=self._prefix + key)
            except ClientError as error:
                if error_code(error) == "NoSuchKey":
                    return None
                raise
            return Stored(answer["Body"].read(), answer["ETag"], _age_seconds(answer))

    def put(self, key: str, content: bytes) -> None:
        """Write an object, whatever was there.

        Raises:
            StoreError: it cannot be written.
        """
        with self._asking(key):
            self._put(key, content)

    def put_new(self, key: str, content: bytes) -> str | None:
        """Write an object unless there is one; its ETag, or None where there is one.

        Raises:
            StoreError: it cannot be written.
        """
        return self._put_if(key, content, IfNoneMatch="*")

    def replace(self, key: str, content: bytes, etag: str) -> str | None:
        """Write an object as long as it is what was read; its new ETag, or None where it is not.

        Raises:
            StoreError: it cannot be written.
        """
        return self._put_if(key, content, IfMatch=etag)

    def listed(self, below: str) -> Iterator[tuple[str, str]]:
        """Keys below a prefix, without it, and ETags.

        Raises:
            StoreError: they cannot be listed.
        """
        start = self._prefix + below
        with self._asking(below):
            for page in self._client.get_paginator("list_objects_v2").paginate(Bucket=self._bucket, Prefix=start):
                for found in page.get("Contents", ()):
                    yield found["Key"][len(start) :], found["ETag"]

    def folders(self, below: str) -> Iterator[str]:
        """Names between a prefix and the next slash.

        Raises:
            StoreError: they cannot be listed.
        """
        start = self._prefix + below
        pages = self._client.get_paginator("list_objects_v2")
        with self._asking(below):
            for page in pages.paginate(Bucket=self._bucket, Prefix=start, Delimiter="/"):
                for found in page.get("CommonPrefixes", ()):
                    yield found["Prefix"][len(start) : -1]

    def _put_if(self, key: str, content: bytes, **condition: str) -> str | None:
        with self._asking(key):
            try:
                return self._put(key, content, **condition)
            except ClientError as error:
                if status(error) not in _ANOTHER_VERSION or error_code(error) == "NoSuchBucket":
                    raise
                was_sent_again = error.response["ResponseMetadata"].get("RetryAttempts", 0) > 0
        # A request whose answer was lost is sent again by botocore, and then finds what it wrote itself.
        found = self.get(key) if was_sent_again else None
        return found.etag if found is not None and found.content == content else None

    def _put(self, key: str, content: bytes, **condition: str) -> str:
        answer = self._client.put_object(
            Bucket=self._bucket, Key=self._prefix + key, Body=content, **self._encryption, **condition
        )
        return str(answer["ETag"])

    @contextmanager
    def _asking(self, key: str) -> Iterator[None]:
        with asking(f"{self.place}/{key}"):
            yield


def _age_seconds(answer: dict[str, Any]) -> float:
    sent = answer["ResponseMetadata"].get("HTTPHeaders", {}).get("date")
    now = parsedate_to_datetime(sent) if sent else datetime.now(UTC)
    age: float = (now - answer["LastModified"]).total_seconds()
    return age
