"""The parameter groups of a cluster: one of its own, and for Aurora one of its instances."""

from __future__ import annotations

import modules.core.engine

from cdktf import TerraformResourceLifecycle
from cdktf_cdktf_provider_aws.rds_cluster_parameter_group import (
    RdsClusterParameterGroup,
    RdsClusterParameterGroupParameter,
)
from constructs import Construct

from modules.database.cluster_config import DatabaseClusterConfig
from modules.database.cluster_versions import major_version
from modules.database.engines import MYSQL
from modules.database.parameter_group import parameter_group
from modules.database.parameters import Parameter, parameters_of


def cluster_parameter_group(scope: Construct, construct_id: str, *, name: str, config: DatabaseClusterConfig) -> str:
    """Make the cluster's group, which requires TLS, and return its name.

    The version is part of the name, so that an upgrade makes a second group before the first one goes. Aurora MySQL
    takes slow statements and connections from the instances' group (Aurora guide, parameters of Aurora MySQL).

    Args:
        scope: the cluster's construct.
        construct_id: id below `scope`.
        name: begins the group's name.
        config: the cluster's.
    """
    engine = config.engine_data
    family = engine.parameter_family_of(major_version(engine, config.version))
    by_instance = engine.is_aurora and engine.family == MYSQL
    logs = parameters_of(engine, slow_query_milliseconds=config.slow_query_milliseconds)
    elsewhere = {each.name for each in logs} - set(engine.tls_parameters) if by_instance else set()
    parameters = parameters_of(
        engine,
        slow_query_milliseconds=config.slow_query_milliseconds,
        max_connections=None if engine.is_aurora else config.max_connections,
        added=config.parameters,
        added_pending_reboot=config.pending_reboot_parameters,
    )
    group = RdsClusterParameterGroup(
        scope,
        construct_id,
        name=f"{name}-{family}".replace(".", "-"),
        family=family,
        description="TLS required" if elsewhere else "TLS required, slow statements logged",
        parameter=[
            RdsClusterParameterGroupParameter(
                name=parameter.name,
                value=parameter.value,
                apply_method="pending-reboot" if parameter.waits_for_reboot else None,
            )
            for parameter in parameters
            if parameter.name not in elsewhere
        ],
        lifecycle=TerraformResourceLifecycle(create_before_destroy=True),
    )
    return str(group.name)


def instance_parameter_group(scope: Construct, construct_id: str, *, name: str, config: DatabaseClusterConfig) -> str:
    """Make the group of an Aurora cluster's instances; TLS is required by the cluster's. Arguments as above."""
    engine = config.engine_data
    return parameter_group(
        scope,
        construct_id,
        name=f"{name}-instance",
        engine=engine,
        version=major_version(engine, config.version),
        description="Parameters of instances",
        parameters=_of_instances(config),
    )


def _of_instances(config: DatabaseClusterConfig) -> tuple[Parameter, ...]:
    """Connections, what the configuration adds, and for Aurora MySQL slow statements.

    Nothing that the cluster's group sets: what stands here would win over it (Aurora guide, parameter groups).
    """
    engine = config.engine_data
    found = parameters_of(
        engine,
        slow_query_milliseconds=config.slow_query_milliseconds,
        max_connections=config.max_connections,
        added=config.instance_parameters,
    )
    always = {each.name for each in parameters_of(engine, slow_query_milliseconds=config.slow_query_milliseconds)}
    by_cluster = set(engine.tls_parameters) if engine.family == MYSQL else always - set(config.instance_parameters)
    return tuple(parameter for parameter in found if parameter.name not in by_cluster)
