"""The security groups of functions admit nothing."""

from __future__ import annotations

from collections.abc import Iterator

from analysis.network.placed import targets
from analysis.network.rules import INGRESS
from analysis.network.strays import Part
from policies.policy import Policy, Severity, Verdict
from policies.samples import merged
from policies.shared.network import functions_in_vpc, groups_of, judged
from policies.shared.network_samples import LATER_NAMED, inline_rule, later, ref, rule
from policies.shared.security_group_samples import VPC, cache, caller, group_ids, inside, named
from policies.shared.security_groups import entries_of
from policies.view import View


def judge(view: View) -> Iterator[Verdict]:
    """Each function by the ingress rules of its groups; what it shares with a database has to admit others."""
    shared, strays = set[Part](), list[str]()
    gateways = {entry.resource for entry in view.network.endpoints.every if entry.kind == "Gateway"}
    for target in targets(view.network):
        if target.resource in gateways:
            continue
        shared.update(target.groups)
        strays += [f"whether {target.resource} has it too is not known ({text})" for text in target.group_doubts]
    for function in functions_in_vpc(view):
        groups, doubts = groups_of(view, function)
        faults, open_ = list[str](), list(doubts)
        for group in groups:
            if group in shared:
                continue
            entries, unsure = entries_of(view, group, INGRESS)
            open_ += unsure
            named_ = [entry.place for entry in entries if not entry.direction_doubt]
            if isinstance(group, str) and not unsure:
                named_ = ["its own rule"]
            if named_:
                message = f"{group} admits connections by {named_[0]}, and nothing connects to a function in its VPC"
                (open_ if strays else faults).append(f"{message}; {strays[0]}" if strays else message)
            open_ += [f"{entry.place}: {entry.direction_doubt}" for entry in entries if entry.direction_doubt]
        yield judged(function, faults, open_)


POLICY = Policy(
    id="CKV2_LNET_205",
    title="Security groups of functions have no ingress rules",
    severity=Severity.MEDIUM,
    types=("aws_lambda_function",),
    why="A function is invoked through the API of Lambda, and no connection ever reaches its network interfaces. An "
    "ingress rule of its group is a mistake in direction, or opens something else that carries the group.",
    source="Lambda developer guide, VPC networking; VPC guide, security group rules",
    fix="Remove the ingress rules of the function's group; admit it in the group of what it calls.",
    judge=judge,
    samples=(
        merged(
            VPC,
            named("bare", "caller", "shared", "apart"),
            inside("in_itself", inline_rule(443, security_groups=group_ids("bare"))),
            rule("ingress", "apart", "apart", 443, referenced_security_group_id=ref("aws_security_group.bare")),
            rule("ingress", "shared", "shared", 6379, referenced_security_group_id=ref("aws_security_group.bare")),
            rule("egress", "bare", "bare", 443, cidr_ipv4="0.0.0.0/0"),
            cache("orders", "shared"),
            later("bare", ref("aws_security_group.bare")),
            later("apart", ref("aws_security_group.apart")),
            caller("passes_with_egress_only", "bare"),
            caller("passes_with_the_group_of_a_cache", "bare", "shared"),
            caller("fails_with_a_rule_in_its_group", "in_itself"),
            caller("fails_with_a_rule_apart", "bare", "apart"),
            caller("fails_with_the_default_group", ref("aws_vpc.main", "default_security_group_id")),
            caller("unknown_then_passes_by_group", LATER_NAMED.format("bare")),
            caller("unknown_then_fails_by_group", LATER_NAMED.format("apart")),
        ),
    ),
)
