"""Ways that cost although a free one exists: S3 and DynamoDB through a NAT gateway."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from analysis.finding import Finding, Level
from analysis.network import Network
from analysis.network.endpoints import GATEWAY_SERVICES
from analysis.network.routes import NAT_GATEWAY
from analysis.reach.model import Kind, Pair, Verdict
from analysis.reach.start import starts_of


def detours(network: Network, pairs: Iterable[Pair]) -> Iterator[Finding]:
    """Services with gateway endpoints, which cost nothing (AWS PrivateLink guide), that a function reaches by NAT.

    A VPC that has the endpoint, but not on every route table, is a weak spot of the endpoint.
    """
    there = {(endpoint.vpc, endpoint.service) for endpoint in network.endpoints.every if endpoint.kind == "Gateway"}
    for pair in pairs:
        target, function = pair.need.destination, pair.need.function
        through = next((hop.address for hop in pair.hops if hop.kind == NAT_GATEWAY), "")
        own = target.kind is Kind.SERVICE and target.name in GATEWAY_SERVICES and not target.region
        if not own or not through or pair.verdict is not Verdict.REACHABLE:
            continue
        starts, _ = starts_of(network, pair.need)
        if any(start.subnet.vpc is None or (start.subnet.vpc, target.name) in there for start in starts):
            continue
        yield Finding(
            "no-gateway-endpoint",
            Level.WARNING,
            function.address,
            f"a gateway endpoint of {target.name}",
            f"it reaches {target.name} through {through} and pays for each GB, although a gateway endpoint is free",
            f"add an aws_vpc_endpoint of {target.name} with the route tables of its subnets",
        )
