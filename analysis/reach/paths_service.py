"""Paths to the API of an AWS service: its endpoints in the VPC, else its public addresses."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from analysis.network import Answer, Check, Network
from analysis.network.answer import no, unknown, yes
from analysis.network.endpoints import GATEWAY_SERVICES, Endpoint
from analysis.network.peer import Port
from analysis.network.rules import prefix_list_names
from analysis.network.targets import Target
from analysis.plan import Resource
from analysis.reach.endpoint_policies import admits
from analysis.reach.model import Destination, Verdict
from analysis.reach.paths_internet import EGRESS_RULE, ROUTE, leave, over_ipv4, over_ipv6, public_peer
from analysis.reach.paths_resource import ports_of, to_target
from analysis.reach.start import Start
from analysis.reach.trail import Outcome, Trail, every, some, undecided

_GATEWAY, _INTERFACE = "gateway endpoint", "interface endpoint"


def to_service(start: Start, destination: Destination) -> Outcome:
    """What comes of the way to a service."""
    own = start.network.plan.region(start.function) or ""
    if destination.region and own and destination.region != own:
        return _public(start, destination)
    applies, maybe, gaps = list[Outcome](), list[tuple[Check, Outcome]](), list[Check]()
    for check, outcome in _endpoints(start, destination):
        if check.answer is Answer.YES:
            applies.append(outcome)
        elif check.answer is Answer.UNKNOWN:
            maybe.append((check, outcome))
        else:
            gaps.append(check)
    if applies:  # names lead to the endpoint, whatever else the VPC has
        return every(applies)
    public = _public(start, destination)
    if maybe:
        check, outcome = maybe[0]
        is_either = public.is_reachable and all(each.is_reachable for _, each in maybe)
        return outcome if is_either else undecided(check.note, check.fix)
    if public.verdict is not Verdict.UNREACHABLE:
        return public
    return _without_endpoint(start, destination, public, gaps)


def _public(start: Start, destination: Destination) -> Outcome:
    name, ports = f"the public addresses of {destination.name}", ports_of(destination)
    four = over_ipv4(start, name, ports)
    if four.is_reachable:
        return four
    six = over_ipv6(start, name, ports)
    if six.verdict is Verdict.REACHABLE:
        asked = start.dual_stack_endpoints()
        return six if asked.passes else undecided(asked.note, asked.fix, six.hops)
    return better(start, four, six)


def better(start: Start, four: Outcome, six: Outcome) -> Outcome:
    """What to say of two ways that both do not certainly lead there: over IPv4, and over IPv6."""
    if four.verdict is Verdict.UNREACHABLE and six.verdict is Verdict.UNREACHABLE:
        has_way = four.kind == ROUTE and start.network.is_dual_stack(start.subnet)
        return six if has_way else four
    return some((four, six))


def _endpoints(start: Start, destination: Destination) -> Iterator[tuple[Check, Outcome]]:
    """The endpoints that a service's own host names may lead to: whether they do, and what comes of it."""
    network, service = start.network, destination.name
    interfaces = network.endpoints.of(service, "Interface", start.subnet.vpc)
    gateways = network.endpoints.of(service, "Gateway", start.subnet.vpc) if service in GATEWAY_SERVICES else ()
    attached = [(_attached(start, endpoint), endpoint) for endpoint in gateways]
    for endpoint in interfaces:
        check = _named(start, endpoint, destination)
        if network.endpoints.is_for_resolver_only(endpoint) and any(found.passes for found, _ in attached):
            continue
        yield check, _by_interface(start, endpoint, destination)
    taken = any(_named(start, endpoint, destination).passes for endpoint in interfaces)
    for check, endpoint in attached:
        if not taken or any(network.endpoints.is_for_resolver_only(entry) for entry in interfaces):
            yield check, _by_gateway(start, endpoint, destination)


def _certain(start: Start, endpoint: Endpoint, destination: Destination) -> Check:
    """Whether an endpoint is for certain one of the service in the origin's VPC."""
    same = start.network.same_vpc(endpoint.vpc, start.subnet.vpc)
    if not endpoint.service:
        return unknown(f"the service of {endpoint.address}", "write its name out", endpoint.address)
    if not endpoint.kind:
        return unknown(f"vpc_endpoint_type of {endpoint.address}", "write it out", endpoint.address)
    if same is not Answer.YES:
        return unknown(f"whether {endpoint.address} stands in the VPC of {start.subnet}", "", endpoint.address)
    return yes(f"endpoint of {destination.name}", endpoint.address)


def _attached(start: Start, endpoint: Endpoint) -> Check:
    """Whether a gateway endpoint is on the route table of the origin's subnet."""
    parts, tables = start.routes.table_of(start.subnet), endpoint.tables
    if parts.only is None:
        doubt = parts.unknown[0] if parts.unknown else parts.doubt(f"the route table of {start.subnet}")
        return unknown(doubt, f"check that {endpoint.address} is on it", endpoint.address)
    if parts.only in tables.known:
        return yes(f"on {parts.only}", endpoint.address)
    if tables.unknown:
        return unknown(f"the route tables of {endpoint.address}", "name them", endpoint.address)
    missing = f"{parts.only}, the route table of {start.subnet}, on the gateway endpoint {endpoint.address}"
    return no(missing, "associate the endpoint with the route table", endpoint.address)


