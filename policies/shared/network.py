"""Functions in VPCs as policies on networks see them: their subnets, zones and route tables, and what is not known."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from analysis.budget.model import Row
from analysis.budget.view import plan_names
from analysis.network.lookups import VPCS, is_open
from analysis.network.strays import Part
from analysis.network.vpcs import Subnet
from analysis.plan import Plan, Resource
from policies.policy import Verdict, failed, passed, unknown
from policies.shared.per_plan import per_plan
from policies.view import View

SUBNET_IDS, GROUP_IDS = "vpc_config.subnet_ids", "vpc_config.security_group_ids"
AFTER_APPLY = "known only after apply"
_ZONE_ID = re.compile(r".*-az\d+")


def judged(resource: Resource | str, faults: Iterable[str], doubts: Iterable[str] = (), fix: str = "") -> Verdict:
    """Failed by what is certainly wrong, else unknown by what cannot be told, else passed."""
    if listed := dict.fromkeys(faults):
        return failed(resource, "; ".join(listed), fix)
    if open_ := dict.fromkeys(doubts):
        return unknown(resource, "; ".join(open_))
    return passed(resource)


def lacking(
    view: View, resource: Resource | str, faults: Iterable[str], doubts: Iterable[str] = (), fix: str = ""
) -> Verdict:
    """As `judged`, where a fault is that something is missing: it may stand in a module that the input does not hold.

    Synthesized JSON names the modules that it calls, and not what is in them.
    """
    module = unseen_module(view.plan)
    if not module:
        return judged(resource, faults, doubts, fix)
    end = f"as far as is known without {module}, which is not in the synthesized JSON"
    return judged(resource, (), (*doubts, *(f"{fault}, {end}" for fault in faults)))


@per_plan
def unseen_module(plan: Plan) -> str:
    """The first module that is called and of which the plan does not tell what it holds; empty for none."""
    modules = [("", (plan.document.get("configuration") or {}).get("root_module") or {})]
    while modules:
        prefix, module = modules.pop()
        for name, call in sorted((module.get("module_calls") or {}).items()):
            address = f"{prefix}module.{name}"
            if "module" not in call:
                return address
            modules.append((f"{address}.", call["module"]))
    return ""


def functions_in_vpc(view: View) -> Iterator[Resource]:
    """Functions with network interfaces in a VPC, or with subnets that are not known."""
    for function in view.functions:
        if view.setting(function, "vpc_config") not in (None, []) and function.get(SUBNET_IDS) not in (None, []):
            yield function


def subnets_of(view: View, function: Resource) -> tuple[tuple[Subnet, ...], tuple[str, ...]]:
    """The subnets of a function that are known, and sentences on what of them is not."""
    subnets, unresolved = view.network.subnets_of(function, SUBNET_IDS)
    return subnets, not_told(SUBNET_IDS, unresolved)


def groups_of(view: View, function: Resource) -> tuple[tuple[Part, ...], tuple[str, ...]]:
    """The security groups of a function that are known, and sentences on what of them is not."""
    subnets, _ = view.network.subnets_of(function, SUBNET_IDS)
    groups, unresolved = view.network.groups_of(function, GROUP_IDS, subnets)
    return groups, not_told(GROUP_IDS, unresolved)


def not_told(path: str, unresolved: Iterable[str]) -> tuple[str, ...]:
    """A sentence on what an attribute leads to and nobody can tell yet; none where all of it is known."""
    listed = tuple(unresolved)
    named = ", ".join(text for text in listed if text != path)
    if not listed:
        return ()
    return (f"{path} leads to {named}, which is {AFTER_APPLY}" if named else f"{path} is {AFTER_APPLY}",)


def too_few_zones(subnets: Iterable[Subnet], doubts: Iterable[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What is wrong with subnets that do not lie in two zones, and what of it cannot be told.

    A zone may be written as a name, such as `eu-west-1a`, or as an id, such as `euw1-az1`, which say nothing of each
    other.
    """
    listed, open_ = tuple(subnets), tuple(doubts)
    ids = {subnet.zone for subnet in listed if _ZONE_ID.fullmatch(subnet.zone)}
    names = {subnet.zone for subnet in listed if subnet.zone} - ids
    if len(names) > 1 or len(ids) > 1:
        return (), ()
    without = tuple(f"the availability zone of {subnet} is not known" for subnet in listed if not subnet.zone)
    if len(listed) == 1 and not open_:
        zone = f" in {listed[0].zone}" if listed[0].zone else ""
        return (f"its only subnet is {listed[0]}{zone}",), ()
    if open_ or without:
        return (), (*open_, *without)
    if names and ids:
        return (), (f"whether {min(names)} and {min(ids)} are one availability zone is not known",)
    if not listed:
        return ("it has no subnet",), ()
    return (f"all of its subnets lie in {min(names | ids)}",), ()


def hosts(view: View) -> tuple[Mapping[Part, Resource], tuple[str, ...]]:
    """The VPCs that functions are in, each with the first function, and sentences on functions whose VPC is not known.

    A VPC outside the plan, which is known by its id, is known.
    """
    found, doubts = dict[Part, Resource](), list[str]()
    for function in functions_in_vpc(view):
        subnets, open_ = subnets_of(view, function)
        vpcs = {subnet.vpc for subnet in subnets}
        for vpc in vpcs:
            if vpc is not None:
                found.setdefault(vpc, function)
        if not any(isinstance(vpc, Resource) or (vpc is not None and not is_open(vpc)) for vpc in vpcs):
            reason = open_[0] if open_ else f"the VPC of {subnets[0]} is not known"
            doubts.append(f"whether {function} is in this VPC is not known: {reason}")
    return found, tuple(doubts)


def vpcs(view: View) -> tuple[Resource, ...]:
    """The VPCs that the plan manages."""
    return view.plan.of(*VPCS)


def rows(view: View, rule: str) -> Mapping[str, Row]:
    """What the plan and those beside it use of a limit, by its scope as this plan names it."""
    name = plan_names([view.plan, *view.beside])[0] if view.beside else ""
    prefix = f"{name}: " if name else ""
    return {row.scope.removeprefix(prefix): row for row in view.budget.rows if row.rule == rule}


def own_name(view: View, resource: Resource) -> str:
    """How the budget calls a resource of this plan: with the plan's name where there are several."""
    name = plan_names([view.plan, *view.beside])[0] if view.beside else ""
    return f"{name}: {resource.address}" if name else resource.address
