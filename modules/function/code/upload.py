"""Where Lambda gets a package from: the synthesized stack, or a bucket that it is uploaded to."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from typing import Any

import modules.core.engine

from cdktf import AssetType, TerraformAsset, TerraformResourceLifecycle
from cdktf_cdktf_provider_aws.s3_object import (
    S3Object,
    S3ObjectOverrideProvider,
    S3ObjectOverrideProviderDefaultTags,
)
from constructs import Construct

from modules.core.target import Target
from modules.function.code.store import MAX_OBJECT_TAGS, ArtifactStoreConfig
from modules.function.packaging import Package


@dataclass(frozen=True)
class Placed:
    """A package that Lambda can get.

    Attributes:
        filename: path below the synthesized stack; None where it is uploaded.
        s3_bucket: bucket that it is uploaded to.
        s3_key: its key, which holds its SHA-256.
    """

    filename: str | None = None
    s3_bucket: str | None = None
    s3_key: str | None = None


def place_package(
    scope: Construct, package: Package, *, store: ArtifactStoreConfig | None, target: Target, key_arn: str
) -> Placed:
    """Make `package` part of the stack, and upload it where there is a store.

    The new object is made before the old one goes, so a function never points to nothing. An object takes 10 tags;
    where the target's do not fit beside the store's own, it carries the store's only.

    Args:
        scope: what the package belongs to; the file becomes its child `package`, the object `package-object`.
        package: the package.
        store: where to upload it.
        target: names and tags.
        key_arn: KMS key for an object whose store names none; empty for the bucket's own encryption.
    """
    asset = TerraformAsset(scope, "package", path=str(package.path.resolve()), type=AssetType.FILE)
    if store is None:
        return Placed(filename=asset.path)
    sha256 = base64.b64decode(package.sha256_base64).hex()
    place = "/".join((target.name, *scope.node.path.split("/")[1:]))
    crowded = len(target.all_tags | store.tags) > MAX_OBJECT_TAGS
    stored = S3Object(
        scope,
        "package-object",
        bucket=store.bucket,
        key=f"{store.prefix}{place}/{sha256}.zip",
        source=asset.path,
        source_hash=package.sha256_base64,
        content_type="application/zip",
        checksum_algorithm="SHA256",
        storage_class=store.storage_class,
        tags=dict(sorted(store.tags.items())) or None,
        override_provider=_without_default_tags() if crowded else None,
        lifecycle=TerraformResourceLifecycle(create_before_destroy=True),
        **_encryption(store.kms_key_arn or key_arn),
    )
    return Placed(s3_bucket=stored.bucket, s3_key=stored.key)


def _encryption(key_arn: str) -> dict[str, Any]:
    return {"server_side_encryption": "aws:kms", "kms_key_id": key_arn} if key_arn else {}


def _without_default_tags() -> S3ObjectOverrideProvider:
    return S3ObjectOverrideProvider(default_tags=S3ObjectOverrideProviderDefaultTags(tags={}))
