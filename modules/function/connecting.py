"""What a function's connections change: groups, role, environment, file system, and what it waits for."""

from __future__ import annotations

from typing import Any

import modules.core.engine

from cdktf_cdktf_provider_aws.lambda_function import LambdaFunction
from constructs import Construct

from modules.core.concurrency import Concurrency
from modules.core.connections import Connection, FileSystemMount
from modules.core.errors import ConfigError
from modules.filesystem import coverage_problems, mount_problems
from modules.function.attachment import Attachment
from modules.function.config import FunctionConfig
from modules.function.environment import environment_problems
from modules.function.extensions import extension_environment, extension_services
from modules.function.role import FunctionRole
from modules.key import KeyBase
from modules.network import NetworkBase


class Connections:
    """The connections of one function, each added to what the function resource already says."""

    def __init__(
        self,
        scope: Construct,
        *,
        config: FunctionConfig,
        function: LambdaFunction,
        attachment: Attachment,
        role: FunctionRole,
        network: NetworkBase | None,
        key: KeyBase,
    ) -> None:
        """Begin with the configuration's environment.

        Raises:
            ConfigError: Lambda would refuse the environment.
        """
        self._path, self._config, self._function = scope.node.path, config, function
        self._attachment, self._role, self._network, self._key = attachment, role, network, key
        self._concurrency = Concurrency(self._path, config.reserved_concurrency, config.most_provisioned)
        self._environment = {**config.environment, **extension_environment(config)}
        self._dependencies: set[str] = set()
        self._mount: FileSystemMount | None = None
        self._set_environment()

    def begin(self) -> None:
        """Open the ways that the configuration asks for.

        Raises:
            ConfigError: the network has none.
        """
        self.reach(*self._config.aws_services, *extension_services(self._config))
        if self._config.internet_egress_reason:
            self._attachment.open_internet(self._config.internet_egress_reason)

    def add(self, connection: Connection) -> None:
        """Open groups, grant the role, set environment variables, mount, and wait.

        Raises:
            ConfigError: a variable is set differently already, there is no way, the function cannot mount, or what it
                connects to has too few connections for it.
        """
        for name, value in connection.environment.items():
            if self._environment.setdefault(name, value) != value:
                raise ConfigError.single(
                    self._path,
                    f"environment already holds {name}",
                    f"the connection {connection.name} sets it to another value",
                    "rename yours, or connect to one of the two",
                )
        if connection.demand is not None:
            connection.demand.admit(self._concurrency)
        if connection.environment:
            self._set_environment()
        if connection.file_system is not None:
            self._mount_file_system(connection.file_system)
        self._attachment.open(connection)
        self.reach(*connection.services)
        if connection.statements:
            self._role.grant(*connection.statements)
        self.depend_on(*connection.dependencies)

    def reach(self, *services: str) -> None:
        """Open the way to AWS services: the network's endpoint, or HTTPS to the internet.

        Raises:
            ConfigError: the network has neither.
        """
        if self._network is None or self._config.attachment.state == "detached":
            return  # without a VPC a function has Lambda's own way to every service
        for service in sorted(set(services)):
            try:
                way = self._network.endpoint_for(service)
            except ConfigError as error:
                raise error.within(self._path) from None
            self.add(way.connection())

    def depend_on(self, *resources: Any) -> None:
        """Let the function be made after resources, and destroyed before them."""
        names = {f"{resource.terraform_resource_type}.{resource.friendly_unique_id}" for resource in resources}
        if names - self._dependencies:
            self._dependencies |= names
            self._function.depends_on = sorted(self._dependencies)

    def _set_environment(self) -> None:
        problems = list(environment_problems(self._environment))
        if problems:
            raise ConfigError(problems).within(self._path)
        if self._environment:
            self._function.put_environment(variables=dict(sorted(self._environment.items())))
            self._function.kms_key_arn = self._key.arn
            self._role.grant(self._key.use_statement("DecryptEnvironment", via_service="lambda"))

    def _mount_file_system(self, mount: FileSystemMount) -> None:
        if self._config.snap_start != "None":
            raise ConfigError.single(
                self._path,
                f'snap_start is "{self._config.snap_start}" and a file system is mounted, at {mount.local_mount_path}',
                "SnapStart takes no file system (Lambda guide, SnapStart)",
                "remove snap_start, or keep the files in a bucket",
            )
        if self._network is None or self._config.attachment.state != "attached":
            raise ConfigError.single(
                self._path,
                f"a file system is mounted, at {mount.local_mount_path}",
                "only a function in a VPC reaches a file system (Lambda guide, file system access)",
                "attach the function, or remove the connection",
            )
        problems = (*mount_problems(self._mount, mount), *coverage_problems(mount, self._attachment.zones))
        if problems:
            raise ConfigError(problems).within(self._path)
        self._mount = mount
        self._function.put_file_system_config(arn=mount.access_point_arn, local_mount_path=mount.local_mount_path)
