"""Alarms of NAT gateways and instances."""

from __future__ import annotations

from modules.core.target import Target
from modules.network.alarms import nat_gateway_alarms, nat_instance_alarms, regional_nat_gateway_alarms
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
