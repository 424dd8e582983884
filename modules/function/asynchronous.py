"""The asynchronous paths of a function: retries, age, and where records go, for each version and alias of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import modules.core.engine

from cdktf_cdktf_provider_aws.lambda_function_event_invoke_config import (
    LambdaFunctionEventInvokeConfig,
    LambdaFunctionEventInvokeConfigDestinationConfig,
    LambdaFunctionEventInvokeConfigDestinationConfigOnFailure,
    LambdaFunctionEventInvokeConfigDestinationConfigOnSuccess,
)
from constructs import Construct

from modules.core.destinations import DestinationLike, EventDestination
from modules.core.errors import ConfigError
from modules.function.asynchronous_config import AsynchronousConfig, AsynchronousInvocationConfig
from modules.function.destinations import destination_of, named
from modules.function.destinations_config import DestinationConfig
from modules.function.role import FunctionRole
from modules.queue import QueueBase

if TYPE_CHECKING:
    from modules.function.alias import FunctionAlias

_LATEST = "$LATEST"


class AsynchronousPaths:
    """What Lambda does with events of a function and of each of its versions and aliases.

    Attributes:
        has_destinations: whether records are sent anywhere.
    """

    def __init__(
        self, scope: Construct, *, function_name: str, role: FunctionRole, alias: FunctionAlias | None = None
    ) -> None:
        """Begin without any.

        Args:
            scope: the function.
            function_name: its name, as a token.
            role: gets what sending takes.
            alias: the function's alias, which gets a path like that of the unqualified function.
        """
        self._scope, self._function_name, self._role, self._alias = scope, function_name, role, alias
        self._added: dict[str, str] = {}
        self.has_destinations = False

    def add(
        self,
        construct_id: str,
        config: AsynchronousInvocationConfig,
        *,
        qualifier: str | None = None,
        on_success: DestinationLike | None = None,
        on_failure: DestinationLike | None = None,
    ) -> None:
        """Tell Lambda how to handle events of one qualifier, and let the role send where they go.

        Lambda tries the role's permissions when it is told of a destination, so they come first.

        Args:
            construct_id: id of the resource; part of the sids of the role's statements.
            config: retries, age, destinations by ARN.
            qualifier: version or alias; None for the function, which is `$LATEST`.
            on_success: destination of the suite's, instead of the configuration's.
            on_failure: likewise.

        Raises:
            ConfigError: a destination is given twice, successes would go to a bucket, or a qualifier has dead letters
                or a path already, or is `$LATEST` or the function's own alias.
        """
        if qualifier is not None and isinstance(config, AsynchronousConfig):
            raise self._error(
                f'asynchronous path "{construct_id}" has an AsynchronousConfig, with dead_letters',
                "Lambda keeps dead letters for the whole function (lambda API model, DeadLetterConfig)",
                "give it an AsynchronousInvocationConfig",
            )
        if qualifier is not None:
            self._claim(qualifier, construct_id)
        succeeded = self._destination("on_success", config.on_success, on_success)
        failed = self._destination("on_failure", config.on_failure, on_failure)
        if succeeded is not None and succeeded.kind == "s3":
            raise self._error(
                "on_success is a bucket",
                "Lambda writes only the records of failed events to S3 (Lambda guide, destinations)",
                "use a queue, topic, function or event bus",
            )
        waits: list[Any] = []
        for outcome, destination in (("on-success", succeeded), ("on-failure", failed)):
            if destination is not None:
                self.has_destinations = True
                reason = outcome if qualifier is None else f"{outcome}-{construct_id}"
                self._role.grant(*named(reason, destination.statements))
                waits += destination.dependencies
        waits += self._role.dependencies
        names = sorted({f"{each.terraform_resource_type}.{each.friendly_unique_id}" for each in waits})
        paths = {construct_id: qualifier}
        if qualifier is None and self._alias is not None:
            paths[f"{construct_id}-alias"] = self._alias.qualifier
        for path_id, of in paths.items():
            path = LambdaFunctionEventInvokeConfig(
                self._scope,
                path_id,
                function_name=self._function_name,
                qualifier=of,
                maximum_event_age_in_seconds=config.max_event_age_seconds,
                maximum_retry_attempts=config.max_retries,
                destination_config=_destinations(succeeded, failed) if succeeded or failed else None,
            )
            if succeeded or failed:
                path.depends_on = names

    def _claim(self, qualifier: str, construct_id: str) -> None:
        """Refuse a second path of one qualifier."""
        if qualifier in ("", _LATEST):
            raise self._error(
                f'asynchronous path "{construct_id}" is for {qualifier or "no qualifier"}',
                f"Lambda keeps one configuration for {_LATEST}, and it is that of the unqualified function "
                "(PutFunctionEventInvokeConfig)",
                "set it in the function's asynchronous",
            )
        if self._alias is not None and qualifier in (self._alias.name, self._alias.qualifier):
            raise self._error(
                f'asynchronous path "{construct_id}" is for {self._alias.name}',
                "that is the function's alias, and Lambda keeps one configuration for it "
                "(PutFunctionEventInvokeConfig)",
                "set it in the function's asynchronous",
            )
        if self._added.setdefault(qualifier, construct_id) != construct_id:
            raise self._error(
                f'asynchronous path "{construct_id}" is for {qualifier}, as "{self._added[qualifier]}" is',
                "Lambda keeps one configuration for each version and alias (PutFunctionEventInvokeConfig)",
                "remove one of them",
            )

    def _destination(
        self, field: str, config: DestinationConfig | None, given: DestinationLike | None
    ) -> EventDestination | None:
        if config is not None and given is not None:
            raise self._error(
                f"{field} is given as a construct and in the configuration",
                "an invocation has one destination for each outcome",
                "remove one of them",
            )
        if isinstance(given, QueueBase) and field == "on_failure":
            given.keeps_failures()
        if given is not None:
            return given.destination()
        return destination_of(config) if config is not None else None

    def _error(self, given: str, allowed: str, fix: str) -> ConfigError:
        return ConfigError.single(self._scope.node.path, given, allowed, fix)


def _destinations(
    succeeded: EventDestination | None, failed: EventDestination | None
) -> LambdaFunctionEventInvokeConfigDestinationConfig:
    success, failure = (
        LambdaFunctionEventInvokeConfigDestinationConfigOnSuccess,
        LambdaFunctionEventInvokeConfigDestinationConfigOnFailure,
    )
    return LambdaFunctionEventInvokeConfigDestinationConfig(
        on_success=success(destination=succeeded.arn) if succeeded else None,
        on_failure=failure(destination=failed.arn) if failed else None,
    )