def _named(start: Start, endpoint: Endpoint, destination: Destination) -> Check:
    """Whether the service's own names lead to an interface endpoint."""
    endpoints = start.network.endpoints
    certain = _certain(start, endpoint, destination)
    if not certain.passes:
        return certain
    if not endpoints.is_private_dns_off(endpoint):
        check = endpoints.private_dns(endpoint)
        is_refused = check.answer is Answer.NO  # AWS refuses private DNS where the VPC lacks it
        return yes("private DNS", endpoint.address) if is_refused else check
    plan = start.network.plan
    if endpoint.resource in plan.links(start.function, "environment.variables", "aws_vpc_endpoint").resources:
        return yes("an address in the environment", endpoint.address)
    for zone in plan.of("aws_route53_zone"):
        name = zone.get("name")
        if not isinstance(name, str) or destination.name in name:
            return unknown(f"whether {zone.address} leads to {endpoint.address}", "", endpoint.address)
    return no(f"private DNS of {endpoint.address}", "set private_dns_enabled to true", endpoint.address)


def _by_interface(start: Start, endpoint: Endpoint, destination: Destination) -> Outcome:
    trail, network = Trail(), start.network
    if not network.endpoints.is_private_dns_off(endpoint):
        trail.add("private DNS", network.endpoints.private_dns(endpoint))
    if endpoint.subnets.is_empty:
        fix = "give it a subnet in each zone of the function"
        trail.add(_INTERFACE, no(f"a subnet of {endpoint.address}", fix, endpoint.address))
        return trail.outcome()
    target = interface_target(network, endpoint)
    trail.add(_INTERFACE, yes(f"interface endpoint of {endpoint.service}", endpoint.address))
    trail.add("endpoint policy", admits(network, endpoint, start.function, destination))
    way = to_target(start, target, [Port(port.number) for port in ports_of(destination)])
    return _joined(way, trail.outcome())


def interface_target(network: Network, endpoint: Endpoint) -> Target:
    """Where the network interfaces of an interface endpoint stand."""
    subnets = (network.vpcs.subnet(part) for part in endpoint.subnets.known)
    placed = tuple(replace(subnet, vpc=endpoint.vpc) if subnet.vpc is None else subnet for subnet in subnets)
    return Target(endpoint.resource, placed, endpoint.groups.known, endpoint.subnets.unknown, endpoint.groups.unknown)


def _joined(way: Outcome, rest: Outcome) -> Outcome:
    worst = every((rest, way)) if rest.kind != "endpoint policy" else every((way, rest))
    hops = (*way.hops, *rest.hops)
    return replace(worst, hops=tuple(dict.fromkeys(hops))) if worst.is_reachable else worst


def _by_gateway(start: Start, endpoint: Endpoint, destination: Destination) -> Outcome:
    lists = frozenset((*prefix_list_names(endpoint.resource), *_lists_of(start, endpoint.service)))
    peer = public_peer(f"the prefix list of {endpoint.service}", prefix_lists=lists)
    trail = Trail()
    for port in ports_of(destination):
        trail.extend(leave(start, peer, port))
    trail.add(_GATEWAY, _certain(start, endpoint, destination))
    trail.add(_GATEWAY, _attached(start, endpoint))
    trail.add("endpoint policy", admits(start.network, endpoint, start.function, destination))
    return trail.outcome()


def _lists_of(start: Start, service: str) -> Iterator[str]:
    """Names of data sources that read the prefix list of a service."""
    for entry in start.network.plan.of("aws_prefix_list", "aws_ec2_managed_prefix_list", mode="data"):
        name = entry.get("name")
        if isinstance(name, str) and name.endswith(f".{service}"):
            yield from prefix_list_names(entry)


def _without_endpoint(start: Start, destination: Destination, public: Outcome, gaps: Sequence[Check]) -> Outcome:
    vpc, service = start.subnet.vpc, destination.name
    if gaps:
        gap = gaps[0]
        return Outcome(Verdict.UNREACHABLE, (), gap.note, gap.fix, _INTERFACE)
    if not isinstance(vpc, Resource) or vpc.mode == "data" or vpc.type == "aws_default_vpc":
        name = vpc or f"the VPC of {start.subnet}"
        return undecided(f"the endpoints of {name}, which is outside the plan", f"check that it has one of {service}")
    if public.kind not in {ROUTE, EGRESS_RULE} or not _has_no_route(start, public):
        return public
    kind = _GATEWAY if service in GATEWAY_SERVICES else _INTERFACE
    missing = f"a {kind} of {service} in {vpc}".replace("a interface", "an interface")
    missing = f"{missing}, or {public.missing}" if public.kind == ROUTE else missing
    fix = f"add the endpoint, or {public.fix}" if public.kind == ROUTE else "add the endpoint"
    return Outcome(Verdict.UNREACHABLE, public.hops, missing, fix, kind)


def _has_no_route(start: Start, public: Outcome) -> bool:
    table = start.routes.table_of(start.subnet).only
    return public.kind == ROUTE or (table is not None and not start.network.default_routes(table))
