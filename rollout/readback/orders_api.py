"""The stack orders_api read back from AWS after an apply."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import Any

from rollout.readback.alarms import alarm_checks, topic_checks
from rollout.readback.check import Check, Clients, equal, guarded
from rollout.readback.database import database_checks, database_parameter_checks, database_placement_checks
from rollout.readback.expected import Expected
from rollout.readback.function import (
    attachment_checks,
    environment_checks,
    failure_checks,
    function_checks,
    signing_checks,
)
from rollout.readback.function_role import function_role_checks
from rollout.readback.keys import key_checks
from rollout.readback.network import endpoint_checks, flow_log_checks, route_checks, vpc_checks
from rollout.readback.proxy import proxy_checks, proxy_role_checks, proxy_target_checks
from rollout.readback.release import dashboard_checks, release_checks
from rollout.readback.security_groups import security_group_checks

OUTPUTS = frozenset(
    {
        "alarm_names", "alarm_topic_arn", "database_identifier", "function_name", "function_role_name",
        "function_security_group_ids", "private_subnet_ids", "proxy_endpoint", "proxy_name", "vpc_id",
    }
)  # fmt: skip
"""The stack's outputs that are read here."""

_Aspect = Callable[[Clients, Mapping[str, Any], Expected], Iterable[Check]]
_ASPECTS: tuple[tuple[str, _Aspect], ...] = (
    ("key", lambda clients, _outputs, expected: key_checks(clients, expected)),
    ("vpc", vpc_checks),
    ("routes", route_checks),
    ("endpoints", endpoint_checks),
    ("flow log", flow_log_checks),
    ("security groups", security_group_checks),
    ("database", database_checks),
    ("database subnets", database_placement_checks),
    ("database parameters", database_parameter_checks),
    ("proxy", proxy_checks),
    ("proxy target", proxy_target_checks),
    ("proxy role", proxy_role_checks),
    ("function", function_checks),
    ("function environment", environment_checks),
    ("function attachment", lambda clients, outputs, _expected: attachment_checks(clients, outputs)),
    ("function failure path", failure_checks),
    ("function signing", signing_checks),
    ("function role", function_role_checks),
    ("alarms", alarm_checks),
    ("alarm topic", topic_checks),
    ("releases", release_checks),
    ("dashboard", dashboard_checks),
)


def read_back(clients: Clients, outputs: Mapping[str, Any], expected: Expected) -> tuple[Check, ...]:
    """Everything that matters about an applied stack, aspect by aspect; nothing is changed.

    An aspect that cannot be read (something is gone, a permission is lacking) is one failed check of its own; that AWS
    cannot be reached at all is raised as botocore's own error.

    Args:
        clients: service name to client.
        outputs: the stack's Terraform outputs by name; `Any`, as outputs are.
        expected: what the configuration says.
    """
    missing = sorted(OUTPUTS - set(outputs))
    if missing:
        return (equal("outputs: missing", [], missing),)
    return tuple(
        check for subject, aspect in _ASPECTS for check in guarded(subject, partial(aspect, clients, outputs, expected))
    )
