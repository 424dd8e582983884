"""Database engines as plain data: what RDS and Aurora take and do for each.

Versions as of November 2026 (RDS guide and Aurora guide, release calendars); logs and name lengths: rds API model;
parameters that require TLS: RDS guide, "Using SSL/TLS" of each engine. The minor version is AWS's choice.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from modules.database.reserved_words import MYSQL_WORDS, POSTGRESQL_WORDS

POSTGRESQL, MYSQL = "POSTGRESQL", "MYSQL"
"""Engine families of RDS Proxy: wire protocols."""


@dataclass(frozen=True)
class Engine:
    """One engine.

    Attributes:
        name: as the RDS API calls it, such as `postgres`.
        label: as its guide calls it, such as `RDS for PostgreSQL`.
        family: `POSTGRESQL` or `MYSQL`.
        port: default TCP port; a proxy listens on no other.
        versions: major versions in standard support, oldest first.
        default_version: what is taken when nothing is said.
        parameter_family: begins the name of a parameter group's family; the version follows.
        log_exports: logs that CloudWatch Logs can get.
        default_log_exports: those that tell errors and slow statements, and no statement's data besides.
        client_password_types: how a client may prove a password to a proxy, the safest first.
        tls_parameters: parameters that require TLS, and the only value that does.
        reserved_users: names that no user may have.
        reserved_databases: names that no database may have.
        reserved_prefixes: beginnings of names that no user may have.
        longest_database_name: characters of a database's name (rds API model).
        extended_support: versions past standard support, for which AWS charges, and the last day of it.
        is_aurora: whether it runs in Aurora clusters.
    """

    name: str
    label: str
    family: str
    port: int
    versions: tuple[str, ...]
    default_version: str
    parameter_family: str
    log_exports: tuple[str, ...]
    default_log_exports: tuple[str, ...]
    client_password_types: tuple[str, ...]
    tls_parameters: Mapping[str, str]
    reserved_users: frozenset[str]
    reserved_databases: frozenset[str]
    reserved_prefixes: tuple[str, ...] = ()
    longest_database_name: int = 64
    extended_support: Mapping[str, str] = field(default_factory=dict)
    is_aurora: bool = False

    @property
    def all_versions(self) -> tuple[str, ...]:
        """Versions in standard or extended support."""
        return (*self.extended_support, *self.versions)

    def parameter_family_of(self, version: str) -> str:
        """The family of parameter groups for a version, such as `postgres17`."""
        return f"{self.parameter_family}{version}"

    def reserves_user(self, name: str) -> bool:
        """Whether no user may have the name."""
        return name.lower() in self.reserved_users or name.lower().startswith(self.reserved_prefixes)

    def reserves_database(self, name: str) -> bool:
        """Whether no database may have the name."""
        return name.lower() in self.reserved_databases


_RDS_USERS = frozenset({"rdsadmin", "rdsproxyadmin", "rdsrepladmin"})
_POSTGRESQL_USERS = POSTGRESQL_WORDS | _RDS_USERS | {"admin"}
_POSTGRESQL_DATABASES = POSTGRESQL_WORDS | {"postgres", "rdsadmin", "template0", "template1"}
_POSTGRESQL_PREFIXES = ("pg_", "rds_")
_POSTGRESQL_PASSWORDS = ("POSTGRES_SCRAM_SHA_256", "POSTGRES_MD5")
_MYSQL_USERS = MYSQL_WORDS | _RDS_USERS
_MYSQL_DATABASES = MYSQL_WORDS | {"information_schema", "innodb", "mysql", "performance_schema", "sys", "tmp"}
_MYSQL_PREFIXES = ("rds_",)
_MYSQL_LOGS = ("audit", "error", "general", "slowquery", "iam-db-auth-error")
_MYSQL_PASSWORDS = ("MYSQL_CACHING_SHA2_PASSWORD", "MYSQL_NATIVE_PASSWORD")
_MARIADB_PASSWORDS = ("MYSQL_NATIVE_PASSWORD",)  # MariaDB has no caching_sha2_password (RDS guide, RDS Proxy)

POSTGRES = Engine(
    name="postgres",
    label="RDS for PostgreSQL",
    family=POSTGRESQL,
    port=5432,
    versions=("14", "15", "16", "17", "18"),
    default_version="17",
    parameter_family="postgres",
    log_exports=("postgresql", "upgrade", "iam-db-auth-error"),
    default_log_exports=("postgresql", "upgrade"),
    client_password_types=_POSTGRESQL_PASSWORDS,
    tls_parameters={"rds.force_ssl": "1"},
    reserved_users=_POSTGRESQL_USERS,
    reserved_databases=_POSTGRESQL_DATABASES,
    reserved_prefixes=_POSTGRESQL_PREFIXES,
    longest_database_name=63,
)
RDS_MYSQL = Engine(
    name="mysql",
    label="RDS for MySQL",
    family=MYSQL,
    port=3306,
    versions=("8.4",),
    default_version="8.4",
    parameter_family="mysql",
    log_exports=_MYSQL_LOGS,
    default_log_exports=("error", "slowquery"),
    client_password_types=_MYSQL_PASSWORDS,
    tls_parameters={"require_secure_transport": "1"},
    reserved_users=_MYSQL_USERS,
    reserved_databases=_MYSQL_DATABASES,
    reserved_prefixes=_MYSQL_PREFIXES,
    extended_support={"8.0": "2026-07-31"},
)
MARIADB = Engine(
    name="mariadb",
    label="RDS for MariaDB",
    family=MYSQL,
    port=3306,
    versions=("10.11", "11.4", "11.8"),
    default_version="11.4",
    parameter_family="mariadb",
    log_exports=_MYSQL_LOGS,
    default_log_exports=("error", "slowquery"),
    client_password_types=_MARIADB_PASSWORDS,
    tls_parameters={"require_secure_transport": "1"},
    reserved_users=_MYSQL_USERS,
    reserved_databases=_MYSQL_DATABASES,
    reserved_prefixes=_MYSQL_PREFIXES,
)
AURORA_POSTGRESQL = Engine(
    name="aurora-postgresql",
    label="Aurora PostgreSQL",
    family=POSTGRESQL,
    port=5432,
    versions=("14", "15", "16", "17"),
    default_version="17",
    parameter_family="aurora-postgresql",
    log_exports=("postgresql", "instance", "iam-db-auth-error"),
    default_log_exports=("postgresql",),
    client_password_types=_POSTGRESQL_PASSWORDS,
    tls_parameters={"rds.force_ssl": "1"},
    reserved_users=_POSTGRESQL_USERS,
    reserved_databases=_POSTGRESQL_DATABASES,
    reserved_prefixes=_POSTGRESQL_PREFIXES,
    longest_database_name=63,
    is_aurora=True,
)
AURORA_MYSQL = Engine(
    name="aurora-mysql",
    label="Aurora MySQL",
    family=MYSQL,
    port=3306,
    versions=("8.0",),
    default_version="8.0",
    parameter_family="aurora-mysql",
    log_exports=("audit", "error", "general", "slowquery", "instance", "iam-db-auth-error"),
    default_log_exports=("error", "slowquery"),
    client_password_types=_MYSQL_PASSWORDS,
    tls_parameters={"require_secure_transport": "ON"},
    reserved_users=_MYSQL_USERS,
    reserved_databases=_MYSQL_DATABASES,
    reserved_prefixes=_MYSQL_PREFIXES,
    is_aurora=True,
)

ENGINES: Mapping[str, Engine] = {
    engine.name: engine for engine in (POSTGRES, RDS_MYSQL, MARIADB, AURORA_POSTGRESQL, AURORA_MYSQL)
}
"""Every engine by its name."""

INSTANCE_ENGINES = tuple(name for name, engine in ENGINES.items() if not engine.is_aurora)
"""Engines of RDS instances."""
