"""S3 buckets that functions read and write, and that logs are delivered to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from modules.bucket.config import BucketConfig, ObjectLockConfig

if TYPE_CHECKING:
    from modules.bucket.base import BucketBase
    from modules.bucket.construct import Bucket
    from modules.bucket.existing import ExistingBucket

__all__ = ["Bucket", "BucketBase", "BucketConfig", "ExistingBucket", "ObjectLockConfig"]


def __getattr__(name: str) -> object:
    """Import the constructs, and with them the engine, on first use only."""
    if name == "Bucket":
        from modules.bucket.construct import Bucket

        return Bucket
    if name == "BucketBase":
        from modules.bucket.base import BucketBase

        return BucketBase
    if name == "ExistingBucket":
        from modules.bucket.existing import ExistingBucket

        return ExistingBucket
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
