"""Configuration of an instance that another stack or another tool made."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

from pydantic import Field

from modules.core import limits
from modules.core.config import ConfigModel
from modules.core.errors import Problem
from modules.core.fields import Matching, OneOf, Within
from modules.database.engines import ENGINES, INSTANCE_ENGINES, Engine
from modules.database.instance_fields import InstanceClass
from modules.key.arns import KmsKeyArn

_SECRET_ARN = rf"arn:aws(?:-cn|-us-gov)?:secretsmanager:{limits.REGION}:\d{{12}}:secret:[A-Za-z0-9/_+=.@!-]{{1,512}}"


class ExistingDatabaseConfig(ConfigModel):
    """What is known of an instance of PostgreSQL, MySQL or MariaDB that exists already.

    Its parameters, backups and alarms are its owner's; that it requires TLS and has IAM authentication is for the owner
    to see to.

    Raises:
        ConfigError: with every refused field.
    """

    identifier: Annotated[
        str,
        Matching(
            r"[a-z](?:-?[a-z0-9])*",
            "an instance's identifier has 1 to 63 lowercase letters, digits and single inner hyphens, a letter first",
            "copy it from RDS",
            63,
        ),
    ] = Field(description="The instance's identifier.")
    engine: Annotated[str, OneOf(INSTANCE_ENGINES, "an engine", literal=True)] = Field(description="Database engine.")
    host: Annotated[
        str,
        Matching(
            r"[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?",
            "a host reads like orders.c1a2b3c4d5e6.eu-west-1.rds.amazonaws.com",
            "copy the endpoint from RDS, without its port",
            253,
        ),
    ] = Field(description="Host name of its endpoint.")
    port: Annotated[int, Within(limits.RDS_PORT)] | None = Field(
        default=None, description="TCP port; null for 5432 of PostgreSQL, 3306 of MySQL and MariaDB (RDS API)."
    )
    resource_id: Annotated[
        str,
        Matching(
            r"db-[A-Z0-9]{1,60}",
            "an instance's resource id reads like db-ABCDEFGHIJKL0123456789MNOP",
            "copy DbiResourceId from RDS; it is not the identifier",
        ),
    ] = Field(description="Resource id, which permissions to sign in name.")
    security_group_id: Annotated[
        str,
        Matching(r"sg-[0-9a-f]{8,40}", "a security group's id reads like sg-0123456789abcdef0", "copy it from EC2"),
    ] = Field(description="Its security group, which rules are added to.")
    database_name: Annotated[
        str,
        Matching(
            r"[A-Za-z_][A-Za-z0-9_$-]*",
            "a database's name has 1 to 64 letters, digits and characters of _$-, no digit first",
            "copy it from the database",
            64,
        ),
    ] = Field(description="Database that functions use.")
    master_username: Annotated[
        str, Matching(r"[A-Za-z][A-Za-z0-9_]*", "a master user has 1 to 63 letters, digits and _", "copy it", 63)
    ] = Field(description="Its master user.")
    master_secret_arn: Annotated[
        str,
        Matching(
            rf"(?:{_SECRET_ARN})?",
            "a secret's ARN reads like arn:aws:secretsmanager:eu-west-1:123456789012:secret:rds!db-...",
            "copy it from Secrets Manager",
        ),
    ] = Field(default="", description="Secret of the master user; empty where nothing here reads it.")
    master_secret_key_arn: KmsKeyArn = Field(
        default="", description="KMS key that encrypts the secret; empty when AWS's own does."
    )
    instance_class: InstanceClass | None = Field(
        default=None, description="Instance class, from which max_connections follows; null where it is not known."
    )
    max_connections: Annotated[int, Within(limits.RDS_MAX_CONNECTIONS, literal=True)] | None = Field(
        default=None, description="Most connections at once, as the database reports it; null to take the class's."
    )

    @property
    def engine_data(self) -> Engine:
        """What the engine takes."""
        return ENGINES[self.engine]

    def cross_checks(self) -> Iterator[Problem]:
        """A key belongs to a secret."""
        if self.master_secret_key_arn and not self.master_secret_arn:
            given = f'master_secret_key_arn is "{self.master_secret_key_arn}"'
            yield Problem("", given, "it decrypts the master user's secret, and none is named", "set master_secret_arn")
