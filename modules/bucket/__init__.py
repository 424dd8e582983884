"""S3 buckets that functions read and write, and that logs are delivered to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from modules.bucket.config import BucketConfig, ObjectLockConfig
from modules.core.lazy import on_first_use

if TYPE_CHECKING:
    from modules.bucket.base import BucketBase
    from modules.bucket.construct import Bucket
    from modules.bucket.existing import ExistingBucket

__all__ = ["Bucket", "BucketBase", "BucketConfig", "ExistingBucket", "ObjectLockConfig"]

__getattr__ = on_first_use(__name__, {"Bucket": "construct", "BucketBase": "base", "ExistingBucket": "existing"})
