"""What each function of a plan needs to reach.

Read from its role, its environment, the rules of its security groups, its file systems and its event sources. What
Lambda does on its behalf is no need: logs, traces, network interfaces, polling, dead letters and destinations.
"""

from __future__ import annotations

from collections.abc import Iterator

from analysis.plan import UNKNOWN, Plan, Resource
from analysis.reach.model import Kind, Need
from analysis.reach.needs_calls import ANY_SERVICE, Calls
from analysis.reach.needs_environment import environment_evidence
from analysis.reach.needs_evidence import Evidence, needs_of
from analysis.reach.needs_extensions import extension_evidence
from analysis.reach.needs_groups import GroupTargets
from analysis.reach.needs_proxies import with_databases
from analysis.reach.needs_sources import file_evidence, source_evidence

__all__ = ["ANY_SERVICE", "needs"]


def needs(plan: Plan) -> tuple[Need, ...]:
    """What functions and the pollers of event sources in a VPC need to reach; see the module.

    A function in no VPC needs nothing but what lies in one: hosts in its environment.

    Returns:
        needs by the addresses of function and origin, then by destination. A need that is not certain says why in
        `unknown`. A service named `ANY_SERVICE` stands for calls that the plan does not tell.
    """
    return needs_of(with_databases(plan, _evidence(plan)))


def is_in_vpc(function: Resource) -> bool:
    """Whether a function has network interfaces in a VPC, or may have them."""
    subnets = function.get("vpc_config.subnet_ids")
    return subnets is UNKNOWN or subnets not in (None, [])


def _evidence(plan: Plan) -> Iterator[Evidence]:
    calls, groups = Calls(plan), GroupTargets(plan)
    for function in plan.of("aws_lambda_function"):
        for mapping in calls.used(function).mappings:
            yield from source_evidence(plan, function, mapping)
        if is_in_vpc(function):
            policies = calls.policies(function)
            yield from calls.evidence(function, policies)
            yield from environment_evidence(plan, function, policies)
            yield from groups.evidence(function)
            yield from file_evidence(plan, function)
            yield from extension_evidence(plan, function)
        else:
            named = environment_evidence(plan, function, None)
            yield from (
                entry for entry in named if entry.destination.resource and entry.destination.kind is Kind.RESOURCE
            )
