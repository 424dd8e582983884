"""Recommended alarms of the way out (CloudWatch "Recommended alarms", NAT gateway metrics, EC2 guide)."""

from __future__ import annotations

from collections.abc import Mapping

from modules.core.target import Target
from modules.observability import AlarmSpec, AnomalyConfig, MetricTerm
from modules.observability.anomaly import anomaly

_NAMESPACE, _ENDPOINTS = "AWS/NATGateway", "AWS/PrivateLinkEndpoints"
_DROPPED_PERCENT = 0.01


def nat_gateway_alarms(
    nat_gateway_id: str, zone: str, *, unusual_bytes: AnomalyConfig | None = None
) -> tuple[AlarmSpec, ...]:
    """Alarms of the NAT gateway in `zone`.

    Args:
        nat_gateway_id: the gateway's id, usually a token.
        zone: last letter of its zone, for the alarms' names.
        unusual_bytes: band of the bytes that usually go out; None for no alarm on them.
    """
    return _nat_gateway_alarms({"NatGatewayId": nat_gateway_id}, zone, unusual_bytes)


def regional_nat_gateway_alarms(
    nat_gateway_id: str, availability_zone: str, *, unusual_bytes: AnomalyConfig | None = None
) -> tuple[AlarmSpec, ...]:
    """Alarms of what a regional NAT gateway does in one zone; its metrics have the zone as a dimension.

    Args:
        nat_gateway_id: the gateway's id, usually a token.
        availability_zone: the zone's name.
        unusual_bytes: band of the bytes that usually go out; None for no alarm on them.
    """
    dimensions = {"NatGatewayId": nat_gateway_id, "AvailabilityZone": availability_zone}
    return _nat_gateway_alarms(dimensions, availability_zone[-1], unusual_bytes)


def endpoint_alarms(
    service: str, *, endpoint_id: str, service_name: str, vpc_id: str, dropped_per_minute: float
) -> tuple[AlarmSpec, ...]:
    """The alarm of an interface endpoint, over all its subnets.

    Args:
        service: service suffix, for the alarm's name.
        endpoint_id: the endpoint's id, usually a token.
        service_name: the service's whole name.
        vpc_id: the VPC, usually a token.
        dropped_per_minute: packets a minute that may be dropped.
    """
    return (
        AlarmSpec(
            id=f"endpoint-{service.replace('.', '-')}-packets-dropped",
            description=f"The endpoint of {service} drops packets: it, or the service behind it, is not well.",
            namespace=_ENDPOINTS,
            metric="PacketsDropped",
            statistic="Sum",
            dimensions={
                "Endpoint Type": "Interface",
                "Service Name": service_name,
                "VPC Endpoint Id": endpoint_id,
                "VPC Id": vpc_id,
            },
            comparison="GreaterThanThreshold",
            threshold=dropped_per_minute,
            periods=5,
            datapoints=5,
        ),
    )


def nat_instance_alarms(instance_id: str, target: Target) -> tuple[AlarmSpec, ...]:
    """Alarms of a NAT instance; EC2 recovers or reboots it by itself when they fire.

    Args:
        instance_id: the instance's id, usually a token.
        target: where it runs, as its region does the recovery.
    """
    checks = (
        ("system", "StatusCheckFailed_System", "recover", "The hardware under the NAT instance fails"),
        ("instance", "StatusCheckFailed_Instance", "reboot", "The NAT instance's operating system fails"),
    )
    return tuple(
        AlarmSpec(
            id=f"nat-instance-{name}-check",
            description=f"{what}; EC2 is told to {action} it, and until then nothing leaves.",
            namespace="AWS/EC2",
            metric=metric,
            statistic="Maximum",
            dimensions={"InstanceId": instance_id},
            comparison="GreaterThanThreshold",
            threshold=0,
            periods=_CHECK_PERIODS[action],
            datapoints=_CHECK_PERIODS[action],
            actions=(f"arn:{target.partition}:automate:{target.region}:ec2:{action}",),
        )
        for name, metric, action, what in checks
    )


_CHECK_PERIODS = {"recover": 2, "reboot": 3}
"""Minutes; EC2 takes 2 for recovery and 3 for a reboot, so that both never run at once (EC2 guide)."""


def _nat_gateway_alarms(
    dimensions: Mapping[str, str], zone: str, unusual_bytes: AnomalyConfig | None
) -> tuple[AlarmSpec, ...]:
    bytes_out = AlarmSpec(
        id=f"nat-{zone}-bytes-anomaly",
        description="Unusually many bytes go out by the NAT gateway, and each is paid for.",
        namespace=_NAMESPACE,
        metric="BytesOutToDestination",
        statistic="Sum",
        dimensions=dimensions,
        comparison="GreaterThanThreshold",
        threshold=0,
        periods=1,
        datapoints=1,
    )
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
        *((anomaly(bytes_out, unusual_bytes),) if unusual_bytes is not None else ()),
    )
