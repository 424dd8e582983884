"""The network interfaces of functions fit into the quota of their VPC."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from analysis.budget.limits import KINDS
from analysis.budget.model import Row
from modules.core.limits import PROXY_MAX_ADDRESSES
from policies.policy import Policy, Severity, Verdict
from policies.samples import function_in_vpc, merged, network, proxy, subnet_ids
from policies.shared.network import functions_in_vpc, groups_of, judged, own_name, rows, subnets_of
from policies.shared.network_samples import LATER_NAMED, later, ref
from policies.view import View

_RULE = "interfaces-per-vpc"
_MOST_NAMED = 3


def judge(view: View) -> Iterator[Verdict]:
    """Each function by the network interfaces that Lambda and others have in its VPC, and the quota of it.

    The quota is that of the account where a snapshot tells it, else AWS's default.
    """
    by_scope = rows(view, _RULE)
    by_address = dict[str, dict[str, Row]]()
    for row in by_scope.values():
        for share in row.shares:
            by_address.setdefault(share.address, {})[row.scope] = row
    for entry in functions_in_vpc(view):
        subnets, doubts = subnets_of(view, entry)
        named = {found.scope: found for subnet in subnets if (found := by_scope.get(str(subnet.vpc))) is not None}
        mine = {**named, **by_address.get(own_name(view, entry), {})}
        open_ = [*doubts, *groups_of(view, entry)[1], *(text for row in mine.values() for text in _open(row))]
        yield judged(entry, (_sentence(row) for row in mine.values() if _is_over(row)), open_)


def _is_over(row: Row) -> bool:
    return row.limit.value is not None and row.after > row.limit.value


def _open(row: Row) -> tuple[str, ...]:
    """What else may take network interfaces of a VPC and matters; none of it takes more than the largest proxy does."""
    most = row.limit.value
    return () if most is not None and row.after + len(row.unknown) * PROXY_MAX_ADDRESSES <= most else row.unknown


def _sentence(row: Row) -> str:
    named = ", ".join(f"{share.address} {share.after}" for share in row.shares[:_MOST_NAMED])
    return f"{row.scope} has {row.after} {KINDS[_RULE].unit} after the plan, and {row.limit} fit: {named}"


def _crowded() -> dict[str, Any]:
    """Fifty-two proxies, for each of which RDS keeps ten addresses or more."""
    return proxy("many", name="sample-many-${count.index}", count=52)


def _later(name: str, reference: str) -> dict[str, Any]:
    group = [ref("aws_security_group.main")]
    return function_in_vpc(name, vpc_config={"subnet_ids": [reference], "security_group_ids": group})


POLICY = Policy(
    id="CKV2_LNET_111",
    title="Network interfaces of functions fit into the quota of their VPC",
    severity=Severity.LOW,
    types=("aws_lambda_function",),
    why="Lambda makes one network interface for each pair of a subnet and a set of security groups, and counts those "
    "of proxies, endpoints and mount targets in the VPC with them. Where none is left, functions cannot be made.",
    source="Lambda quotas; Lambda developer guide, VPC networking: Hyperplane elastic network interfaces",
    fix="Let functions share subnets and security groups, or ask for a higher quota of network interfaces per VPC.",
    judge=judge,
    samples=(
        merged(
            network(),
            later("subnet", subnet_ids()[0]),
            function_in_vpc("passes_with_two_interfaces"),
            _later("unknown_then_passes_by_subnet", LATER_NAMED.format("subnet")),
        ),
        merged(
            _crowded(),
            later("subnet", subnet_ids()[0]),
            function_in_vpc("fails_beside_proxies"),
            _later("unknown_then_fails_by_subnet", LATER_NAMED.format("subnet")),
        ),
    ),
)
