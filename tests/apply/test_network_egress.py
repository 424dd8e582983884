"""Each way out, applied: where the routes lead, which addresses are used, and what another zone changes."""

from __future__ import annotations

from typing import Any

import pytest

from local.emulator import Emulator
from modules.key import Key
from modules.network import Network, NetworkConfig
from modules.observability import AlarmTopic
from stacks.base import TargetStack
from tests.apply.harness import TARGET, Applied, Build, Prove

ZONES = ("eu-west-1a", "eu-west-1b")
ANYWHERE, ANYWHERE_IPV6 = "0.0.0.0/0", "::/0"


def network(**fields: Any) -> Build:
    """A network without endpoints, unless they are given."""
    given = {"availability_zones": ZONES, "cidr": "10.20.0.0/16", "endpoints": {"gateway": []}, **fields}
    config = NetworkConfig.parse(given)

    def build(stack: TargetStack) -> None:
        key = Key(stack, "key")
        topic = AlarmTopic(stack, "alarm-topic", key=key)
        made = Network(stack, "network", config=config, key=key, alarm_topic=topic)
        stack.output("vpc_id", made.vpc_id, "The VPC")
        stack.output("function_subnet_ids", list(made.function_subnet_ids), "Subnets of functions")
        stack.output("parking_security_group_id", made.parking_security_group_id, "The locked default group")
        stack.output("alarm_names", list(made.alarm_names), "Alarms")
        stack.output("database_subnet_group_name", made.database_subnet_group_name, "For databases")
        stack.output("cache_subnet_group_name", made.cache_subnet_group_name, "For caches")

    return build


def subnets(applied: Applied) -> dict[str, Any]:
    """Subnets by tier and zone letter, such as `private-a`."""
    own = [{"Name": "vpc-id", "Values": [applied.outputs["vpc_id"]]}]
    found = applied.client("ec2").describe_subnets(Filters=own)["Subnets"]
    return {f"{tags(subnet)['tier']}-{subnet['AvailabilityZone'][-1]}": subnet for subnet in found}


def tags(thing: Any) -> dict[str, str]:
    return {tag["Key"]: tag["Value"] for tag in thing["Tags"]}


def ways_out(applied: Applied, destination: str = ANYWHERE) -> dict[str, str]:
    """What the default route of each subnet leads to, by tier and zone letter; subnets without one are left out."""
    ec2, found = applied.client("ec2"), {}
    for place, subnet in subnets(applied).items():
        own = [{"Name": "association.subnet-id", "Values": [subnet["SubnetId"]]}]
        (table,) = ec2.describe_route_tables(Filters=own)["RouteTables"]
        for route in table["Routes"]:
            if destination in (route.get("DestinationCidrBlock"), route.get("DestinationIpv6CidrBlock")):
                found[place] = next(str(route[target]) for target in TARGETS if route.get(target))
    return found


TARGETS = (
    "NatGatewayId", "TransitGatewayId", "NetworkInterfaceId", "EgressOnlyInternetGatewayId", "GatewayId",
)  # fmt: skip


def gateways(applied: Applied) -> dict[str, Any]:
    """NAT gateways by the zone letter of their subnet."""
    place = {subnet["SubnetId"]: name[-1] for name, subnet in subnets(applied).items()}
    own = [{"Name": "vpc-id", "Values": [applied.outputs["vpc_id"]]}]
    found = applied.client("ec2").describe_nat_gateways(Filters=own)["NatGateways"]
    return {place[gateway["SubnetId"]]: gateway for gateway in found}


def ranges(applied: Applied) -> dict[str, str]:
    return {place: subnet["CidrBlock"] for place, subnet in subnets(applied).items()}


def kinds(targets: dict[str, str]) -> dict[str, str]:
    return {place: target.partition("-")[0] for place, target in targets.items()}


def new_address(emulator: Emulator) -> str:
    """An elastic IP that exists before the stack does."""
    ec2 = emulator.client("ec2", TARGET["region"], TARGET["account_id"])
    allocation_id: str = ec2.allocate_address(Domain="vpc")["AllocationId"]
    ec2.close()
    return allocation_id


@pytest.fixture
def address(emulator: Emulator) -> str:
    return new_address(emulator)


