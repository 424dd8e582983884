"""Security groups of each interface, subnets of each function, and subnets that leave functions no room."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from analysis.budget.claims import Claim, Counted, Scope
from analysis.budget.functions import Attachment
from analysis.budget.occupants import LOAD_BALANCER_ADDRESSES
from analysis.budget.states import After, Before
from analysis.budget.subnets import RULE, Subnet, Subnets
from analysis.finding import Finding, Level
from modules.core.limits import VPC_PREFIX_LENGTH
from modules.core.limits import VPC_RESERVED_ADDRESSES_PER_SUBNET as RESERVED
from modules.database.proxy_addresses import addresses_needed

_GROUP_PATHS = {
    "aws_vpc_endpoint": "security_group_ids",
    "aws_db_proxy": "vpc_security_group_ids",
    "aws_db_instance": "vpc_security_group_ids",
    "aws_rds_cluster": "vpc_security_group_ids",
    "aws_lb": "security_groups",
    "aws_alb": "security_groups",
    "aws_efs_mount_target": "security_groups",
    "aws_elasticache_replication_group": "security_group_ids",
    "aws_elasticache_cluster": "security_group_ids",
    "aws_instance": "vpc_security_group_ids",
    "aws_network_interface": "security_groups",
}


def attachment_claims(functions: Iterable[Attachment], states: Sequence[tuple[After, Before]]) -> Iterator[Claim]:
    """Groups and subnets of functions, and groups of everything else with interfaces.

    Args:
        functions: functions in VPCs.
        states: the plans.
    """
    for entry in functions:
        place = entry.view.place(entry.resource)
        scope = Scope(f"function {entry.address}", entry.address, place, entry.address)
        for rule, found, before in (
            ("security-groups-per-function", entry.groups, {key for _, groups in entry.before for key in groups}),
            ("subnets-per-function", entry.subnets, {subnet for subnet, _ in entry.before}),
        ):
            yield Claim(rule, scope, entry.address, len(before), len(found.keys), found.unknown)
    for pair in states:
        for state in pair:
            for kind, path in _GROUP_PATHS.items():
                for resource in state.of(kind):
                    address = state.view.address(resource)
                    scope = Scope(f"interface {address}", address, state.view.place(resource), address)
                    groups = state.groups(resource, path)
                    count = len(groups.keys)
                    was, will = (0, count) if isinstance(state, After) else (count, 0)
                    unknown = groups.unknown if isinstance(state, After) else ""
                    if count or unknown:
                        yield Claim("security-groups-per-interface", scope, address, was, will, unknown)


def small_subnets(rows: Iterable[Counted], functions: Iterable[Attachment], subnets: Subnets) -> Iterator[Finding]:
    """Subnets of the smallest size that functions are in.

    Args:
        rows: all rows; what does not fit is told there.
        functions: functions in VPCs.
        subnets: subnets as scopes.
    """
    used = {entry.row.scope: entry.row for entry in rows if entry.row.rule == RULE}
    seen: dict[str, Subnet] = {}
    for entry in functions:
        for key in entry.subnets.keys:
            subnet = subnets.at(key, entry.view, entry.view.place(entry.resource))
            seen[subnet.scope.label] = subnet
    for label, subnet in sorted(seen.items()):
        row, most = used.get(label), subnet.limit.value
        if subnet.prefix == VPC_PREFIX_LENGTH.maximum and row is not None and most is not None and row.after <= most:
            yield _too_small(label, most, row.after)


def _too_small(address: str, most: int, used: int) -> Finding:
    return Finding(
        "subnet-too-small",
        Level.WARNING,
        address,
        f"{most - used} of {most} addresses are left",
        f"{address} has the smallest size there is, {most + RESERVED} addresses of which AWS keeps {RESERVED}, and "
        f"this plan takes {used} of the other {most}, so that {most - used} are left, while each other set of security "
        f"groups of functions takes 1, an interface endpoint 1, an Application Load Balancer {LOAD_BALANCER_ADDRESSES} "
        f"and an RDS Proxy {addresses_needed()} or more of its subnets together",
        "use /26 or larger before anything is in the subnet, as the range of a subnet cannot be changed",
    )
