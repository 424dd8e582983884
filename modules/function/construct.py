"""A Lambda function in a VPC, with everything that belongs to it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import modules.core.engine

from cdktf import AssetType, TerraformAsset
from cdktf_cdktf_provider_aws.lambda_function import (
    LambdaFunction,
    LambdaFunctionDeadLetterConfig,
    LambdaFunctionEphemeralStorage,
    LambdaFunctionLoggingConfig,
    LambdaFunctionTracingConfig,
    LambdaFunctionVpcConfig,
)
from cdktf_cdktf_provider_aws.lambda_function_event_invoke_config import LambdaFunctionEventInvokeConfig
from constructs import Construct

from modules.core.connections import Connectable
from modules.core.context import target_of
from modules.core.errors import ConfigError
from modules.core.iam import Role
from modules.core.statements import Statement, service_trust
from modules.core.target import Target
from modules.function.alarms import dead_letter_alarms, function_alarms
from modules.function.config import FunctionConfig
from modules.function.environment import environment_problems
from modules.function.failure import DeadLetterQueue
from modules.function.packaging import Package, build_package
from modules.function.permissions import base_statements
from modules.function.signing import CodeSigning
from modules.key import Key
from modules.network import Network, SecurityGroup
from modules.observability import AlarmTopic, LogGroup, create_alarms

PACKAGE_FOLDER = Path("build") / "packages"
"""Where packages are written before the engine copies them into the synthesized stack."""


class Function(Construct):
    """A Lambda function in the private subnets, reached by nobody and reaching only what it connects to.

    Attributes:
        name: the function's name.
        function_name: the same as a token, so that who uses it waits for it.
        arn: its ARN, as a token.
        role: its role; grants add statements.
        security_group: without ingress; `connect_to` adds egress.
        alarm_names: its alarms.

    Raises:
        ConfigError: the target's AWS provider does not know the runtime, the code cannot be packaged,
            or alarms have no topic.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        config: FunctionConfig,
        network: Network,
        key: Key,
        alarm_topic: AlarmTopic | None = None,
    ) -> None:
        super().__init__(scope, construct_id)
        target = target_of(self)
        config.require(target, where=self.node.path)
        self._key, self._environment = key, dict(config.environment)
        self._dependencies: list[str] = []
        self.name = target.naming.name(construct_id)

        package = self._package(config, target)
        logs = LogGroup(
            self, "logs", name=f"/aws/lambda/{self.name}", retention_days=config.logging.retention_days, key=key
        )
        dead_letters = DeadLetterQueue(self, "dead-letters", name=construct_id, config=config.asynchronous, key=key)
        self.role = Role(
            self,
            "role",
            name=self.name,
            trust=service_trust("lambda.amazonaws.com"),
            statements=[
                *base_statements(target, function_name=self.name, log_group_arn=logs.arn),
                *dead_letters.write_statements(),
            ],
        )
        self.security_group = SecurityGroup(
            self,
            "security-group",
            thing=construct_id,
            description=f"Lambda function {self.name}",
            vpc_id=network.vpc_id,
        )
        if config.internet_egress_reason:
            self.security_group.allow_to_internet(reason=config.internet_egress_reason)
        signing = CodeSigning(self, "signing", name=construct_id, config=config.code_signing)
        asset = TerraformAsset(self, "package", path=str(package.path.resolve()), type=AssetType.FILE)

        self._function = LambdaFunction(
            self,
            "function",
            function_name=self.name,
            description=config.description or None,
            role=self.role.arn,
            package_type="Zip",
            filename=asset.path,
            source_code_hash=package.sha256_base64,
            handler=config.code.handler,
            runtime=config.code.runtime,
            architectures=[config.code.architecture],
            memory_size=config.memory_mb,
            timeout=config.timeout_seconds,
            ephemeral_storage=LambdaFunctionEphemeralStorage(size=config.ephemeral_storage_mb),
            reserved_concurrent_executions=config.reserved_concurrency,
            code_signing_config_arn=signing.arn,
            vpc_config=LambdaFunctionVpcConfig(
                subnet_ids=list(network.private_subnet_ids), security_group_ids=[self.security_group.id]
            ),
            replace_security_groups_on_destroy=config.replace_security_groups_on_destroy or None,
            replacement_security_group_ids=(
                [network.locked_security_group_id] if config.replace_security_groups_on_destroy else None
            ),
            dead_letter_config=LambdaFunctionDeadLetterConfig(target_arn=dead_letters.arn),
            tracing_config=LambdaFunctionTracingConfig(mode="Active"),
            logging_config=LambdaFunctionLoggingConfig(
                log_format="JSON",
                log_group=logs.name,
                application_log_level=config.logging.application_level,
                system_log_level=config.logging.system_level,
            ),
        )
        self._depend_on(self.role.ready)
        self._set_environment()
        self.function_name: str = self._function.function_name
        self.arn: str = self._function.arn
        LambdaFunctionEventInvokeConfig(
            self,
            "asynchronous",
            function_name=self.function_name,
            maximum_event_age_in_seconds=config.asynchronous.max_event_age_seconds,
            maximum_retry_attempts=config.asynchronous.max_retries,
        )
        specs = (*function_alarms(self.function_name, config), *dead_letter_alarms(dead_letters.name))
        self.alarm_names = create_alarms(self, specs, thing=construct_id, config=config.alarms, topic=alarm_topic)

    def connect_to(self, other: Connectable, **choices: Any) -> None:
        """Open both security groups, grant the role, set environment variables and wait for `other`.

        Args:
            other: a database proxy, an endpoint, or anything else with a `connection`.
            choices: what `other` lets one choose, such as `user="orders"`.

        Raises:
            ConfigError: `other` refuses the choices, or two connections set the same variable differently.
        """
        connection = other.connection(**choices)
        for name, value in connection.environment.items():
            if self._environment.setdefault(name, value) != value:
                raise ConfigError.single(
                    self.node.path,
                    f"environment already holds {name}",
                    f"the connection {connection.name} sets it to another value",
                    "rename yours, or connect to one of the two",
                )
        if connection.environment:
            self._set_environment()
        if connection.security_group is not None:
            self.security_group.allow_to(connection.security_group, port=connection.port, reason=connection.name)
        if connection.prefix_list_id:
            self.security_group.allow_to_prefix_list(
                connection.prefix_list_id, port=connection.port, reason=connection.name
            )
        if connection.internet_reason:
            self.security_group.allow_to_internet(reason=connection.internet_reason)
        if connection.statements:
            self.role.grant(*connection.statements)
        for dependency in connection.dependencies:
            self._depend_on(dependency)

    def _package(self, config: FunctionConfig, target: Target) -> Package:
        try:
            return build_package(
                config.code.source,
                handler=config.code.handler,
                runtime=config.code.runtime,
                architecture=config.code.architecture,
                requirements=config.code.requirements,
                output=PACKAGE_FOLDER / target.name / f"{self.node.id}.zip",
            )
        except ConfigError as error:
            raise error.within(self.node.path) from None

    def _set_environment(self) -> None:
        problems = list(environment_problems(self._environment))
        if problems:
            raise ConfigError(problems).within(self.node.path)
        if self._environment:
            self._function.put_environment(variables=dict(sorted(self._environment.items())))
            self._function.kms_key_arn = self._key.arn
            self.role.grant(_decrypt_environment(self._key))

    def _depend_on(self, resource: Any) -> None:
        self._dependencies.append(f"{resource.terraform_resource_type}.{resource.friendly_unique_id}")
        self._function.depends_on = sorted(set(self._dependencies))


def _decrypt_environment(key: Key) -> Statement:
    return key.use_statement("DecryptEnvironment", via_service="lambda")
