"""The alias under which a function is invoked, and what is kept ready for it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import modules.core.engine

from cdktf import TerraformResourceLifecycle
from cdktf_cdktf_provider_aws.lambda_alias import LambdaAlias, LambdaAliasRoutingConfig
from constructs import Construct

from modules.function.alias_config import AliasConfig

if TYPE_CHECKING:
    from cdktf_cdktf_provider_aws.lambda_provisioned_concurrency_config import LambdaProvisionedConcurrencyConfig

_VERSION, _ROUTING = "function_version", "routing_config"


class FunctionAlias(Construct):
    """An alias of a function.

    A new function publishes its first version in the apply that makes the alias, so that neither waits for another one.

    Attributes:
        name: the alias, as it was given.
        qualifier: the same as a token, so that who uses it waits for the alias.
        arn: ARN with the alias, as a token.
        invoke_arn: the same as API Gateway wants it, as a token.
        function_name: the function's name, as a token.
        resource: the alias in Terraform.
        shift: `at_once`, or `codedeploy` where CodeDeploy moves the alias.
        provisioned: its provisioned concurrency in Terraform; None without any.
    """

    def __init__(
        self, scope: Construct, construct_id: str, *, config: AliasConfig, function_name: str, version: str
    ) -> None:
        """Make the alias.

        Args:
            scope: the function.
            construct_id: id below it.
            config: which version, and how a new one takes over.
            function_name: the function's name, as a token.
            version: number of the version that was published last, as a token.
        """
        super().__init__(scope, construct_id)
        ignored = ignored_changes(config)
        self.name, self.shift, self.function_name = config.name, config.shift, function_name
        self.resource = LambdaAlias(
            self,
            "lambda-alias",
            name=config.name,
            description=config.description or None,
            function_name=function_name,
            function_version=version if config.version is None else str(config.version),
            routing_config=_routing(config),
            lifecycle=TerraformResourceLifecycle(ignore_changes=list(ignored)) if ignored else None,
        )
        self.qualifier: str = self.resource.name
        self.arn: str = self.resource.arn
        self.invoke_arn: str = self.resource.invoke_arn
        self.provisioned: LambdaProvisionedConcurrencyConfig | None = None
        if config.provisioned_concurrency is not None:
            from modules.function.provisioned import provision  # noqa: PLC0415  # few functions have any

            self.provisioned = provision(
                self, config.provisioned_concurrency, thing=scope.node.id, alias=self.resource, name=function_name
            )

    def of(self, qualifier: str) -> str:
        """`qualifier`, as a token if it is this alias, so that what names it waits for it."""
        return self.qualifier if qualifier == self.name else qualifier

    @property
    def dependencies(self) -> tuple[Any, ...]:
        """What must exist before the alias is invoked."""
        return (self.resource,)


def ignored_changes(config: AliasConfig) -> tuple[str, ...]:
    """Arguments of the alias that somebody else changes.

    CodeDeploy moves version and weights. With provisioned concurrency Lambda sets weights by itself: the old version is
    invoked until the new one has its environments.
    """
    if config.shift == "codedeploy":
        return (_VERSION, _ROUTING)
    return (_ROUTING,) if config.provisioned_concurrency is not None else ()


def _routing(config: AliasConfig) -> LambdaAliasRoutingConfig | None:
    if config.routing is None:
        return None
    weights = {str(config.routing.additional_version): config.routing.weight}
    return LambdaAliasRoutingConfig(additional_version_weights=weights)
