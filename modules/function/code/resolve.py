"""From a code's configuration to what the function resource takes; packages are built here, at synth."""

from __future__ import annotations

from pathlib import Path

import modules.core.engine

from cdktf import AssetType, TerraformAsset
from constructs import Construct

from modules.core.errors import ConfigError
from modules.core.target import Target
from modules.function.code.arguments import CODE_ARGUMENTS, CodeArguments
from modules.function.code.config import Code, PythonCode
from modules.function.packaging import build_package

PACKAGE_FOLDER = Path("build") / "packages"
"""Where packages are written before the engine copies them into the synthesized stack."""


def resolve_code(scope: Construct, config: Code, *, target: Target) -> CodeArguments:
    """Build, check or name the code of the function `scope`.

    Args:
        scope: the function; a package becomes its child `package`, an uploaded one `package-object`.
        config: any kind of code.
        target: where the function goes.

    Raises:
        ConfigError: the code does not fit the target, cannot be packaged, or Lambda would refuse it.
    """
    config.require(target, where=scope.node.path)
    if not isinstance(config, PythonCode):
        raise NotImplementedError(config.kind)
    try:
        package = build_package(
            config.source,
            handler=config.handler,
            runtime=config.runtime,
            architecture=config.architecture,
            lock=config.lock,
            output=PACKAGE_FOLDER / target.name / f"{scope.node.id}.zip",
        )
    except ConfigError as error:
        raise error.within(scope.node.path) from None
    asset = TerraformAsset(scope, "package", path=str(package.path.resolve()), type=AssetType.FILE)
    return CodeArguments(
        package_type="Zip",
        architecture=config.architecture,
        handler=config.handler,
        runtime=config.runtime,
        filename=asset.path,
        source_code_hash=package.sha256_base64,
        ignore_changes=CODE_ARGUMENTS if config.deployed_elsewhere_reason else (),
        unzipped_bytes=package.unzipped_bytes,
    )
