"""A security group is carried by one kind of thing, and by something."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from analysis.network.lookups import GROUP
from analysis.network.strays import Part
from analysis.network.targets import DATABASE_TYPES, targets_of
from analysis.plan import Plan, Resource
from analysis.plan.configuration import references_of
from policies.policy import Policy, Severity, Verdict
from policies.samples import merged
from policies.shared.network import functions_in_vpc, groups_of, judged, lacking
from policies.shared.network_samples import LATER_NAMED, interface_endpoint, later, ref
from policies.shared.per_plan import per_plan
from policies.shared.security_group_samples import VPC, cache, caller, named
from policies.shared.security_groups import EGRESS_RULE, INGRESS_RULE, RULE
from policies.view import View

_CARRIES = ("security_group_ids", "vpc_security_group_ids", "security_groups", "security_group_id")
_RULES = frozenset({RULE, INGRESS_RULE, EGRESS_RULE, *GROUP.types})


def judge(view: View) -> Iterator[Verdict]:
    """Each security group by who carries it."""
    functions, astray = _functions(view)
    databases, more = _databases(view)
    strangers = _strangers(view.plan)
    for group in view.plan.of("aws_security_group"):
        function, database = functions.get(group), databases.get(group)
        if function and database:
            fault = f"{function} carries it and {database} too, so that a rule for one is a rule for the other"
            yield judged(group, [fault])
        elif function or database or _is_used(view.plan, group):
            others = more if function else astray if database else ()
            yield judged(group, (), [f"whether {entry} carries it too is not known" for entry in others])
        else:
            faults = ["nothing of the plan carries it, so that its rules are for nobody or for somebody unseen"]
            doubts = [
                f"nothing else carries it, and whether {entry} does is not known"
                for entry in (*astray, *more, *strangers)
            ]
            yield lacking(view, group, () if doubts else faults, doubts)


def _functions(view: View) -> tuple[Mapping[Part, Resource], tuple[Resource, ...]]:
    """The first function that carries each group, and functions of which the groups are not known."""
    found, strays = dict[Part, Resource](), list[Resource]()
    for function in functions_in_vpc(view):
        groups, doubts = groups_of(view, function)
        strays += [function] if doubts else []
        for group in groups:
            found.setdefault(group, function)
    return found, tuple(strays)


def _databases(view: View) -> tuple[Mapping[Part, Resource], tuple[Resource, ...]]:
    """The first database, proxy or cache that carries each group, and those of which the groups are not known."""
    found, strays = dict[Part, Resource](), list[Resource]()
    for database in view.plan.of(*DATABASE_TYPES):
        for target in targets_of(view.network, database):
            strays += [database] if target.group_doubts else []
            for group in target.groups:
                found.setdefault(group, database)
    return found, tuple(strays)


def _strangers(plan: Plan) -> tuple[Resource, ...]:
    """What carries security groups, such as an endpoint, and does not tell which."""
    return tuple(
        entry
        for entry in plan.of()
        if entry.type not in {*_RULES, *DATABASE_TYPES, "aws_lambda_function"}
        and any(plan.is_configured(entry, path) and not plan.links(entry, path).is_complete for path in _CARRIES)
    )


def _is_used(plan: Plan, group: Resource) -> bool:
    """Whether anything but a rule refers to a group, or an output hands it on."""
    if any(entry.type not in _RULES for entry in plan.referrers(group)):
        return True
    return f"{group.type}.{group.name}" in _handed_on(plan)


@per_plan
def _handed_on(plan: Plan) -> frozenset[str]:
    """Resources that outputs of any module name, as they are called in their own module."""
    found, modules = set[str](), [(plan.document.get("configuration") or {}).get("root_module") or {}]
    while modules:
        module = modules.pop()
        for output in (module.get("outputs") or {}).values():
            for text in references_of(output.get("expression") or {}):
                found.add(".".join(text.partition("[")[0].split(".")[:2]))
        modules.extend(call.get("module") or {} for call in (module.get("module_calls") or {}).values())
    return frozenset(found)


POLICY = Policy(
    id="CKV2_LNET_206",
    title="Security group is carried by functions or by databases, not by both, and not by nothing",
    severity=Severity.LOW,
    types=("aws_security_group",),
    why="Where a function and a database carry one group, a rule that lets the function out lets the database out, and "
    "who may connect to the one may connect to the other. A group that nothing carries waits for somebody to take it.",
    source="VPC guide, security groups: best practices",
    fix="Give each kind of thing a security group of its own, name one in the rules of the other, and remove what "
    "nothing carries.",
    judge=judge,
    samples=(
        merged(
            VPC,
            named("passes_of_a_function", "passes_of_a_cache", "passes_of_an_endpoint", "fails_with_both"),
            named("fails_without_anybody"),
            caller("orders", "passes_of_a_function", "fails_with_both"),
            cache("orders", "passes_of_a_cache", "fails_with_both"),
            interface_endpoint("queues", "sqs", "passes_of_an_endpoint"),
        ),
        merged(
            VPC,
            named("unknown_then_passes_of_a_function", "unknown_then_fails_with_both", "passes_handed_on"),
            later("cache", ref("aws_security_group.passes_handed_on")),
            later("both", ref("aws_security_group.unknown_then_fails_with_both")),
            caller("orders", "unknown_then_passes_of_a_function", "unknown_then_fails_with_both"),
            cache("orders", LATER_NAMED.format("cache"), LATER_NAMED.format("both")),
        ),
    ),
    replaces={
        "CKV2_AWS_5": "it does not know that aws_db_proxy, serverless caches and others carry security groups and "
        "fails theirs; this policy takes whatever refers to a group, and outputs that hand it on",
    },
)
