"""Weak spots of security groups: who is admitted."""

from __future__ import annotations

from collections.abc import Iterator

from analysis.finding import Finding, Level
from analysis.network.lookups import GROUP
from analysis.network.network import Network
from analysis.network.placed import targets
from analysis.network.ranges import is_everywhere
from analysis.network.rules import INGRESS, Rule
from analysis.network.targets import DATABASE_TYPES

_PUBLIC = ("aws_lb",)


def ingress_from_everywhere(network: Network) -> Iterator[Finding]:
    """A group that admits every address; that of a public load balancer has to."""
    public = {
        group
        for target in targets(network, _PUBLIC)
        for group in target.groups
        if target.resource.get("internal") is not True
    }
    for group in network.plan.of(*GROUP.types):
        for rule in network.groups.rules(group, INGRESS) if group not in public else ():
            if rule.is_open:
                ranges = " and ".join(str(entry) for entry in rule.ranges if is_everywhere(entry))
                message = f"its rule {rule.address} admits {_services(rule)} from {ranges}"
                fix = "name the security groups that connect"
                address, missing = group.address, "a source in the ingress rule"
                yield Finding("ingress-from-everywhere", Level.WARNING, address, missing, message, fix)


def database_open_to_addresses(network: Network) -> Iterator[Finding]:
    """A database that admits ranges of addresses admits whatever gets one of them."""
    groups = {group: target for target in targets(network, DATABASE_TYPES) for group in target.groups}
    for group in sorted(groups, key=str):
        for rule in network.groups.rules(group, INGRESS):
            ranges = [str(entry) for entry in rule.ranges if not is_everywhere(entry)]
            ranges.extend(f"the range of {part}" for part in sorted(map(str, rule.containers)))
            if ranges:
                database = groups[group].resource.address
                message = f"its rule {rule.address} admits {' and '.join(ranges)} to {database}"
                fix = "name the security groups that connect"
                missing = "a security group in the ingress rule"
                yield Finding("database-open-to-addresses", Level.WARNING, str(group), missing, message, fix)


def group_without_rules(network: Network) -> Iterator[Finding]:
    """Nothing gets through to a mount target or endpoint whose groups admit nothing."""
    for target in targets(network, ("aws_efs_mount_target", "aws_vpc_endpoint")):
        groups = target.groups
        if target.group_doubts or not groups or not target.subnets:
            continue
        if any(network.groups.rules(group, INGRESS) or network.groups.doubt(group, INGRESS) for group in groups):
            continue
        names = " and ".join(sorted(map(str, groups)))
        port = 2049 if target.resource.type == "aws_efs_mount_target" else 443  # EFS guide; AWS PrivateLink guide
        message = f"{names} admits nothing, so nothing reaches it"
        missing, fix = f"an ingress rule of {names}", f"admit TCP {port} from the groups of its callers"
        yield Finding("group-without-rules", Level.WARNING, target.resource.address, missing, message, fix)


def _services(rule: Rule) -> str:
    return " or ".join(sorted({str(service) for service in rule.services}))
