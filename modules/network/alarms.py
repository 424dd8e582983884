"""Recommended alarms of a NAT gateway (CloudWatch "Recommended alarms", NAT gateway metrics)."""

from __future__ import annotations

from modules.observability import AlarmSpec, MetricTerm

_NAMESPACE = "AWS/NATGateway"
_DROPPED_PERCENT = 0.01


def nat_gateway_alarms(nat_gateway_id: str, zone: str) -> tuple[AlarmSpec, ...]:
    """Alarms of the NAT gateway in `zone`.

    Args:
        nat_gateway_id: the gateway's id, usually a token.
        zone: last letter of its zone, for the alarms' names.
    """
    dimensions = {"NatGatewayId": nat_gateway_id}
    return (
        AlarmSpec(
            id=f"nat-{zone}-port-allocation",
            description="The NAT gateway ran out of source ports: more than 55,000 connections to one destination.",
            namespace=_NAMESPACE,
            metric="ErrorPortAllocation",
            statistic="Sum",
            dimensions=dimensions,
            comparison="GreaterThanThreshold",
            threshold=0,
            periods=15,
            datapoints=15,
        ),
        AlarmSpec(
            id=f"nat-{zone}-packets-dropped",
            description="The NAT gateway drops more than 0.01 percent of its packets.",
            namespace=_NAMESPACE,
            expression="IF(source + destination > 0, 100 * dropped / (source + destination), 0)",
            terms=(
                MetricTerm("dropped", "PacketsDropCount", "Sum"),
                MetricTerm("source", "PacketsInFromSource", "Sum"),
                MetricTerm("destination", "PacketsInFromDestination", "Sum"),
            ),
            dimensions=dimensions,
            comparison="GreaterThanThreshold",
            threshold=_DROPPED_PERCENT,
            periods=5,
            datapoints=5,
        ),
    )
