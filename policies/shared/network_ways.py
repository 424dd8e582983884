"""What functions call in AWS and on the internet, and whether they reach it: by NAT, by endpoints, through rules."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from analysis.network.answer import Answer
from analysis.network.endpoints import Endpoint
from analysis.network.peer import Port
from analysis.plan import Resource
from analysis.reach import Kind, Pair, Verdict
from analysis.reach.needs import ANY_SERVICE
from analysis.reach.paths_resource import to_target
from analysis.reach.paths_service import interface_target
from analysis.reach.start import Start, starts_of
from analysis.reach.trail import Outcome, every
from policies import policy
from policies.shared.network import functions_in_vpc, lacking
from policies.view import View

HTTPS = Port(443)
_RULE = "security group rule"


class Way(StrEnum):
    """How requests leave a function for what they are sent to."""

    NAT = "NAT"
    """By its subnets' routes to the internet."""

    ENDPOINT = "endpoint"
    """By an endpoint in its VPC, or by one that is missing there."""

    RULES = "rules"
    """By an interface endpoint in its VPC, which security groups do not let it connect to."""


@dataclass(frozen=True)
class Gap:
    """A way that does not lead there, or of which that is not known.

    Attributes:
        function: the function.
        way: which way.
        message: what is wrong, or not known.
        is_certain: whether it is certainly wrong.
    """

    function: Resource
    way: Way
    message: str
    is_certain: bool


def verdicts(view: View, way: Way) -> Iterator[policy.Verdict]:
    """Each function with network interfaces in a VPC, by the gaps on one way."""
    faults, doubts = dict[Resource, list[str]](), dict[Resource, list[str]]()
    for gap in _gaps(view):
        if gap.way is way:
            (faults if gap.is_certain else doubts).setdefault(gap.function, []).append(gap.message)
    for function in dict.fromkeys((*functions_in_vpc(view), *faults, *doubts)):
        yield lacking(view, function, faults.get(function, ()), doubts.get(function, ()))


def services(view: View) -> Mapping[Resource, tuple[Pair, ...]]:
    """What each function calls of AWS."""
    found = dict[Resource, list[Pair]]()
    for pair in view.reach.pairs:
        if pair.need.destination.kind is Kind.SERVICE:
            found.setdefault(pair.need.function, []).append(pair)
    return {function: tuple(pairs) for function, pairs in found.items()}


def _gaps(view: View) -> Iterator[Gap]:
    for pair in view.reach.pairs:
        if pair.need.destination.kind is not Kind.RESOURCE and pair.verdict is not Verdict.REACHABLE:
            yield from _of(view, pair)


def _of(view: View, pair: Pair) -> Iterator[Gap]:
    function, is_certain = pair.need.function, pair.verdict is Verdict.UNREACHABLE
    name, why = pair.need.destination.name, f" ({pair.need.reasons[0]})" if pair.need.reasons else ""
    if name == ANY_SERVICE:
        message = f"which services it calls cannot be told, and so not whether it reaches them: {pair.need.unknown}"
    elif is_certain:
        message = f"it cannot reach {name}{why}, and will wait until it times out: {pair.missing} is missing"
    else:
        message = f"whether it reaches {name}{why} cannot be told: {pair.missing}"
    for way in _ways(view, pair):
        yield Gap(function, way, message, is_certain)


def _ways(view: View, pair: Pair) -> tuple[Way, ...]:
    """Where a gap belongs; to both where even that is not known."""
    if pair.need.destination.kind is Kind.INTERNET:
        return (Way.NAT,)
    starts, unresolved = starts_of(view.network, pair.need)
    if unresolved or not starts:
        return (Way.NAT, Way.ENDPOINT, Way.RULES)
    if outcome := _through_rules(starts, pair):
        return (Way.RULES,) if outcome.kind == _RULE else (Way.ENDPOINT,)
    leaves = {_leaves(start) for start in starts}
    if any(_endpoints(start, pair, "Gateway") for start in starts) or leaves == {False}:
        return (Way.ENDPOINT,)
    return (Way.NAT,) if True in leaves else (Way.NAT, Way.ENDPOINT)


def _through_rules(starts: tuple[Start, ...], pair: Pair) -> Outcome | None:
    """What comes of the way to the network interfaces of a service's endpoints; None where there are none."""
    outcomes = [
        to_target(start, interface_target(start.network, endpoint), [HTTPS])
        for start in starts
        for endpoint in _endpoints(start, pair, "Interface")
        if not start.network.endpoints.is_private_dns_off(endpoint)
        and start.network.same_vpc(endpoint.vpc, start.subnet.vpc) is Answer.YES
    ]
    return every(outcomes) if outcomes else None


def _endpoints(start: Start, pair: Pair, kind: str) -> tuple[Endpoint, ...]:
    return start.network.endpoints.of(pair.need.destination.name, kind, start.subnet.vpc)


def _leaves(start: Start) -> bool | None:
    """Whether a subnet has a route to the internet, whatever it leads to; None where that is not known."""
    table = start.routes.table_of(start.subnet).only
    if table is None:
        return None
    if start.network.default_routes(table) or start.network.default_routes(table, 6):
        return True
    return None if start.routes.doubt(table) else False
