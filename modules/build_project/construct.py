"""A CodeBuild project with its role, log group and alarms, in a network or outside of any."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import modules.core.engine

from cdktf_cdktf_provider_aws.codebuild_project import (
    CodebuildProject,
    CodebuildProjectArtifacts,
    CodebuildProjectEnvironment,
    CodebuildProjectEnvironmentEnvironmentVariable,
    CodebuildProjectLogsConfig,
    CodebuildProjectLogsConfigCloudwatchLogs,
    CodebuildProjectSource,
)
from constructs import Construct

from modules.bucket import BucketBase
from modules.build_project.alarms import build_project_alarms
from modules.build_project.config import ECR_IMAGE, BuildProjectConfig, S3Source
from modules.build_project.network import BuildNetwork
from modules.build_project.statements import ACCESS, access_statements, image_statements, log_statement
from modules.core import build_limits
from modules.core.connections import Connectable, Connection
from modules.core.context import target_of
from modules.core.errors import ConfigError, Problem
from modules.core.grants import Grantee, role_of, variable_name
from modules.core.iam import Role
from modules.core.statements import service_trust
from modules.core.store import Store
from modules.key import KeyBase
from modules.network import NetworkBase, SecurityGroup
from modules.observability import AlarmTopic, LogGroup, create_alarms

_HTTPS = 443
_MAX_ROLE_NAME_LENGTH = 64  # IAM quotas
_TYPES = {"x86_64": "LINUX_CONTAINER", "arm64": "ARM_CONTAINER"}


class BuildProject(Store):
    """A project, named after stack and construct.

    Attributes:
        name: its name, as a token, so that who starts builds waits for it.
        arn: its ARN, as a token.
        role: what its builds may do is granted to this role.
        log_group: where builds are logged.
        security_group: of its builds; None outside of a network.
        alarm_names: its alarms.
        dependencies: Terraform resources to wait for before a build is started.

    Raises:
        ConfigError: source and bucket do not fit, the network has no way to what builds need, or alarms have no topic.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        config: BuildProjectConfig,
        key: KeyBase,
        network: NetworkBase | None = None,
        source_bucket: BucketBase | None = None,
        alarm_topic: AlarmTopic | None = None,
    ) -> None:
        """Make the project.

        Args:
            scope: the stack, or a construct of it.
            construct_id: id below `scope`; last part of the project's name.
            config: everything about the project.
            key: encrypts its logs.
            network: where builds run; None for outside of any VPC, where they reach the internet.
            source_bucket: holds the archive of an S3 source.
            alarm_topic: where its alarms go.
        """
        super().__init__(scope, construct_id)
        target = target_of(self)
        problems = tuple(_source_problems(config, source_bucket)) + tuple(_network_problems(config, network))
        if problems:
            raise ConfigError(problems).within(self.node.path)
        name = target.naming.name(construct_id, max_length=build_limits.BUILD_MAX_NAME_LENGTH)
        self.log_group = LogGroup(
            self, "logs", name=f"/aws/codebuild/{name}", retention_days=config.log_retention_days, key=key
        )
        self.role = Role(
            self,
            "role",
            name=target.naming.name(f"{construct_id}-codebuild", max_length=_MAX_ROLE_NAME_LENGTH),
            trust=service_trust("codebuild.amazonaws.com", account_id=target.account_id),
            statements=(log_statement(self.log_group.arn),),
        )
        image = ECR_IMAGE.fullmatch(config.used_image)
        if image is not None:
            self.role.grant(*image_statements(image, target))
        self._network = None if network is None else BuildNetwork(self, "network", network=network, role=self.role)
        self.security_group: SecurityGroup | None = self._network.security_group if self._network else None
        self._environment = dict(config.environment)
        project = self._project = CodebuildProject(
            self,
            "project",
            name=name,
            description=config.description or None,
            service_role=self.role.arn,
            build_timeout=config.timeout_minutes,
            queued_timeout=config.queued_timeout_minutes,
            concurrent_build_limit=config.concurrent_builds,
            artifacts=CodebuildProjectArtifacts(type="NO_ARTIFACTS"),
            source=self._source(config, source_bucket),
            environment=CodebuildProjectEnvironment(**self._container(config)),
            logs_config=CodebuildProjectLogsConfig(
                cloudwatch_logs=CodebuildProjectLogsConfigCloudwatchLogs(
                    status="ENABLED", group_name=self.log_group.name
                )
            ),
            vpc_config=self._network.vpc_config if self._network else None,
            depends_on=list(self.role.dependencies),
        )
        self._config = config
        self.name: str = project.name
        self.arn: str = project.arn
        self.dependencies: tuple[Any, ...] = (project,)
        if self._network is not None:
            self._network.open(config, has_source=source_bucket is not None)
        specs = build_project_alarms(self.name)
        self.alarm_names = create_alarms(self, specs, thing=construct_id, config=config.alarms, topic=alarm_topic)

    def connect_to(self, other: Connectable, **options: Any) -> None:
        """Let builds use something: permissions, variables, and in a network the way there.

        Args:
            other: such as a bucket, a queue or a table.
            options: what its `connection` takes, such as `access`.

        Raises:
            ConfigError: it is a file system, a variable is set already, or the network has no way there.
        """
        connection = other.connection(**options)
        if connection.file_system is not None:
            raise ConfigError.single(
                self.node.path, f"{connection.name} is a file system", "builds mount none", "use a bucket"
            )
        for variable, value in connection.environment.items():
            if self._environment.setdefault(variable, value) != value:
                raise ConfigError.single(
                    self.node.path,
                    f"environment already holds {variable}",
                    f"the connection {connection.name} sets it to another value",
                    "rename yours, or connect to one of the two",
                )
        self._project.put_environment(**self._container(self._config))
        if connection.statements:
            self.role.grant(*connection.statements)
        if self._network is not None:
            self._network.add(connection)

    def grant_start(self, grantee: Grantee) -> None:
        """Let a role start builds and see how they end.

        Args:
            grantee: a role, or what has one, such as a function or a state machine.
        """
        role_of(grantee).grant(*access_statements(self.word, self.arn))

    def connection(self, *, access: str = "start", environment_name: str = "") -> Connection:
        """What a function needs: its role's statements, a variable with the name, and a way to CodeBuild.

        Args:
            access: `start`.
            environment_name: variable that gets the name; by default `DOCS_BUILD_PROJECT` for a construct `docs`.

        Raises:
            ConfigError: the access is unknown.
        """
        self._require_access(access, ACCESS)
        return Connection(
            name=self.node.id,
            port=_HTTPS,
            statements=access_statements(self.word, self.arn),
            environment={environment_name or variable_name(self.node.id, "BUILD_PROJECT"): self.name},
            services=("codebuild",),
        )

    def _container(self, config: BuildProjectConfig) -> dict[str, Any]:
        variables = [
            CodebuildProjectEnvironmentEnvironmentVariable(name=name, value=value, type="PLAINTEXT")
            for name, value in sorted(self._environment.items())
        ]
        pulled = ECR_IMAGE.fullmatch(config.used_image) is not None
        return {
            "type": _TYPES[config.architecture],
            "image": config.used_image,
            "compute_type": config.compute_type,
            "image_pull_credentials_type": "SERVICE_ROLE" if pulled else "CODEBUILD",
            "privileged_mode": False,
            "environment_variable": variables or None,
        }

    def _source(self, config: BuildProjectConfig, bucket: BucketBase | None) -> CodebuildProjectSource:
        if bucket is None or not isinstance(config.source, S3Source):
            return CodebuildProjectSource(type="NO_SOURCE", buildspec=config.buildspec)
        bucket.grant_read(self.role, prefix=config.source.folder)
        return CodebuildProjectSource(
            type="S3", location=f"{bucket.name}/{config.source.key}", buildspec=config.buildspec or None
        )


def _source_problems(config: BuildProjectConfig, bucket: BucketBase | None) -> Iterator[Problem]:
    is_archive = isinstance(config.source, S3Source)
    if is_archive and bucket is None:
        yield Problem("", 'source.kind is "s3" and source_bucket is missing', "the archive lies in a bucket",
                      "pass source_bucket=Bucket(...)")  # fmt: skip
    if bucket is not None and not is_archive:
        yield Problem("", f'source_bucket is given and source.kind is "{config.source.kind}"', "no build would read it",
                      "set source to {kind: s3, key: ...}, or leave out the bucket")  # fmt: skip


def _network_problems(config: BuildProjectConfig, network: NetworkBase | None) -> Iterator[Problem]:
    if network is None:
        for field in ("aws_services", "internet_egress_reason"):
            if getattr(config, field):
                yield Problem("", f"{field} is set and network is missing", "builds outside of a VPC reach everything",
                              "pass network=..., or remove it")  # fmt: skip
