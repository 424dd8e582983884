"""What an engine refuses of an instance's configuration."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from modules.core import limits
from modules.core.errors import Problem
from modules.core.tokens import is_token
from modules.database.engines import MYSQL, Engine
from modules.database.replica_config import ReplicaConfig

_FEWEST_ZONES = 2
_WITHOUT_INSIGHTS = tuple(f"db.{family}.{size}" for family in ("t3", "t4g") for size in ("micro", "small"))
"""Classes without Performance Insights, with MySQL and MariaDB (RDS guide, Performance Insights)."""

MASTER_PASSWORD_DAYS = 7
"""Days between rotations of a master user's password that RDS keeps, unless told otherwise (RDS guide)."""


def master_password_problems(reason: str, *, version: int, rotation_days: int) -> Iterator[Problem]:
    """A rotation of what RDS does not rotate, and a version of what RDS keeps.

    Args:
        reason: `master_password_rotation_off_reason`.
        version: `master_password_version`.
        rotation_days: `master_password_rotation_days`.
    """
    if reason and rotation_days != MASTER_PASSWORD_DAYS:
        yield Problem(
            "",
            f"master_password_rotation_days is {rotation_days}, and master_password_rotation_off_reason is set",
            "RDS rotates only a password that it keeps (RDS guide, password management)",
            "remove one of the two",
        )
    if version != 1 and not reason:
        yield Problem(
            "",
            f"master_password_version is {version}",
            "RDS keeps the master user's password, and rotates it",
            "remove it, or set master_password_rotation_off_reason",
        )


def engine_problems(engine: Engine, version: str, extended_support_reason: str) -> Iterator[Problem]:
    """A version that the engine has not, or that AWS charges for."""
    if version not in engine.all_versions:
        given = f'engine_version is "{version}" and engine is "{engine.name}"'
        yield Problem("", given, f"a major version is one of {', '.join(engine.all_versions)}", "choose one of them")
    ended = engine.extended_support.get(version)
    if ended and not extended_support_reason:
        yield Problem(
            "",
            f'engine_version is "{version}" without a reason',
            f"its standard support ended on {ended}, and AWS charges for every processor and hour since (RDS guide)",
            f"choose {engine.default_version}, or set extended_support_reason",
        )
    if extended_support_reason and not ended and version in engine.all_versions:
        given = f'extended_support_reason is "{extended_support_reason}"'
        yield Problem("", given, f"{engine.label} {version} is in standard support", "remove it")


def reserved_name_problems(engine: Engine, master_username: str, database_name: str) -> Iterator[Problem]:
    """Names that the engine or RDS keeps for itself."""
    if not is_token(master_username) and engine.reserves_user(master_username):
        yield Problem("", f'master_username is "{master_username}"', f"{engine.label} reserves it", "choose another")
    if not is_token(database_name) and engine.reserves_database(database_name):
        yield Problem("", f'database_name is "{database_name}"', f"{engine.label} reserves it", "choose another")


def insights_problems(engine: Engine, instance_class: str, off_reason: str) -> Iterator[Problem]:
    """A class that has no Performance Insights with the engine."""
    if not off_reason and engine.family == MYSQL and instance_class in _WITHOUT_INSIGHTS:
        yield Problem(
            "",
            f'instance_class is "{instance_class}"',
            f"{engine.label} has no Performance Insights there (RDS guide)",
            "choose db.t4g.medium or larger, or set performance_insights_off_reason",
        )


def log_export_problems(engine: Engine, log_exports: tuple[str, ...] | None) -> Iterator[Problem]:
    """Logs that the engine has not, and one named twice."""
    for log in sorted(set(log_exports or ())):
        if log not in engine.log_exports:
            given = f'log_exports holds "{log}"'
            yield Problem("", given, f"{engine.label} has {', '.join(engine.log_exports)}", "choose among them")
        elif (log_exports or ()).count(log) > 1:
            yield Problem("", f'log_exports holds "{log}" twice', "each log once", "remove one")


def zone_problems(zones: tuple[str, ...], replicas: Mapping[str, ReplicaConfig]) -> Iterator[Problem]:
    """What the zones of a network are too few for, and replicas outside of them.

    Args:
        zones: zones of the network's isolated subnets.
        replicas: by name.
    """
    if len(zones) < _FEWEST_ZONES:
        yield Problem(
            "",
            f"the network has the zone {', '.join(zones)} only",
            "a database needs subnets in 2 availability zones, even without a standby (RDS guide, DB subnet groups)",
            "add a zone to the network",
        )
    for name, replica in sorted(replicas.items()):
        zone = replica.availability_zone
        if zone is not None and zone not in zones:
            given = f'replicas.{name}.availability_zone is "{zone}"'
            yield Problem("", given, f"the network has {', '.join(zones)}", "choose one of them")


def replica_problems(
    engine: Engine,
    replicas: Mapping[str, ReplicaConfig],
    *,
    database_class: str,
    has_insights: bool,
    has_own_password: bool,
) -> Iterator[Problem]:
    """Too many replicas, replicas of an instance whose password RDS keeps, and classes without Performance Insights."""
    if replicas and not has_own_password:
        yield Problem(
            "",
            f"replicas has {', '.join(sorted(replicas))}",
            "RDS makes none of an instance whose master password it keeps and rotates (RDS guide, limitations of "
            "password management)",
            "set master_password_rotation_off_reason, so that Terraform generates the password",
        )
    if len(replicas) > limits.RDS_MAX_REPLICAS:
        given = f"replicas has {len(replicas)} entries"
        yield Problem("", given, f"an instance has at most {limits.RDS_MAX_REPLICAS} (RDS guide)", "remove some")
    for name, replica in sorted(replicas.items()):
        own = replica.instance_class
        if own is not None and own != database_class and has_insights:
            yield from (problem.within(f"replicas.{name}") for problem in insights_problems(engine, own, ""))
