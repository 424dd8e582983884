"""A Lambda function in a VPC, with everything that belongs to it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

import modules.core.engine

from cdktf import TerraformResource
from cdktf_cdktf_provider_aws.lambda_function import LambdaFunction
from constructs import Construct

from modules.core.connections import Connectable
from modules.core.context import target_of
from modules.core.destinations import DestinationLike, EventDestination
from modules.core.event_sources import EventSources
from modules.core.invocation import InvocationTarget
from modules.core.statements import Statement
from modules.function.alarms import dead_letter_alarms, destination_alarms, function_alarms
from modules.function.alarms_alias import provisioned_alarms, release_alarms
from modules.function.asynchronous import AsynchronousPaths
from modules.function.asynchronous_config import AsynchronousInvocationConfig
from modules.function.attachment import Attachment
from modules.function.code import resolve_code
from modules.function.config import FunctionConfig
from modules.function.connecting import Connections
from modules.function.extensions import extension_statements
from modules.function.failure import dead_letters
from modules.function.insights import insights_alarms
from modules.function.layer_checks import BuiltLayer
from modules.function.logs import function_logs
from modules.function.resource_policy import ResourcePolicy
from modules.function.role import function_role
from modules.function.settings import add_settings, function_layers, setting_arguments, write_provider_6_arguments
from modules.function.signing import signing_arn
from modules.function.skips import FunctionSkips
from modules.key import KeyBase
from modules.network import NetworkBase
from modules.observability import AlarmTopic, create_alarms

if TYPE_CHECKING:
    from modules.function.alias import FunctionAlias
    from modules.function.existing import ExistingFunction
    from modules.function.existing_config import ExistingFunctionConfig
    from modules.function.url import FunctionUrl


class Function(Construct):
    """A Lambda function in the private subnets, reached by nobody and reaching only what it connects to.

    Attributes:
        config: what it was made from.
        name: the function's name.
        function_name: the same as a token, so that who uses it waits for it.
        arn: its ARN without a qualifier, as a token.
        invoke_arn: ARN by which API Gateway invokes it without a qualifier, as a token.
        version: number of the version that was published last, as a token; `$LATEST` where none is published.
        live: its alias; None without one.
        invocation: what triggers invoke: the alias, or the unqualified function where there is none.
        role: its role; grants add statements.
        logs: its log group.
        dead_letter_queue_name: the queue that was made for failed events; empty without one.
        attachment: its subnets and groups.
        security_group: without ingress; `connect_to` adds egress. None when the function brings groups or is detached.
        url: its function URL; None without one.
        event_sources: what polls for it, counted together.
        release_alarm_names: alarms of its alias that a release may be stopped by; empty where nothing is shifted.
        alarm_names: its alarms, those of its alias included.

    Raises:
        ConfigError: the configuration does not fit the target or the network, the code cannot be packaged, or alarms
            have no topic.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        config: FunctionConfig,
        network: NetworkBase | None,
        key: KeyBase,
        alarm_topic: AlarmTopic | None = None,
        layers: Sequence[BuiltLayer] = (),
        on_success: DestinationLike | None = None,
        on_failure: DestinationLike | None = None,
    ) -> None:
        """Make the function.

        Args:
            scope: the stack, or a construct of it.
            construct_id: id below `scope`; last part of the function's name.
            config: everything about the function.
            network: where it lives; None for one whose attachment is detached.
            key: encrypts its logs, environment and dead letters.
            alarm_topic: where its alarms go.
            layers: layers that are built here.
            on_success: gets the record of each asynchronous invocation that succeeds.
            on_failure: gets that of each event that is given up; it may be a bucket.
        """
        super().__init__(scope, construct_id)
        self.config = config
        target = target_of(self)
        config.require(target, where=self.node.path)
        self.name = config.name or target.naming.name(construct_id)
        self.event_sources = EventSources(self.node.path, reserved=config.reserved_concurrency)

        code = resolve_code(self, config.code, target=target, key_arn=key.arn)
        logs = self.logs = function_logs(self, config=config.logging, function_name=self.name, key=key)
        failed = dead_letters(
            self, name=construct_id, config=config.asynchronous, key=key, unwatched_reason=config.alarms.off_reason
        )
        self.attachment = Attachment(
            self, "attachment", config=config.attachment, network=network, function_name=self.name
        )
        self.security_group = self.attachment.security_group
        self.role = function_role(
            self,
            config=config.role,
            function_name=self.name,
            log_group_arn=logs.group_arn,
            keeps_eni_permissions=self.attachment.keeps_eni_permissions,
            statements=(*failed.statements, *extension_statements(config, target)),
        )

        function = LambdaFunction(
            self,
            "function",
            function_name=self.name,
            role=self.role.arn,
            code_signing_config_arn=signing_arn(self, config.code_signing, code=code),
            layers=function_layers(self, config, code=code, built=layers),
            vpc_config=self.attachment.vpc_config,
            replace_security_groups_on_destroy=self.attachment.replace_security_groups_on_destroy,
            replacement_security_group_ids=self.attachment.replacement_security_group_ids,
            dead_letter_config=failed.config,
            logging_config=logs.config,
            **setting_arguments(config, code),
        )
        write_provider_6_arguments(function, config)
        zone_reason, is_image = self.attachment.single_zone_reason, code.package_type == "Image"
        self._skips = FunctionSkips(
            function, config, network=network, single_zone_reason=zone_reason, is_image=is_image
        )
        self.function_name: str = function.function_name
        self.arn: str = function.arn
        self.invoke_arn: str = function.invoke_arn
        self.version: str = function.version
        self._connections = Connections(
            self, config=config, function=function, attachment=self.attachment, role=self.role, network=network, key=key
        )
        self._connections.depend_on(*self.role.dependencies, *code.dependencies)
        self._connections.begin()

        add_settings(self, config, function_name=self.function_name, version=self.version)
        named = {"function_name": self.function_name, "function_arn": self.arn}
        self.live = _alias(self, config, self.function_name, self.version)
        self.invocation = _invocation(self)
        self._policy = ResourcePolicy(self, "resource-policy", config=config.resource_policy, alias=self.live, **named)
        self.url = _url(self, config, named)
        if self.url is not None:
            self.event_sources.invoked_by("its URL")
        self._alarms = partial(create_alarms, self, thing=construct_id, config=config.alarms, topic=alarm_topic)
        self.dead_letter_queue_name = failed.queue_name
        of_dead_letters = dead_letter_alarms(failed.queue_name, config.alarms) if failed.queue_name else ()
        of_insights = insights_alarms(self.function_name, config.insights)
        self.release_alarm_names = self._alarms(release_alarms(self.function_name, config, version=self.version))
        of_alias = provisioned_alarms(self.function_name, config)
        own = (*function_alarms(self.function_name, config), *of_dead_letters, *of_insights, *of_alias)
        self.alarm_names = (*self._alarms(own), *self.release_alarm_names)
        self._paths = AsynchronousPaths(self, function_name=self.function_name, role=self.role, alias=self.live)
        self._add_path("asynchronous", config.asynchronous, on_success=on_success, on_failure=on_failure)

    @staticmethod
    def from_existing(
        scope: Construct, construct_id: str, *, config: ExistingFunctionConfig, network: NetworkBase | None = None
    ) -> ExistingFunction:
        """A function that something else deploys, for rules and permissions.

        Args:
            scope: the stack, or a construct of it.
            construct_id: id below `scope`.
            config: the function's ARN, group and role.
            network: where it lives; needed for connections that take a way to an AWS service.

        Raises:
            ConfigError: the function lies outside the target's account or region.
        """
        from modules.function.existing import ExistingFunction  # noqa: PLC0415  # not needed for functions made here

        return ExistingFunction(scope, construct_id, config=config, network=network)

    def connect_to(self, other: Connectable, **choices: Any) -> None:
        """Open both security groups, grant the role, set environment variables, mount, and wait for `other`.

        Args:
            other: a database proxy, an endpoint, a file system, a secret, or anything else with a `connection`.
            choices: what `other` lets one choose, such as `user="orders"`.

        Raises:
            ConfigError: `other` refuses the choices, two connections set the same variable differently, there is no
                way to `other`, the function cannot mount it, or `event_source_maximum` does not hold.
        """
        connection = other.connection(**choices)
        self.event_sources.expect(connection.demand.event_source_maximum if connection.demand else None)
        self._connections.add(connection)

    def allow_invoke(
        self, statement_id: str, *, principal: str, qualifier: str | None = None, **narrowed: str
    ) -> TerraformResource:
        """Let somebody invoke the function; a service for one source only.

        Args:
            statement_id: short constant, unique in the function.
            principal: service, account, role, user, or `*` with `org_id`.
            qualifier: version or alias; None is the function's alias if it has one, "" the unqualified function.
            narrowed: `source_arn` and `source_account` of what a service acts for, `org_id`.

        Returns:
            The resource that lets it, for whoever must wait until the function can be invoked.

        Raises:
            ConfigError: Lambda would refuse the statement, it would let in more than it names, or something counts on
                the function's event sources alone.
        """
        self.event_sources.invoked_by(f'the statement "{statement_id}"')
        chosen = self.invocation.qualifier if qualifier is None else qualifier
        if self.config.resource_policy.form == "statements":
            self._skips.invoked_by(principal, chosen)
        return self._policy.allow(statement_id, principal=principal, qualifier=chosen, **narrowed)

    def add_asynchronous(
        self,
        construct_id: str,
        *,
        qualifier: str,
        config: AsynchronousInvocationConfig,
        on_success: DestinationLike | None = None,
        on_failure: DestinationLike | None = None,
    ) -> None:
        """Give a version or another alias retries, age and destinations of its own.

        `$LATEST` and the function's own alias have those of the configuration.

        Args:
            construct_id: id below the function.
            qualifier: number of a version, or name of an alias.
            config: without dead letters, which belong to the function.
            on_success: destination of the suite's, instead of the configuration's.
            on_failure: likewise.

        Raises:
            ConfigError: the configuration names dead letters, or two destinations for one outcome, or the qualifier is
                `$LATEST` or the function's own alias.
        """
        self._add_path(construct_id, config, qualifier=qualifier, on_success=on_success, on_failure=on_failure)

    def destination(self) -> EventDestination:
        """The function, by its alias if it has one, as the destination of another one's records."""
        self.event_sources.invoked_by("another function's records")
        arn = self.invocation.arn
        send = Statement("Send", ("lambda:InvokeFunction",), (arn,))
        return EventDestination(arn, "lambda", (send,), self.invocation.dependencies)

    def _add_path(self, construct_id: str, config: AsynchronousInvocationConfig, **choices: Any) -> None:
        """Add a path, and with the first destination the alarm of destinations."""
        is_watched = self._paths.has_destinations
        self._paths.add(construct_id, config, **choices)
        if config.on_failure is not None or choices["on_failure"] is not None:
            self._skips.inform(choices.get("qualifier") or "", self.live)
        if self._paths.has_destinations and not is_watched:
            self._skips.have_destinations()
            self.alarm_names += self._alarms(destination_alarms(self.function_name))


def _alias(scope: Construct, config: FunctionConfig, function_name: str, version: str) -> FunctionAlias | None:
    if config.alias is None:
        return None
    from modules.function.alias import FunctionAlias  # noqa: PLC0415  # not every function has one

    return FunctionAlias(scope, "alias", config=config.alias, function_name=function_name, version=version)


def _invocation(function: Function) -> InvocationTarget:
    live = function.live
    if live is None:
        return InvocationTarget(function.function_name, "", function.arn, function.invoke_arn)
    return InvocationTarget(function.function_name, live.name, live.arn, live.invoke_arn, live.dependencies)


def _url(function: Function, config: FunctionConfig, named: Mapping[str, str]) -> FunctionUrl | None:
    if config.url is None:
        return None
    from modules.function.url import FunctionUrl  # noqa: PLC0415  # few functions have one

    return FunctionUrl(function, "url", config=config.url, alias=function.live, **named)
