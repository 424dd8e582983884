"""Code that exists: a zip archive, an object in S3, a container image."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field

from modules.core import limits
from modules.core.errors import Problem
from modules.core.fields import Matching, Reason
from modules.core.target import Target
from modules.core.tokens import is_token
from modules.function.code.fields import CodeModel, FileCode, ManagedCode
from modules.function.code.store import BucketName


class ZipCode(FileCode):
    """A zip archive that exists when the stack is synthesized."""

    kind: Literal["zip"] = "zip"
    path: Path = Field(description="The archive; relative paths start at the working directory.")


class S3Code(ManagedCode):
    """A zip archive in S3, in the function's region."""

    kind: Literal["s3"] = "s3"
    bucket: BucketName = Field(description="Bucket that holds the archive.")
    key: Annotated[
        str, Matching(r"[^\0]+", "an S3 key has 1 to 1024 characters (S3 API reference)", "correct it", 1024)
    ] = Field(description="The archive's key.")
    object_version: (
        Annotated[str, Matching(r"\S+", "an object version has 1 to 1024 characters", "correct it", 1024)] | None
    ) = Field(default=None, description="Version of the object, in a bucket that keeps versions.")
    source_code_hash: (
        Annotated[
            str,
            Matching(
                r"[A-Za-z0-9+/]{43}=", "it is a SHA-256 in base64, as CodeSha256 of Lambda shows it", "correct it"
            ),
        ]
        | None
    ) = Field(default=None, description="SHA-256 of the archive in base64; a new one deploys the code.")
    unversioned_reason: Reason = Field(
        default="", description="Why neither version nor hash is given, such as a key that is never written twice."
    )

    def cross_checks(self) -> Iterator[Problem]:
        """Something tells Terraform that the archive has changed."""
        yield from super().cross_checks()
        told = self.object_version or self.source_code_hash
        if not told and not self.unversioned_reason and not self.deployed_elsewhere_reason:
            yield Problem(
                "",
                "object_version and source_code_hash are missing",
                "Terraform does not see that an object under the same key has changed",
                "set one of them, or unversioned_reason",
            )


_IMAGE = re.compile(
    rf"\d{{12}}\.dkr\.ecr(?:-fips)?\.(?P<region>{limits.REGION})\.amazonaws\.com(?:\.cn)?/"
    r"[a-z0-9]+(?:[._/-][a-z0-9]+)*(?::(?P<tag>[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}))?(?P<digest>@sha256:[0-9a-f]{64})?"
)
_ImageText = Annotated[str, Matching(r"[^\0]+", "it is text of at most 1000 characters", "shorten it", 1000)]


class ImageCode(CodeModel):
    """A container image in a private ECR repository of the function's region."""

    kind: Literal["image"] = "image"
    uri: Annotated[
        str,
        Matching(
            f"(?:{_IMAGE.pattern})".replace("?P<region>", "").replace("?P<tag>", "").replace("?P<digest>", ""),
            "an image URI reads like 123456789012.dkr.ecr.eu-west-1.amazonaws.com/name@sha256:...",
            "copy it from Amazon ECR",
        ),
    ] = Field(description="URI of the image with its digest.")
    tag_reason: Reason = Field(
        default="", description="Why uri names a tag and no digest: Lambda then runs what the tag meant at deployment."
    )
    command: tuple[_ImageText, ...] = Field(default=(), description="Replaces the image's CMD.")
    entry_point: tuple[_ImageText, ...] = Field(default=(), description="Replaces the image's ENTRYPOINT.")
    working_directory: (
        Annotated[str, Matching(r"/[^\0]*", "it is an absolute path of at most 1000 characters", "correct it", 1000)]
        | None
    ) = Field(default=None, description="Replaces the image's WORKDIR.")

    @property
    def runtime(self) -> str:
        """Empty: the image brings its own."""
        return ""

    def cross_checks(self) -> Iterator[Problem]:
        """A digest, and a configuration that Lambda takes."""
        found = _IMAGE.fullmatch(self.uri)
        if found and not found["digest"] and not self.tag_reason:
            yield Problem(
                "",
                f'uri is "{self.uri}", without a digest',
                "a tag may come to mean another image, and Terraform does not see it",
                "add @sha256: and the digest, or set tag_reason",
            )
        size = sum(len(text.encode()) for text in (*self.command, *self.entry_point, self.working_directory or ""))
        if size > limits.LAMBDA_MAX_IMAGE_CONFIG_BYTES and not is_token((self.command, self.entry_point)):
            yield Problem(
                "",
                f"command, entry_point and working_directory take {size} bytes",
                f"Lambda takes {limits.LAMBDA_MAX_IMAGE_CONFIG_BYTES} (Lambda quotas)",
                "shorten them",
            )

    def target_checks(self, target: Target) -> Iterator[Problem]:
        """An image of the target's region."""
        found = _IMAGE.fullmatch(self.uri)
        if found and found["region"] != target.region:
            yield Problem(
                "",
                f'code.uri is "{self.uri}"',
                f"Lambda takes images of its own region, {target.region} (Lambda guide, container images)",
                "replicate the image to that region, and name it there",
            )
