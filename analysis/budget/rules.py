"""Rules of security groups, in all three spellings, and routes of route tables.

VPC quotas: each direction is counted for IPv4 and IPv6 apart, and a rule that names a group or a list counts for both.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from analysis.budget.claims import Claim, Scope
from analysis.budget.places import Place
from analysis.budget.prefix_lists import weight
from analysis.budget.states import After, Before, State
from analysis.budget.view import GROUPS
from analysis.plan import UNKNOWN, Resource

INBOUND, OUTBOUND, ROUTES = "inbound-rules-per-security-group", "outbound-rules-per-security-group", "routes-per-table"
_DIRECTIONS = {"ingress": INBOUND, "egress": OUTBOUND}
_TABLES = ("aws_route_table", "aws_default_route_table")


@dataclass(frozen=True)
class Count:
    """Rules that one resource gives a security group, or routes that it gives a table.

    Attributes:
        rule: what is counted.
        key: security group or table.
        state: side of the plan.
        resource: what gives them.
        ipv4: those that count for IPv4.
        ipv6: those that count for IPv6.
        unknown: what is not known of their number; empty where it is.
    """

    rule: str
    key: str
    state: State
    resource: Resource
    ipv4: int
    ipv6: int
    unknown: str = ""


def rule_claims(states: Sequence[tuple[After, Before]]) -> Iterator[Claim]:
    """Rules of each security group and routes of each table.

    Args:
        states: the plans.
    """
    grouped: dict[tuple[str, str], list[Count]] = {}
    for pair in states:
        for state in pair:
            for count in (*_rules(state), *_routes(state)):
                grouped.setdefault((count.rule, count.key), []).append(count)
    for (rule, key), counts in grouped.items():
        after = [count for count in counts if isinstance(count.state, After)]
        is_ipv6 = sum(count.ipv6 for count in after) > sum(count.ipv4 for count in after)
        first = counts[0]
        place = first.state.view.place(first.resource)
        scope = _scope(first.state, key, place)
        for count in counts:
            yield _claim(rule, scope, count, count.ipv6 if is_ipv6 else count.ipv4)


def _claim(rule: str, scope: Scope, count: Count, number: int) -> Claim:
    is_after = isinstance(count.state, After)
    before, after = (0, number) if is_after else (number, 0)
    address = count.state.view.address(count.resource)
    return Claim(rule, scope, address, before, after, count.unknown if is_after else "")


def _scope(state: State, key: str, place: Place) -> Scope:
    label = state.view.labels.get(key, key)
    return Scope(f"rules of {key}", label, place, label)


def _rules(state: State) -> Iterator[Count]:
    found = list(_of_resources(state))
    ruled = {count.key for count in found}
    yield from found
    for group in state.of(*GROUPS):
        for path, rule in _DIRECTIONS.items():
            listed = _inline(state, group, path, is_elsewhere=state.key(group) in ruled)
            if listed is UNKNOWN:
                address = state.view.address(group)
                yield Count(rule, state.key(group), state, group, 0, 0, f"{path} of {address}")
                continue
            for index in range(len(listed)):
                yield _count(state, group, rule, state.key(group), f"{path}.{index}.")


def _of_resources(state: State) -> Iterator[Count]:
    for entry in state.of("aws_security_group_rule"):
        rule = _DIRECTIONS.get(str(entry.get("type")), INBOUND)
        for key in state.groups(entry, "security_group_id").keys:
            yield _count(state, entry, rule, key, "")
    for direction, rule in _DIRECTIONS.items():
        for entry in state.of(f"aws_vpc_security_group_{direction}_rule"):
            for key in state.groups(entry, "security_group_id").keys:
                yield _single(state, entry, rule, key)


def _count(state: State, entry: Resource, rule: str, key: str, prefix: str) -> Count:
    """A rule of the older spellings, which may list several ranges, groups and prefix lists."""
    lists, unknown = weight(state, entry, f"{prefix}prefix_list_ids")
    both = (
        lists
        + int(entry.get(f"{prefix}self") is True)
        + int(entry.get(f"{prefix}source_security_group_id") is not None)
    )
    groups = entry.get(f"{prefix}security_groups", [])
    if groups is UNKNOWN:
        named = state.groups(entry, f"{prefix}security_groups")
        both, unknown = both + max(len(named.keys), 1), unknown or named.unknown
    else:
        both += len(groups)
    numbers = []
    for name in ("cidr_blocks", "ipv6_cidr_blocks"):
        ranges = entry.get(f"{prefix}{name}", [])
        if ranges is UNKNOWN:
            unknown, ranges = unknown or f"{prefix}{name} of {state.view.address(entry)}", ()
        numbers.append(both + len(ranges))
    return Count(rule, key, state, entry, numbers[0], numbers[1], unknown)


def _single(state: State, entry: Resource, rule: str, key: str) -> Count:
    """A rule of the newer spelling, which names one thing."""
    if entry.get("cidr_ipv4") is not None:
        return Count(rule, key, state, entry, 1, 0)
    if entry.get("cidr_ipv6") is not None:
        return Count(rule, key, state, entry, 0, 1)
    if entry.get("prefix_list_id") is not None:
        entries, unknown = weight(state, entry, "prefix_list_id")
        return Count(rule, key, state, entry, entries, entries, unknown)
    return Count(rule, key, state, entry, 1, 1)


def _routes(state: State) -> Iterator[Count]:
    found = list(_route_resources(state))
    routed = {count.key for count in found}
    yield from found
    for table in state.of(*_TABLES):
        listed = _inline(state, table, "route", is_elsewhere=state.key(table) in routed)
        key, unknown = state.key(table), ""
        if listed is UNKNOWN:
            listed, unknown = (), f"route of {state.view.address(table)}"
        yield Count(ROUTES, key, state, table, len(listed), 0, unknown)


def _route_resources(state: State) -> Iterator[Count]:
    for entry in state.of("aws_route"):
        lists, unknown = weight(state, entry, "destination_prefix_list_id")
        for key in state.keys(entry, "route_table_id", *_TABLES).keys:
            yield Count(ROUTES, key, state, entry, max(lists, 1), 0, unknown)
    for kind, path in (
        ("aws_vpc_endpoint", "route_table_ids"),
        ("aws_vpc_endpoint_route_table_association", "route_table_id"),
    ):
        for entry in state.of(kind):
            for key in state.keys(entry, path, *_TABLES).keys:
                yield Count(ROUTES, key, state, entry, 1, 0)


def _inline(state: State, entry: Resource, path: str, *, is_elsewhere: bool) -> Any:
    """Blocks within a resource; none where AWS tells what other resources gave it.

    Terraform reads rules and routes into the attribute wherever they come from, so that it says the same twice.
    """
    value = entry.get(path, [])
    is_configured = state.view.plan.is_configured(entry, path)
    if not is_configured and (is_elsewhere or value is UNKNOWN):
        return ()
    return value
