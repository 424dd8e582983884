"""Where packages are kept: an S3 bucket that exists."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

from pydantic import Field

from modules.core import limits
from modules.core.config import ConfigModel
from modules.core.errors import Problem
from modules.core.fields import Matching, OneOf, Text, bucket_name
from modules.core.target import Target
from modules.core.tokens import is_token

BucketName = Annotated[str, bucket_name(literal=False)]
STORAGE_CLASSES = ("STANDARD", "STANDARD_IA", "ONEZONE_IA", "INTELLIGENT_TIERING", "GLACIER_IR")
"""Storage classes that are read at once; Lambda cannot wait for a restore (S3 guide, storage classes)."""

MAX_OBJECT_TAGS = 10
"""Tags of one S3 object (S3 API reference, PutObjectTagging)."""


class ArtifactStoreConfig(ConfigModel):
    """A bucket for packages: each is uploaded under a key that holds its SHA-256, and the function reads it there.

    The principal that runs Terraform reads the object for Lambda, so it needs `s3:GetObject`, and `kms:Decrypt` with
    the key.
    """

    bucket: BucketName = Field(description="Bucket in the function's region; it exists.")
    prefix: Annotated[
        str,
        Matching(
            r"(?:[A-Za-z0-9!_.*'()=-]+/)*", "a prefix is empty or folders, each followed by a slash", "correct it",
            512, literal=True,
        ),
    ] = Field(default="", description="Beginning of every key, such as packages/.")  # fmt: skip
    kms_key_arn: (
        Annotated[
            str,
            Matching(
                rf"arn:aws(?:-cn|-us-gov)?:kms:{limits.REGION}:\d{{12}}:key/(?:mrk-)?[a-f0-9-]{{32,36}}",
                "a KMS key's ARN names region, account and key id",
                "copy it from AWS KMS",
            ),
        ]
        | None
    ) = Field(default=None, description="KMS key for the objects; by default the stack's.")
    storage_class: Annotated[str, OneOf(STORAGE_CLASSES, "a storage class")] = Field(
        default="STANDARD", description="S3 storage class; those that are read at once."
    )
    tags: dict[Text, Text] = Field(
        default_factory=dict,
        description="Tags of the objects, at most 10; where the target's do not fit beside them, these only.",
    )

    def cross_checks(self) -> Iterator[Problem]:
        """As many tags as an object takes."""
        if len(self.tags) > MAX_OBJECT_TAGS:
            yield Problem(
                "", f"tags has {len(self.tags)} entries", "an S3 object takes 10 (S3 API reference)", "remove some"
            )

    def target_checks(self, target: Target) -> Iterator[Problem]:
        """A KMS key of the target's region."""
        arn = self.kms_key_arn
        if arn and not is_token(arn) and arn.split(":")[3] != target.region:
            yield Problem(
                "",
                f'store.kms_key_arn is "{arn}"',
                f"S3 encrypts with keys of the bucket's region, which is the function's, {target.region}",
                "name a key of that region",
            )
