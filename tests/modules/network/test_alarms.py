"""Alarms of NAT gateways."""

from __future__ import annotations

from modules.network.alarms import nat_gateway_alarms
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
