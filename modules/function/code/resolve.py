"""From a code's configuration to what the function resource takes; packages are built here, at synth."""

from __future__ import annotations

from pathlib import Path
from typing import assert_never

import modules.core.engine

from cdktf_cdktf_provider_aws.lambda_function import LambdaFunctionImageConfig
from constructs import Construct

from modules.core.errors import ConfigError
from modules.core.target import Target
from modules.function.code.arguments import CODE_ARGUMENTS, CodeArguments
from modules.function.code.config import BuildCode, Code, InlineCode, NodeCode, PythonCode
from modules.function.code.existing import ImageCode, S3Code, ZipCode
from modules.function.code.upload import place_package
from modules.function.packaging import (
    Package,
    build_node_package,
    build_other_package,
    build_package,
    build_text_package,
    check_archive,
)

PACKAGE_FOLDER = Path("build") / "packages"
"""Where packages are written before the engine copies them into the synthesized stack."""

PackagedCode = PythonCode | NodeCode | BuildCode | ZipCode | InlineCode


def resolve_code(scope: Construct, config: Code, *, target: Target, key_arn: str = "") -> CodeArguments:
    """Build, check or name the code of the function `scope`.

    Args:
        scope: the function; a package becomes its child `package`, an uploaded one `package-object`.
        config: any kind of code.
        target: where the function goes.
        key_arn: KMS key for a package that is uploaded to a store that names none.

    Raises:
        ConfigError: the code does not fit the target, cannot be packaged, or Lambda would refuse it.
    """
    config.require(target, where=scope.node.path)
    ignored = CODE_ARGUMENTS if config.deployed_elsewhere_reason else ()
    if isinstance(config, ImageCode):
        return CodeArguments(
            package_type="Image",
            architecture=config.architecture,
            image_uri=config.uri,
            image_config=_image_config(config),
            ignore_changes=ignored,
        )
    if isinstance(config, S3Code):
        return CodeArguments(
            package_type="Zip",
            architecture=config.architecture,
            handler=config.handler,
            runtime=config.runtime,
            source_code_hash=config.source_code_hash,
            s3_bucket=config.bucket,
            s3_key=config.key,
            s3_object_version=config.object_version,
            ignore_changes=ignored,
        )
    try:
        package = _built(config, package_path(scope, target))
    except ConfigError as error:
        raise error.within(scope.node.path) from None
    placed = place_package(scope, package, store=config.store, target=target, key_arn=key_arn)
    return CodeArguments(
        package_type="Zip",
        architecture=config.architecture,
        handler=config.handler,
        runtime=config.runtime,
        filename=placed.filename,
        source_code_hash=package.sha256_base64,
        s3_bucket=placed.s3_bucket,
        s3_key=placed.s3_key,
        ignore_changes=ignored,
        unzipped_bytes=package.unzipped_bytes,
    )


def package_path(scope: Construct, target: Target) -> Path:
    """Where the package of `scope` is written: a place of its own below `PACKAGE_FOLDER`."""
    return PACKAGE_FOLDER.joinpath(target.name, *scope.node.path.split("/")[1:-1], f"{scope.node.id}.zip")


def _built(config: PackagedCode, output: Path) -> Package:
    direct = config.store is None
    if isinstance(config, InlineCode):
        return build_text_package(
            config.text,
            handler=config.handler,
            runtime=config.runtime,
            architecture=config.architecture,
            direct=direct,
            output=output,
        )
    handler = None if config.handler_in_layer else config.handler
    match config:
        case PythonCode():
            return build_package(
                config.source,
                handler=handler,
                runtime=config.runtime,
                architecture=config.architecture,
                lock=config.lock,
                exclude=config.exclude,
                command=config.build_command,
                command_output=config.build_output,
                direct=direct,
                output=output,
            )
        case NodeCode():
            return build_node_package(
                config.source,
                handler=handler,
                architecture=config.architecture,
                exclude=config.exclude,
                command=config.build_command,
                command_output=config.build_output,
                direct=direct,
                output=output,
            )
        case BuildCode():
            assert config.build_output is not None  # noqa: S101  # the model's cross_checks
            return build_other_package(
                config.source,
                handler=handler,
                runtime=config.runtime,
                architecture=config.architecture,
                exclude=config.exclude,
                command=config.build_command,
                command_output=config.build_output,
                direct=direct,
                output=output,
            )
        case ZipCode():
            return check_archive(
                config.path,
                handler=handler,
                runtime=config.runtime,
                architecture=config.architecture,
                direct=direct,
            )
        case _:
            assert_never(config)


def _image_config(config: ImageCode) -> LambdaFunctionImageConfig | None:
    if not (config.command or config.entry_point or config.working_directory):
        return None
    return LambdaFunctionImageConfig(
        command=list(config.command) or None,
        entry_point=list(config.entry_point) or None,
        working_directory=config.working_directory,
    )
