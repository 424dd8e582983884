"""Alarms of NAT gateways and instances."""

from __future__ import annotations

from modules.core.target import Target
from modules.network.alarms import (
    endpoint_alarms,
    nat_gateway_alarms,
    nat_instance_alarms,
    regional_nat_gateway_alarms,
)
from modules.observability import AnomalyConfig
from tests.modules.observability.alarms import assert_sound


def test_a_nat_gateway_is_watched_for_ports_and_packets() -> None:
    ports, packets = nat_gateway_alarms("nat-1", "a")
    assert_sound(ports, namespace="AWS/NATGateway", dimensions={"NatGatewayId": "nat-1"})
    assert_sound(packets, namespace="AWS/NATGateway", dimensions={"NatGatewayId": "nat-1"})
    assert (ports.id, ports.metric, ports.statistic, ports.threshold) == (
        "nat-a-port-allocation", "ErrorPortAllocation", "Sum", 0,
    )  # fmt: skip
    assert (packets.id, packets.threshold) == ("nat-a-packets-dropped", 0.01)
    assert {term.metric for term in packets.terms} == {
        "PacketsDropCount", "PacketsInFromSource", "PacketsInFromDestination",
    }  # fmt: skip


def test_the_gateways_of_two_zones_have_alarms_of_different_names() -> None:
    names = [alarm.id for zone in "ab" for alarm in nat_gateway_alarms(f"nat-{zone}", zone)]
    assert len(set(names)) == 4


def test_a_regional_gateway_is_watched_in_each_zone() -> None:
    alarms = [alarm for zone in "ab" for alarm in regional_nat_gateway_alarms("nat-1", f"eu-west-1{zone}")]
    for alarm, letter in zip(alarms, "aabb", strict=True):
        dimensions = {"NatGatewayId": "nat-1", "AvailabilityZone": f"eu-west-1{letter}"}
        assert_sound(alarm, namespace="AWS/NATGateway", dimensions=dimensions)
    assert len({alarm.id for alarm in alarms}) == 4


def test_a_nat_instance_is_recovered_before_it_is_rebooted() -> None:
    place = {"org": "acme", "env": "dev", "account": "main", "account_id": "123456789012", "region": "cn-north-1"}
    system, instance = nat_instance_alarms("i-1", Target.parse({**place, "stack": "orders", "owner": "me"}))
    for alarm in (system, instance):
        assert_sound(alarm, namespace="AWS/EC2", dimensions={"InstanceId": "i-1"})
    assert (system.metric, system.actions) == (
        "StatusCheckFailed_System",
        ("arn:aws-cn:automate:cn-north-1:ec2:recover",),
    )
    assert (instance.metric, instance.actions) == (
        "StatusCheckFailed_Instance",
        ("arn:aws-cn:automate:cn-north-1:ec2:reboot",),
    )
    assert system.periods < instance.periods


def test_bytes_are_compared_with_what_usually_goes_out_where_that_is_asked_for() -> None:
    band = AnomalyConfig(standard_deviations=4, periods=10)
    *_, unusual = nat_gateway_alarms("nat-1", "a", unusual_bytes=band)
    assert_sound(unusual, namespace="AWS/NATGateway", dimensions={"NatGatewayId": "nat-1"})
    assert (unusual.id, unusual.metric, unusual.statistic) == ("nat-a-bytes-anomaly", "BytesOutToDestination", "Sum")
    assert (unusual.anomaly_band, unusual.comparison, unusual.periods) == (4, "GreaterThanUpperThreshold", 10)
    assert len(regional_nat_gateway_alarms("nat-1", "eu-west-1a", unusual_bytes=band)) == 3
    assert len(nat_gateway_alarms("nat-1", "a")) == 2


def test_an_endpoint_is_watched_over_all_its_subnets() -> None:
    [dropped] = endpoint_alarms(
        "ecr.api", endpoint_id="vpce-1", service_name="com.amazonaws.eu-west-1.ecr.api", vpc_id="vpc-1",
        dropped_per_minute=50,
    )  # fmt: skip
    dimensions = {
        "Endpoint Type": "Interface", "Service Name": "com.amazonaws.eu-west-1.ecr.api", "VPC Endpoint Id": "vpce-1",
        "VPC Id": "vpc-1",
    }  # fmt: skip
    assert_sound(dropped, namespace="AWS/PrivateLinkEndpoints", dimensions=dimensions)
    assert (dropped.id, dropped.metric, dropped.statistic) == (
        "endpoint-ecr-api-packets-dropped", "PacketsDropped", "Sum",
    )  # fmt: skip
    assert (dropped.threshold, dropped.periods, dropped.datapoints) == (50, 5, 5)
