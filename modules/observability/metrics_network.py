"""Metrics of the network: NAT gateways and instances, interface endpoints; and of log delivery."""

from __future__ import annotations

from collections.abc import Iterator

from modules.observability.metric_types import COUNT, LEVEL, Metric, Missing, Source, dimension_sets

_NAT = Source("AWS/NATGateway", "VPC guide, NAT gateway metrics")
_ENDPOINTS = Source("AWS/PrivateLinkEndpoints", "PrivateLink guide, CloudWatch metrics")
_EC2 = Source("AWS/EC2", "EC2 guide, CloudWatch metrics")
_LOGS = Source("AWS/Logs", "CloudWatch Logs guide, usage metrics")

_GATEWAY = dimension_sets("NatGatewayId", "NatGatewayId, AvailabilityZone")
"""Only a regional gateway's have the zone."""
_ENDPOINT = dimension_sets(
    "Endpoint Type, Service Name, VPC Endpoint Id, VPC Id",
    "Endpoint Type, Service Name, Subnet Id, VPC Endpoint Id, VPC Id",
)
_INSTANCE = dimension_sets("InstanceId")

_NO_TRAFFIC = Missing("notBreaching", "It is published with traffic; a way that nobody takes drops nothing.")
_UNKNOWN_STATE = Missing(
    "notBreaching", "An instance that starts or is recovered is silent; it must not be recovered for that."
)
_NO_LOGS = Missing("notBreaching", "It is published as logs arrive; without logs there is nothing to deliver.")


def network_metrics() -> Iterator[Metric]:
    """Rows of AWS/NATGateway, AWS/PrivateLinkEndpoints, AWS/EC2 and AWS/Logs."""
    rows = _NAT.rows
    yield from rows("ActiveConnectionCount", "Count", LEVEL, _GATEWAY, _NO_TRAFFIC)
    yield from rows(
        "BytesInFromDestination BytesInFromSource BytesOutToDestination BytesOutToSource",
        "Bytes", COUNT, _GATEWAY, _NO_TRAFFIC,
    )  # fmt: skip
    yield from rows(
        "ConnectionAttemptCount ConnectionEstablishedCount ErrorPortAllocation IdleTimeoutCount PacketsDropCount "
        "PacketsInFromDestination PacketsInFromSource PacketsOutToDestination PacketsOutToSource",
        "Count", COUNT, _GATEWAY, _NO_TRAFFIC,
    )  # fmt: skip
    yield from rows("PeakBytesPerSecond PeakPacketsPerSecond", "Count", ("Maximum",), _GATEWAY, _NO_TRAFFIC)

    rows = _ENDPOINTS.rows
    yield from rows("ActiveConnections", "Count", LEVEL, _ENDPOINT, _NO_TRAFFIC)
    yield from rows("BytesProcessed", "Bytes", (*COUNT, *LEVEL), _ENDPOINT, _NO_TRAFFIC)
    yield from rows("NewConnections", "Count", (*COUNT, *LEVEL), _ENDPOINT, _NO_TRAFFIC)
    yield from rows("PacketsDropped RstPacketsReceived", "Count", (*COUNT, "Maximum"), _ENDPOINT, _NO_TRAFFIC)

    rows = _EC2.rows
    yield from rows(
        "StatusCheckFailed StatusCheckFailed_Instance StatusCheckFailed_System",
        "Count", LEVEL, _INSTANCE, _UNKNOWN_STATE,
    )  # fmt: skip
    yield from rows("CPUUtilization", "Percent", LEVEL, _INSTANCE, _UNKNOWN_STATE)
    yield from rows("CPUCreditBalance CPUSurplusCreditBalance", "Count", LEVEL, _INSTANCE, _UNKNOWN_STATE)
    yield from rows("NetworkIn NetworkOut", "Bytes", (*COUNT, *LEVEL), _INSTANCE, _UNKNOWN_STATE)

    rows = _LOGS.rows
    group = dimension_sets("LogGroupName", "")
    subscription = dimension_sets("LogGroupName, DestinationType, FilterName", "LogGroupName")
    yield from rows("IncomingBytes", "Bytes", COUNT, group, _NO_LOGS)
    yield from rows("IncomingLogEvents", "Count", COUNT, group, _NO_LOGS)
    yield from rows("ForwardedBytes", "Bytes", COUNT, subscription, _NO_LOGS)
    yield from rows("ForwardedLogEvents DeliveryErrors DeliveryThrottling", "Count", COUNT, subscription, _NO_LOGS)
