"""A Lambda layer, packaged at synth."""

from __future__ import annotations

import modules.core.engine

from cdktf import TerraformResourceLifecycle, Token
from cdktf_cdktf_provider_aws.lambda_layer_version import LambdaLayerVersion
from cdktf_cdktf_provider_aws.lambda_layer_version_permission import LambdaLayerVersionPermission
from constructs import Construct

from modules.core.context import target_of
from modules.core.errors import ConfigError
from modules.core.target import Target
from modules.function.code.resolve import package_path
from modules.function.code.upload import place_package
from modules.function.layer_config import LayerConfig
from modules.function.packaging import Package, build_layer
from modules.key import KeyBase

_MAX_NAME_LENGTH = 64  # lambda API model takes 140 with the ARN; 64 as for functions


class Layer(Construct):
    """One layer, whose version is replaced whenever its content changes; the new version comes before the old one goes.

    Attributes:
        name: the layer's name.
        arn: ARN of its present version, as a token.
        config: what it was built from.
        unzipped_bytes: size of its files, in bytes.

    Raises:
        ConfigError: the layer cannot be packaged, or is larger than Lambda takes.
    """

    def __init__(self, scope: Construct, construct_id: str, *, config: LayerConfig, key: KeyBase | None = None) -> None:
        """Make the layer.

        Args:
            scope: the stack, or a construct of it.
            construct_id: id below `scope`; last part of the layer's name.
            config: everything about the layer.
            key: encrypts the package in a store that names no key.
        """
        super().__init__(scope, construct_id)
        target = target_of(self)
        config.require(target, where=self.node.path)
        self.config = config
        self.name = target.naming.name(construct_id, max_length=_MAX_NAME_LENGTH)
        package = self._package(target)
        self.unzipped_bytes = package.unzipped_bytes
        placed = place_package(self, package, store=config.store, target=target, key_arn=key.arn if key else "")
        self._version = LambdaLayerVersion(
            self,
            "version",
            layer_name=self.name,
            description=config.description or None,
            license_info=config.license or None,
            compatible_runtimes=sorted(config.compatible_runtimes),
            compatible_architectures=sorted(config.compatible_architectures),
            filename=placed.filename,
            s3_bucket=placed.s3_bucket,
            s3_key=placed.s3_key,
            source_code_hash=package.sha256_base64,
            skip_destroy=config.keep_versions or None,
            lifecycle=TerraformResourceLifecycle(create_before_destroy=True),
        )
        self.arn: str = self._version.arn
        self._share(config)

    def _package(self, target: Target) -> Package:
        config = self.config
        try:
            return build_layer(
                name=self.node.id,
                source=config.source,
                lock=config.lock,
                family=config.family,
                root=config.root,
                runtimes=config.compatible_runtimes,
                architectures=config.compatible_architectures,
                exclude=config.exclude,
                direct=config.store is None,
                output=package_path(self, target),
            )
        except ConfigError as error:
            raise error.within(self.node.path) from None

    def _share(self, config: LayerConfig) -> None:
        """One permission at most: the AWS provider reads the first of a version only (terraform-provider-aws#44668)."""
        if config.account_id is None and config.organization_id is None:
            return
        LambdaLayerVersionPermission(
            self,
            "permission",
            layer_name=self.name,
            version_number=Token.as_number(self._version.version),
            statement_id="others-use",
            action="lambda:GetLayerVersion",
            principal=config.account_id or "*",
            organization_id=config.organization_id,
            skip_destroy=config.keep_versions or None,
        )