def test_a_gateway_per_zone_and_another_zone_that_changes_nothing(prove: Prove, address: str) -> None:
    fields: dict[str, Any] = {
        "ipv6": True,
        "secondary_cidrs": ["100.64.0.0/18"],
        "lambda_tier": True,
        "lambda_cidr": "100.64.0.0/18",
        "egress": {"strategy": "nat_per_zone", "elastic_ip_allocation_ids": {"eu-west-1a": address}},
        "network_address_usage_metrics": True,
        "endpoints": {"gateway": ["dynamodb", "s3"]},
    }
    with prove(network(**fields)) as applied:
        nat = gateways(applied)
        out = {place: nat[place[-1]]["NatGatewayId"] for place in ("private-a", "private-b", "lambda-a", "lambda-b")}
        assert {place: to for place, to in ways_out(applied).items() if not place.startswith("public")} == out
        assert kinds(ways_out(applied, ANYWHERE_IPV6)) == {
            **dict.fromkeys(out, "eigw"), "public-a": "igw", "public-b": "igw",
        }  # fmt: skip
        assert nat["a"]["NatGatewayAddresses"][0]["AllocationId"] == address
        assert ranges(applied)["lambda-b"] == "100.64.8.0/21"
        assert applied.client("ec2").describe_vpc_attribute(
            VpcId=applied.outputs["vpc_id"], Attribute="enableNetworkAddressUsageMetrics"
        )["EnableNetworkAddressUsageMetrics"] == {"Value": True}
        assert {subnet["SubnetId"] for place, subnet in subnets(applied).items() if place.startswith("lambda")} == set(
            applied.outputs["function_subnet_ids"]
        )

        more = applied.plan_of(network(**fields, availability_zones=(*ZONES, "eu-west-1c")))

        assert {action for change in more.resource_changes for action in change.actions} == {"no-op", "create"}
        assert {change.actions for change in more.resource_changes if change.type == "aws_nat_gateway"} == {
            ("no-op",), ("create",),
        }  # fmt: skip


def test_a_single_gateway_explicit_ranges_and_subnet_groups(prove: Prove, address: str) -> None:
    given = {
        "private": {"eu-west-1a": "10.20.0.0/24", "eu-west-1b": "10.20.1.0/24"},
        "isolated": {"eu-west-1a": "10.20.2.0/25", "eu-west-1b": "10.20.2.128/25"},
        "public": {"eu-west-1a": "10.20.3.0/28", "eu-west-1b": "10.20.3.16/28"},
    }
    egress = {"strategy": "nat_single", "zone": "eu-west-1b", "elastic_ip_allocation_id": address}
    groups = {"database": True, "cache": True}
    with prove(network(cidr="10.20.0.0/22", subnet_cidrs=given, egress=egress, subnet_groups=groups)) as applied:
        (only,) = gateways(applied).values()
        assert (only["SubnetId"], only["NatGatewayAddresses"][0]["AllocationId"]) == (
            subnets(applied)["public-b"]["SubnetId"], address,
        )  # fmt: skip
        assert {ways_out(applied)[place] for place in ("private-a", "private-b")} == {only["NatGatewayId"]}
        assert ranges(applied) == {
            f"{tier}-{zone[-1]}": cidr for tier, zones in given.items() for zone, cidr in zones.items()
        }
        isolated = {subnets(applied)[place]["SubnetId"] for place in ("isolated-a", "isolated-b")}
        name = applied.outputs["database_subnet_group_name"]
        (database,) = applied.client("rds").describe_db_subnet_groups(DBSubnetGroupName=name)["DBSubnetGroups"]
        assert {subnet["SubnetIdentifier"] for subnet in database["Subnets"]} == isolated
        name = applied.outputs["cache_subnet_group_name"]
        (cache,) = applied.client("elasticache").describe_cache_subnet_groups(CacheSubnetGroupName=name)[
            "CacheSubnetGroups"
        ]
        assert {subnet["SubnetIdentifier"] for subnet in cache["Subnets"]} == isolated


def test_a_nat_instance(prove: Prove) -> None:
    egress = {"strategy": "nat_instance", "zone": "eu-west-1a", "session_manager": True}
    with prove(network(egress=egress)) as applied:
        ec2 = applied.client("ec2")
        (instance,) = (
            each for group in ec2.describe_instances()["Reservations"] for each in group["Instances"]
            if each["State"]["Name"] == "running"
        )  # fmt: skip
        (interface,) = instance["NetworkInterfaces"]
        assert {ways_out(applied)[place] for place in ("private-a", "private-b")} == {interface["NetworkInterfaceId"]}
        (card,) = ec2.describe_network_interfaces(NetworkInterfaceIds=[interface["NetworkInterfaceId"]])[
            "NetworkInterfaces"
        ]
        assert card["SourceDestCheck"] is False
        assert card["SubnetId"] == subnets(applied)["public-a"]["SubnetId"]
        assert card["Association"]["PublicIp"]
        assert instance["MetadataOptions"]["HttpTokens"] == "required"
        (group,) = ec2.describe_security_groups(GroupIds=[each["GroupId"] for each in card["Groups"]])["SecurityGroups"]
        assert {cidr["CidrIp"] for rule in group["IpPermissions"] for cidr in rule["IpRanges"]} == {
            "10.20.0.0/20",
            "10.20.16.0/20",
        }
        alarms = applied.client("cloudwatch").describe_alarms(AlarmNames=applied.outputs["alarm_names"])
        actions = {action for alarm in alarms["MetricAlarms"] for action in alarm["AlarmActions"]}
        assert actions >= {f"arn:aws:automate:eu-west-1:ec2:{what}" for what in ("recover", "reboot")}


