"""A security group has its rules in itself or in rule resources, not in both."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from analysis.network.lookups import GROUP
from analysis.network.rules import EGRESS, INGRESS
from analysis.plan import UNKNOWN, Resource
from policies.policy import Policy, Severity, Verdict
from policies.samples import merged, resource
from policies.shared.network import judged
from policies.shared.network_samples import LATER_NAMED, inline_rule, later, ref, rule
from policies.shared.security_group_samples import VPC, inside, named
from policies.shared.security_groups import EGRESS_RULE, INGRESS_RULE, RULE, rule_resources
from policies.view import View


def judge(view: View) -> Iterator[Verdict]:
    """Each group by where its rules are written, either direction by itself."""
    strays = _strays(view)
    for group in view.plan.of(*GROUP.types):
        faults, doubts = list[str](), list[str]()
        for direction in (INGRESS, EGRESS):
            inline = _is_inline(view, group, direction)
            apart = rule_resources(view, group, direction)
            if inline and apart:
                end = "each apply removes the one or the other"
                faults.append(f"it has {direction} rules in itself, and {apart[0]} is another: {end}")
            elif inline:
                doubts += [f"whether {stray} is a rule of it too is not known" for stray in strays[:1]]
            elif inline is None and apart:
                doubts.append(f"whether {direction} rules are written in it beside {apart[0]} is not known")
        yield judged(group, faults, doubts)


def _is_inline(view: View, group: Resource, direction: str) -> bool | None:
    """Whether a group itself is written with rules, an empty list of them too; None where that is not known.

    A plan does not write down a `dynamic` block. It shows by the rules that AWS lists and no rule resource explains.
    """
    if view.plan.is_configured(group, direction):
        texts = group.get(direction)
        return None if texts is UNKNOWN and not view.plan.links(group, direction).is_empty else True
    found = {_service(block.get("protocol"), block.values) for block in group.blocks(direction)}
    if group.actions == ("create",):
        return bool(found)
    apart = rule_resources(view, group, direction)
    explained = {_service(entry.get("protocol", entry.get("ip_protocol")), entry.values) for entry in apart}
    return None if found - explained and not any(entry.actions != ("no-op",) for entry in apart) else False


def _service(protocol: Any, values: Mapping[str, Any]) -> tuple[Any, ...]:
    """Protocol and ports of a rule, in the same form wherever it is written."""
    name = str(protocol).lower()
    return ("-1",) if name in {"-1", "all"} else (name, values.get("from_port"), values.get("to_port"))


def _strays(view: View) -> tuple[Resource, ...]:
    """Rule resources of which the group is not known."""
    lookups = view.network.lookups
    every = view.plan.of(RULE, INGRESS_RULE, EGRESS_RULE)
    return tuple(entry for entry in every if lookups.parts(entry, "security_group_id", GROUP).unknown)


POLICY = Policy(
    id="CKV2_LNET_207",
    title="Security group has its rules in itself or in rule resources, not in both",
    severity=Severity.LOW,
    types=GROUP.types,
    why="A group with rules in itself removes every other rule of it: rule resources and the group undo each other "
    "with each apply, and between them connections are refused.",
    source="Terraform AWS provider, aws_security_group: note on rule resources",
    fix="Write every rule as an aws_vpc_security_group_ingress_rule or aws_vpc_security_group_egress_rule.",
    judge=judge,
    samples=(
        merged(
            VPC,
            named("passes_with_rules_apart"),
            inside("passes_with_rules_in_itself", inline_rule(443, cidr_blocks=["10.0.0.0/16"])),
            inside("passes_with_the_other_direction_apart", inline_rule(443, cidr_blocks=["10.0.0.0/16"])),
            inside("fails_with_both", inline_rule(443, cidr_blocks=["10.0.0.0/16"])),
            inside("fails_with_an_old_rule", inline_rule(443, cidr_blocks=["10.0.0.0/16"])),
            rule("ingress", "apart", "passes_with_rules_apart", cidr_ipv4="10.0.0.0/16"),
            rule("egress", "other", "passes_with_the_other_direction_apart", cidr_ipv4="10.0.0.0/16"),
            rule("ingress", "both", "fails_with_both", 8443, cidr_ipv4="10.0.0.0/16"),
            resource(
                RULE,
                "old",
                type=INGRESS,
                security_group_id=ref("aws_security_group.fails_with_an_old_rule"),
                protocol="tcp",
                from_port=8443,
                to_port=8443,
                cidr_blocks=["10.0.0.0/16"],
            ),
        ),
        merged(
            VPC,
            named("passes_bare"),
            later("group", ref("aws_security_group.unknown_then_fails_by_rule")),
            inside("unknown_then_fails_by_rule", inline_rule(443, cidr_blocks=["10.0.0.0/16"])),
            inside("unknown_then_passes_by_rule", inline_rule(443, cidr_blocks=["10.0.0.0/16"])),
            rule(
                "ingress",
                "later",
                "passes_bare",
                8443,
                security_group_id=LATER_NAMED.format("group"),
                cidr_ipv4="10.0.0.0/16",
            ),
        ),
    ),
)
