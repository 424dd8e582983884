"""The rows of a network: NAT gateways and interface endpoints."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from modules.dashboard.layout import Row
from modules.dashboard.widgets import Graph, Metric

_NAT, _ENDPOINTS = "AWS/NATGateway", "AWS/PrivateLinkEndpoints"


def nat_row(key: str, title: str, gateways: Sequence[Mapping[str, str]]) -> Row:
    """The row of all NAT gateways: connections, ports that were not to be had, and dropped packets.

    Args:
        key: the network's construct path.
        title: what its graphs are called.
        gateways: dimensions of each gateway, in the order of the zones.
    """

    def graph(what: str, metric: str, statistic: str) -> Graph:
        return Graph(f"{title} {what}", tuple(Metric(_NAT, metric, statistic, gateway) for gateway in gateways))

    return Row(
        f"{key}/nat",
        (
            graph("NAT connections", "ActiveConnectionCount", "Maximum"),
            graph("NAT ports exhausted", "ErrorPortAllocation", "Sum"),
            graph("NAT packets dropped", "PacketsDropCount", "Sum"),
            graph("NAT bytes to the internet", "BytesOutToDestination", "Sum"),
        ),
    )


def endpoint_row(key: str, title: str, *, vpc_id: str, endpoints: Mapping[str, tuple[str, str]]) -> Row:
    """The row of all interface endpoints: connections, bytes and dropped packets.

    Args:
        key: the network's construct path.
        title: what its graphs are called.
        vpc_id: the VPC.
        endpoints: service → the endpoint's id and the service's whole name.
    """

    def graph(what: str, metric: str, statistic: str) -> Graph:
        metrics = tuple(
            Metric(
                _ENDPOINTS,
                metric,
                statistic,
                {
                    "Endpoint Type": "Interface",
                    "Service Name": service_name,
                    "VPC Endpoint Id": endpoint_id,
                    "VPC Id": vpc_id,
                },
                service,
            )
            for service, (endpoint_id, service_name) in sorted(endpoints.items())
        )
        return Graph(f"{title} {what}", metrics)

    return Row(
        f"{key}/endpoints",
        (
            graph("endpoint connections", "ActiveConnections", "Maximum"),
            graph("endpoint bytes", "BytesProcessed", "Sum"),
            graph("endpoint packets dropped", "PacketsDropped", "Sum"),
        ),
    )
