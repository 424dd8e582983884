"""What the fields of a cluster's configuration must be for one another."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING

from modules.core.errors import Problem
from modules.database.cluster_scaling_config import reader_problems
from modules.database.cluster_types import MultiAz, Provisioned, ServerlessV2
from modules.database.cluster_versions import (
    AUTO_PAUSE,
    DATA_API,
    LARGEST_CAPACITY,
    aurora_class_problems,
    multi_az_class_problems,
    version_problems,
)
from modules.database.config_checks import log_export_problems, reserved_name_problems
from modules.database.engines import MYSQL
from modules.database.parameters import parameter_problems

if TYPE_CHECKING:
    from modules.database.cluster_config import DatabaseClusterConfig
    from modules.database.global_cluster_config import GlobalDatabaseClusterConfig

_ACU_OF_OLDER_VERSIONS = 128
_LONGEST_USER = 16


def engine_problems(config: DatabaseClusterConfig) -> Iterator[Problem]:
    """What the engine and the kind of cluster have and have not."""
    engine, kind = config.engine_data, config.cluster_type
    if engine.is_aurora is isinstance(kind, MultiAz):
        engines = "aurora-postgresql and aurora-mysql" if engine.is_aurora else "postgres and mysql"
        kinds = "provisioned or serverless_v2" if engine.is_aurora else "multi_az"
        yield Problem(
            "",
            f'engine is "{config.engine}", and cluster_type.kind is "{kind.kind}"',
            f"clusters of {engines} are {kinds} (rds API model)",
            "change one of them",
        )
        return
    version = list(version_problems(engine, config.version, config.extended_support_reason))
    yield from version
    yield from log_export_problems(engine, config.log_exports)
    yield from parameter_problems(engine, config.parameters, config.pending_reboot_parameters)
    for problem in parameter_problems(engine, config.instance_parameters, {}):
        yield Problem(problem.where, f"instance_{problem.given}", problem.allowed, problem.fix)
    if isinstance(kind, MultiAz):
        yield from multi_az_class_problems("cluster_type.db_cluster_instance_class", kind.db_cluster_instance_class)
        yield from _aurora_only(config)
    else:
        yield from _aurora_problems(config, kind, knows_version=not version)


def _aurora_problems(
    config: DatabaseClusterConfig, kind: Provisioned | ServerlessV2, *, knows_version: bool
) -> Iterator[Problem]:
    engine = config.engine_data
    if isinstance(kind, Provisioned):
        yield from _class_problems(config, kind)
    elif knows_version:
        yield from _capacity_problems(config, kind)
    if config.data_api and knows_version:
        yield from DATA_API.problems(engine, config.version, "data_api is True")
    if config.reader_scaling is not None:
        yield from reader_problems(config.reader_scaling, len(kind.instances))
    for name in sorted(set(config.custom_endpoint_instances) - set(kind.instances)):
        known = ", ".join(sorted(kind.instances))
        given = f'custom_endpoint_instances holds "{name}"'
        yield Problem("", given, f"cluster_type.instances holds {known}", "name one of them")
    for name, count in sorted(Counter(config.custom_endpoint_instances).items()):
        if count > 1:
            yield Problem("", f'custom_endpoint_instances holds "{name}" twice', "each instance once", "remove one")
    if config.backtrack_window_seconds and engine.family != MYSQL:
        given = f"backtrack_window_seconds is {config.backtrack_window_seconds}"
        yield Problem("", given, "only Aurora MySQL goes back in place (rds API model)", "remove it")


def _class_problems(config: DatabaseClusterConfig, kind: Provisioned) -> Iterator[Problem]:
    own = {
        f"cluster_type.instances.{name}.instance_class": each.instance_class
        for name, each in sorted(kind.instances.items())
        if each.instance_class
    }
    for field, instance_class in {"cluster_type.instance_class": kind.instance_class, **own}.items():
        yield from aurora_class_problems(config.engine_data, field, instance_class, has_data_api=config.data_api)


def _capacity_problems(config: DatabaseClusterConfig, kind: ServerlessV2) -> Iterator[Problem]:
    if kind.min_acu == 0:
        yield from AUTO_PAUSE.problems(config.engine_data, config.version, "cluster_type.min_acu is 0")
    if kind.max_acu > _ACU_OF_OLDER_VERSIONS:
        given = f"cluster_type.max_acu is {kind.max_acu:g}"
        yield from LARGEST_CAPACITY.problems(config.engine_data, config.version, given)


def _aurora_only(config: DatabaseClusterConfig) -> Iterator[Problem]:
    given = {
        "data_api is True": config.data_api,
        "reader_scaling is set": config.reader_scaling is not None,
        "instance_parameters is set": bool(config.instance_parameters),
        "custom_endpoint_instances is set": bool(config.custom_endpoint_instances),
        f"backtrack_window_seconds is {config.backtrack_window_seconds}": config.backtrack_window_seconds > 0,
        "secondary is set": config.secondary is not None,
    }
    for field in (field for field, is_set in given.items() if is_set):
        yield Problem("", field, "a Multi-AZ DB cluster has none, only Aurora does (rds API model)", "remove it")


def name_problems(config: DatabaseClusterConfig) -> Iterator[Problem]:
    """A database and a master user, or neither where they come from a primary."""
    engine = config.engine_data
    for field, value in (("database_name", config.database_name), ("master_username", config.master_username)):
        if config.secondary is not None:
            if value:
                yield Problem("", f'{field} is "{value}"', "a secondary has its primary's (Aurora guide)", "remove it")
        elif not value:
            yield Problem("", f"{field} is missing", "only a secondary goes without", "set it")
    if len(config.master_username) > _LONGEST_USER:
        given = f'master_username is "{config.master_username}"'
        yield Problem("", given, "it has at most 16 characters (rds API model)", "shorten it")
    if len(config.database_name) > engine.longest_database_name:
        given = f'database_name is "{config.database_name}"'
        yield Problem("", given, f"it has at most {engine.longest_database_name} characters", "shorten it")
    yield from reserved_name_problems(engine, config.master_username, config.database_name)
    yield from _global_problems(config)


def _global_problems(config: DatabaseClusterConfig) -> Iterator[Problem]:
    if config.secondary is None:
        return
    if config.master_password_rotation_off_reason:
        given = f'master_password_rotation_off_reason is "{config.master_password_rotation_off_reason}"'
        yield Problem("", given, "a secondary has its primary's master user (Aurora guide)", "remove it")
    kind = config.cluster_type
    if isinstance(kind, ServerlessV2) and kind.min_acu == 0:
        yield _paused_member("cluster_type.min_acu is 0, and secondary is set")
    if config.backtrack_window_seconds:
        yield _backtracked_member(config.backtrack_window_seconds)


def _paused_member(given: str) -> Problem:
    """The problem of a member of a global cluster that would pause."""
    return Problem(
        "",
        given,
        "replication keeps a global cluster's members awake (Aurora guide, scaling to zero ACUs)",
        "set cluster_type.min_acu to 0.5 or more",
    )


def _backtracked_member(seconds: int) -> Problem:
    """The problem of a member of a global cluster that would go back in place."""
    return Problem(
        "",
        f"backtrack_window_seconds is {seconds}",
        "a member of a global cluster cannot go back in place (Aurora guide, global databases)",
        "remove it",
    )


def subnet_problems(config: DatabaseClusterConfig, zones: tuple[str, ...]) -> Iterator[Problem]:
    """What the cluster asks of its network.

    Args:
        config: the cluster's.
        zones: zones of the network's isolated subnets.
    """
    needed = 3 if config.multi_az else 2
    if len(zones) < needed:
        what = "a Multi-AZ DB cluster" if config.multi_az else "an Aurora cluster"
        yield Problem(
            "",
            f"the network has {len(zones)} availability zones",
            f"{what} needs subnets in {needed} (RDS guide, DB subnet groups)",
            "add a zone to the network",
        )
    kind = config.cluster_type
    if isinstance(kind, MultiAz):
        return
    for name, each in sorted(kind.instances.items()):
        if each.availability_zone and each.availability_zone not in zones:
            yield Problem(
                "",
                f'cluster_type.instances.{name}.availability_zone is "{each.availability_zone}"',
                f"the network has {', '.join(zones)}",
                "name one of them",
            )


def member_problems(config: DatabaseClusterConfig, joined: GlobalDatabaseClusterConfig | None) -> Iterator[Problem]:
    """What joining a global cluster as its primary asks of a cluster.

    Args:
        config: the cluster's.
        joined: the global cluster's; None where it joins none.
    """
    if joined is None:
        return
    if config.secondary is not None:
        given = "global_cluster is given, and secondary is set"
        yield Problem("", given, "a cluster is the primary or a secondary", "remove one of the two")
    if (config.engine, config.version) != (joined.engine, joined.version):
        yield Problem(
            "",
            f"the cluster is {config.engine} {config.version}, the global cluster {joined.engine} {joined.version}",
            "members have one engine and one version (Aurora guide, global databases)",
            "write the same engine and engine_version in both",
        )
    if not config.secondary and not config.master_password_rotation_off_reason:
        yield Problem(
            "",
            "global_cluster is given, and master_password_rotation_off_reason is empty",
            "RDS keeps and rotates no master password of a global cluster's members (Aurora guide, limitations of "
            "password management)",
            "set it, so that Terraform generates the password",
        )
    kind = config.cluster_type
    if isinstance(kind, ServerlessV2) and kind.min_acu == 0:
        yield _paused_member("cluster_type.min_acu is 0, and global_cluster is given")
    if config.backtrack_window_seconds:
        yield _backtracked_member(config.backtrack_window_seconds)
