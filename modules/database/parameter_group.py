"""The parameter group of an instance, or of a cluster's instances."""

from __future__ import annotations

from collections.abc import Iterable

import modules.core.engine

from cdktf import TerraformResourceLifecycle
from cdktf_cdktf_provider_aws.db_parameter_group import DbParameterGroup, DbParameterGroupParameter
from constructs import Construct

from modules.database.engines import Engine
from modules.database.parameters import Parameter


def parameter_group(
    scope: Construct,
    construct_id: str,
    *,
    name: str,
    engine: Engine,
    version: str,
    description: str,
    parameters: Iterable[Parameter],
) -> str:
    """Make a group for one major version, and return its name.

    The version is part of the name, so that an upgrade makes a second group before the first one goes.

    Args:
        scope: the instance's construct.
        construct_id: id below `scope`.
        name: begins the group's name.
        engine: the instance's engine.
        version: major version.
        description: what the group is for.
        parameters: what the group sets.
    """
    family = engine.parameter_family_of(version)
    group = DbParameterGroup(
        scope,
        construct_id,
        name=f"{name}-{family}".replace(".", "-"),
        family=family,
        description=description,
        parameter=[
            DbParameterGroupParameter(
                name=parameter.name,
                value=parameter.value,
                apply_method="pending-reboot" if parameter.waits_for_reboot else None,
            )
            for parameter in parameters
        ],
        lifecycle=TerraformResourceLifecycle(create_before_destroy=True),
    )
    return str(group.name)
