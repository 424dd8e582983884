"""What beside routes and rules decides whether requests arrive: names, proxies, endpoints elsewhere, blocks."""

from __future__ import annotations

from collections.abc import Mapping

from analysis.network import Answer, Check
from analysis.network.answer import no, unknown, yes
from analysis.network.routes import PEERING, TRANSIT_GATEWAY
from analysis.plan import UNKNOWN, Resource
from analysis.reach.model import Destination, Kind, Verdict
from analysis.reach.start import Start
from analysis.reach.trail import Outcome, undecided

_PROXIES = frozenset({"all_proxy", "http_proxy", "https_proxy"})
_ENDPOINT = "AWS_ENDPOINT_URL"
_NAMES = (
    "aws_route53_resolver_rule_association",
    "aws_route53_zone",
    "aws_route53_zone_association",
    "aws_route53profiles_association",
)
_BLOCK, _EXCLUSION = "aws_vpc_block_public_access_options", "aws_vpc_block_public_access_exclusion"


def in_surroundings(start: Start, destination: Destination, outcome: Outcome) -> Outcome:
    """What comes of a path, seen with what stands around it."""
    if outcome.verdict is Verdict.UNREACHABLE:
        detour = _detour(start, destination)
        return undecided(detour, "check where it leads") if detour else outcome
    names = start.network.vpcs.dns_support(start.subnet.vpc)
    if outcome.is_reachable and isinstance(start.subnet.vpc, Resource) and names.answer is not Answer.YES:
        return undecided(f"who resolves names, without {names.note}", "set enable_dns_support to true", outcome.hops)
    return outcome


def public_access(start: Start) -> Check:
    """Whether the account's VPCs may reach the internet (VPC guide, Block Public Access)."""
    plan = start.network.plan
    for entry in plan.of(_BLOCK):
        mode = entry.get("internet_gateway_block_mode")
        if mode is UNKNOWN:
            return unknown(f"internet_gateway_block_mode of {entry}", "", entry.address)
        if mode == "block-bidirectional":
            if plan.of(_EXCLUSION):
                return unknown(f"whether {start.subnet} is excluded from {entry}", "", entry.address)
            fix = "set internet_gateway_block_mode to block-ingress, or add an exclusion for the VPC"
            return no(f"an exclusion of the VPC of {start.subnet} from {entry}", fix, entry.address)
    return yes("public access")


def _detour(start: Start, destination: Destination) -> str:
    """What may lead requests another way than the path that fails; empty for nothing."""
    if destination.kind is Kind.RESOURCE:
        return ""
    variables = start.function.get("environment.variables")
    if isinstance(variables, Mapping):
        for name in sorted(variables):
            if name.lower() in _PROXIES or (destination.kind is Kind.SERVICE and name.startswith(_ENDPOINT)):
                return f"where {name} of {start.function} leads"
    return _names_elsewhere(start) if destination.kind is Kind.SERVICE else ""


def _names_elsewhere(start: Start) -> str:
    """A service's names may lead to an endpoint in another VPC, where routes do."""
    table = start.routes.table_of(start.subnet).only
    routes = () if table is None else start.routes.routes(table)
    if not any(route.kind in {PEERING, TRANSIT_GATEWAY} for route in routes):
        return ""
    found = start.network.plan.of(*_NAMES)
    return f"whether {found[0]} leads the service's names to another VPC" if found else ""