@pytest.fixture
def transit_gateway(emulator: Emulator) -> str:
    ec2 = emulator.client("ec2", TARGET["region"], TARGET["account_id"])
    gateway_id: str = ec2.create_transit_gateway()["TransitGateway"]["TransitGatewayId"]
    ec2.close()
    return gateway_id


def test_a_transit_gateway(prove: Prove, transit_gateway: str) -> None:
    egress = {"strategy": "transit_gateway", "transit_gateway_id": transit_gateway, "appliance_mode": True}
    with prove(network(egress=egress, ipv6=True)) as applied:
        for destination in (ANYWHERE, ANYWHERE_IPV6):
            assert ways_out(applied, destination) == dict.fromkeys(("private-a", "private-b"), transit_gateway)
        (attachment,) = applied.client("ec2").describe_transit_gateway_vpc_attachments()["TransitGatewayVpcAttachments"]
        assert {place for place, each in subnets(applied).items() if each["SubnetId"] in attachment["SubnetIds"]} == {
            "transit-a", "transit-b",
        }  # fmt: skip
        assert ranges(applied)["transit-b"] == "10.20.240.16/28"
        assert attachment["Options"]["ApplianceModeSupport"] == "enable"
        assert attachment["Options"]["Ipv6Support"] == "enable"

        more = applied.plan_of(network(egress=egress, ipv6=True, availability_zones=(*ZONES, "eu-west-1c")))

        assert {change.type for change in more.resource_changes if change.actions == ("update",)} == {
            "aws_ec2_transit_gateway_vpc_attachment"
        }
        assert not [change for change in more.resource_changes if "delete" in change.actions]


@pytest.fixture
def pool(emulator: Emulator) -> str:
    ec2 = emulator.client("ec2", TARGET["region"], TARGET["account_id"])
    scope = ec2.create_ipam()["Ipam"]["PrivateDefaultScopeId"]
    made: str = ec2.create_ipam_pool(IpamScopeId=scope, AddressFamily="ipv4", Locale=TARGET["region"])["IpamPool"][
        "IpamPoolId"
    ]
    ec2.provision_ipam_pool_cidr(IpamPoolId=made, Cidr="10.64.0.0/12")
    ec2.close()
    return made


def test_out_over_ipv6_only_in_a_range_from_ipam_with_a_locked_default_group(prove: Prove, pool: str) -> None:
    ipam = {"pool_id": pool, "netmask_length": 18}
    with prove(network(cidr=None, ipam=ipam, egress="ipv6_egress_only", ipv6=True, lambda_tier=True)) as applied:
        ec2 = applied.client("ec2")
        assert ways_out(applied) == {}
        assert kinds(ways_out(applied, ANYWHERE_IPV6)) == dict.fromkeys(
            ("private-a", "private-b", "lambda-a", "lambda-b"), "eigw"
        )
        assert ranges(applied) == {
            "private-a": "10.64.0.0/22",
            "private-b": "10.64.4.0/22",
            "isolated-a": "10.64.32.0/23",
            "isolated-b": "10.64.34.0/23",
            "lambda-a": "10.64.56.0/25",
            "lambda-b": "10.64.56.128/25",
        }
        (allocation,) = ec2.get_ipam_pool_allocations(IpamPoolId=pool)["IpamPoolAllocations"]
        assert (allocation["Cidr"], allocation["ResourceId"]) == ("10.64.0.0/18", applied.outputs["vpc_id"])

        found = subnets(applied).values()
        numbers = [subnet["Ipv6CidrBlockAssociationSet"][0]["Ipv6CidrBlock"] for subnet in found]
        assert len(set(numbers)) == len(numbers) == 6
        assert all(number.endswith("::/64") for number in numbers)
        assert all(subnet["AssignIpv6AddressOnCreation"] for subnet in found)

        parking = applied.outputs["parking_security_group_id"]
        (group,) = ec2.describe_security_groups(GroupIds=[parking])["SecurityGroups"]
        assert (group["GroupName"], group["IpPermissions"], group["IpPermissionsEgress"]) == ("default", [], [])
