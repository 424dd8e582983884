"""What a function resource takes of its code, as plain data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

CODE_ARGUMENTS = ("filename", "image_uri", "s3_bucket", "s3_key", "s3_object_version", "source_code_hash")
"""Arguments of `aws_lambda_function` that another deployment may change."""


@dataclass(frozen=True)
class CodeArguments:
    """The code of one function.

    Attributes:
        package_type: `Zip` or `Image`.
        architecture: instruction set.
        handler: None for an image.
        runtime: None for an image.
        filename: path of the package in the synthesized stack.
        source_code_hash: SHA-256 of the package in base64.
        s3_bucket: bucket that Lambda reads the package from, instead of `filename`.
        s3_key: key of the package.
        s3_object_version: version of the package.
        image_uri: the image instead of a package.
        image_config: `LambdaFunctionImageConfig`, where anything of the image is replaced.
        ignore_changes: arguments that Terraform leaves alone after creation, for the resource's lifecycle.
        dependencies: resources that must exist before the function does.
        unzipped_bytes: size of the package's files, where known.
    """

    package_type: str
    architecture: str
    handler: str | None = None
    runtime: str | None = None
    filename: str | None = None
    source_code_hash: str | None = None
    s3_bucket: str | None = None
    s3_key: str | None = None
    s3_object_version: str | None = None
    image_uri: str | None = None
    image_config: Any = None
    ignore_changes: tuple[str, ...] = ()
    dependencies: tuple[Any, ...] = ()
    unzipped_bytes: int | None = None

    @property
    def arguments(self) -> dict[str, Any]:
        """Keyword arguments of `LambdaFunction`; those that are None keep the JSON as it is."""
        names = ("package_type", "handler", "runtime", "image_config", *CODE_ARGUMENTS)
        return {name: getattr(self, name) for name in names} | {"architectures": [self.architecture]}
