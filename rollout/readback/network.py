"""The VPC read back: subnets, routes, endpoints, flow log."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from rollout.readback.check import Check, Clients, equal, only, pages, tag
from rollout.readback.expected import Expected
from rollout.readback.log_groups import log_group_checks
from rollout.readback.policy_document import role_checks, statement, statements, trust

_ANYWHERE = "0.0.0.0/0"


@dataclass(frozen=True)
class Vpc:
    """A VPC and what stands in it, as EC2 describes them.

    Attributes:
        vpc_id: the VPC's id.
        subnets: every subnet; `Any`, as boto3 returns plain dictionaries.
        tables: every route table, likewise.
        endpoints: every endpoint that is not deleted, likewise.
    """

    vpc_id: str
    subnets: tuple[Any, ...]
    tables: tuple[Any, ...]
    endpoints: tuple[Any, ...]

    @classmethod
    def read(cls, clients: Clients, vpc_id: str) -> Vpc:
        """Read the VPC's parts."""
        ec2: Any = clients("ec2")  # Any: clients are made from models at run time
        own = [{"Name": "vpc-id", "Values": [vpc_id]}]
        endpoints = pages(ec2, "describe_vpc_endpoints", "VpcEndpoints", Filters=own)
        return cls(
            vpc_id=vpc_id,
            subnets=tuple(pages(ec2, "describe_subnets", "Subnets", Filters=own)),
            tables=tuple(pages(ec2, "describe_route_tables", "RouteTables", Filters=own)),
            endpoints=tuple(endpoint for endpoint in endpoints if endpoint["State"].lower() != "deleted"),
        )

    def tier(self, name: str) -> dict[str, str]:
        """Subnet ids of a tier by zone."""
        return {
            subnet["AvailabilityZone"]: subnet["SubnetId"] for subnet in self.subnets if tag(subnet, "tier") == name
        }

    def table_of(self, subnet_id: str) -> Any:
        """The route table that a subnet is associated with; the main one is nobody's choice and does not count."""
        associated = (
            table
            for table in self.tables
            if any(link.get("SubnetId") == subnet_id for link in table.get("Associations", []))
        )
        return only(associated, f"route table of {subnet_id}")

    def endpoint(self, service_name: str) -> Any:
        """The endpoint of a service."""
        found = (endpoint for endpoint in self.endpoints if endpoint["ServiceName"] == service_name)
        return only(found, f"endpoint of {service_name}")


def vpc_checks(clients: Clients, outputs: Mapping[str, Any], expected: Expected) -> list[Check]:
    """The VPC itself, and where its subnets lie."""
    ec2: Any = clients("ec2")  # Any: as above
    vpc_id = outputs["vpc_id"]
    vpc = Vpc.read(clients, vpc_id)
    itself = only(ec2.describe_vpcs(VpcIds=[vpc_id])["Vpcs"], vpc_id)
    subject = f"vpc {vpc_id}"
    tiers = ("isolated", "private", "public") if expected.nat_zones else ("isolated", "private")
    checks = [
        equal(f"{subject}: range", expected.cidr, itself["CidrBlock"]),
        *(
            equal(f"{subject}: {name}", True, ec2.describe_vpc_attribute(VpcId=vpc_id, Attribute=name)[key]["Value"])  # noqa: FBT003  # the value compared with
            for name, key in (
                ("enableDnsHostnames", "EnableDnsHostnames"),
                ("enableDnsSupport", "EnableDnsSupport"),
            )
        ),
        equal(f"{subject}: subnets", len(tiers) * len(expected.zones), len(vpc.subnets)),
        equal(f"{subject}: private subnets", list(outputs["private_subnet_ids"]), list(vpc.tier("private").values())),
        equal(
            f"{subject}: subnets that hand out public addresses",
            [],
            [subnet["SubnetId"] for subnet in vpc.subnets if subnet.get("MapPublicIpOnLaunch")],
        ),
    ]
    return checks + [
        equal(f"{subject}: zones of the {tier} subnets", expected.zones, list(vpc.tier(tier))) for tier in tiers
    ]


def route_checks(clients: Clients, outputs: Mapping[str, Any], expected: Expected) -> list[Check]:
    """Every route of every subnet: where the private ones leave through, and that the isolated ones do not leave.

    Routes to prefix lists belong to gateway endpoints, whose checks follow.
    """
    ec2: Any = clients("ec2")  # Any: as above
    vpc = Vpc.read(clients, outputs["vpc_id"])
    own = [{"Name": "vpc-id", "Values": [vpc.vpc_id]}]
    zones = {subnet["SubnetId"]: subnet["AvailabilityZone"] for subnet in vpc.subnets}
    nats = {
        gateway["NatGatewayId"]: zones.get(gateway["SubnetId"], "")
        for gateway in pages(ec2, "describe_nat_gateways", "NatGateways", Filters=own)
        if gateway["State"] == "available"
    }
    checks = [equal(f"vpc {vpc.vpc_id}: zones with a NAT gateway", expected.nat_zones, list(nats.values()))]
    for tier in ("isolated", "private", "public"):
        for zone, subnet_id in sorted(vpc.tier(tier).items()):
            leaving = _way_out(tier, expected.nat_zone(zone))
            wanted = {expected.cidr: "local"} | ({_ANYWHERE: leaving} if leaving else {})
            found = dict(_route(route, nats) for route in vpc.table_of(subnet_id)["Routes"] if _is_own(route))
            checks.append(equal(f"{tier} subnet in {zone}: routes", wanted, found))
    return checks


def endpoint_checks(clients: Clients, outputs: Mapping[str, Any], expected: Expected) -> list[Check]:
    """Gateway endpoints on every route table; interface endpoints in every private subnet, with private names."""
    vpc = Vpc.read(clients, outputs["vpc_id"])
    host = f"com.amazonaws.{expected.region}"
    services = (*expected.gateway_endpoints, *expected.interface_endpoints)
    checks = [
        equal(
            f"vpc {vpc.vpc_id}: endpoints",
            [f"{host}.{service}" for service in services],
            [endpoint["ServiceName"] for endpoint in vpc.endpoints],
        )
    ]
    tables = {vpc.table_of(subnet["SubnetId"])["RouteTableId"] for subnet in vpc.subnets}
    for service in services:
        endpoint = vpc.endpoint(f"{host}.{service}")
        subject = f"endpoint {service}"
        checks.append(equal(f"{subject}: state", "available", endpoint["State"].lower()))
        checks.append(equal(f"{subject}: policy", _this_account_only(expected), statements(endpoint["PolicyDocument"])))
        if service in expected.gateway_endpoints:
            checks.append(equal(f"{subject}: type", "Gateway", endpoint["VpcEndpointType"]))
            checks.append(equal(f"{subject}: route tables", tables, endpoint.get("RouteTableIds", [])))
        else:
            checks.append(equal(f"{subject}: type", "Interface", endpoint["VpcEndpointType"]))
            checks.append(equal(f"{subject}: subnets", outputs["private_subnet_ids"], endpoint.get("SubnetIds", [])))
            checks.append(equal(f"{subject}: private DNS", True, endpoint.get("PrivateDnsEnabled")))  # noqa: FBT003  # the value compared with
    return checks


def flow_log_checks(clients: Clients, outputs: Mapping[str, Any], expected: Expected) -> list[Check]:
    """The VPC's one flow log, where it goes, and the role that writes it."""
    ec2: Any = clients("ec2")  # Any: as above
    vpc_id = outputs["vpc_id"]
    own = [{"Name": "resource-id", "Values": [vpc_id]}]
    log = only(pages(ec2, "describe_flow_logs", "FlowLogs", Filters=own), f"flow log of {vpc_id}")
    name = f"/aws/vpc-flow-logs/{expected.prefix}"
    group = expected.arn("logs", f"log-group:{name}")
    actions = ["logs:CreateLogStream", "logs:DescribeLogGroups", "logs:DescribeLogStreams", "logs:PutLogEvents"]
    write = statement(actions, [group, f"{group}:*"])
    subject = f"flow log of {vpc_id}"
    return [
        equal(f"{subject}: status", "ACTIVE", log["FlowLogStatus"]),
        equal(f"{subject}: traffic", "ALL", log["TrafficType"]),
        equal(f"{subject}: destination", group, log["LogDestination"]),
        *log_group_checks(clients, name, retention_days=expected.flow_log_retention_days, prefix=expected.prefix),
        *role_checks(
            clients,
            log["DeliverLogsPermissionArn"].rpartition("/")[2],
            trusted=trust("vpc-flow-logs.amazonaws.com", source_account=expected.account_id),
            allowed={"WriteFlowRecords": write},
        ),
    ]


def _this_account_only(expected: Expected) -> dict[str, Any]:
    condition = ("StringEquals", "aws:PrincipalAccount", expected.account_id)
    return {"ThisAccountOnly": statement(["*"], ["*"], principal={"AWS": ["*"]}, condition=condition)}


def _way_out(tier: str, nat_zone: str) -> str:
    if tier == "isolated" or not nat_zone:
        return ""
    return "internet gateway" if tier == "public" else f"NAT gateway in {nat_zone}"


def _is_own(route: Mapping[str, Any]) -> bool:
    return "DestinationPrefixListId" not in route


def _route(route: Mapping[str, Any], nats: Mapping[str, str]) -> tuple[str, str]:
    destination = route.get("DestinationCidrBlock") or route.get("DestinationIpv6CidrBlock") or json.dumps(route)
    target = route.get("NatGatewayId") or route.get("GatewayId") or "another target"
    if target in nats:
        return destination, f"NAT gateway in {nats[target]}"
    return destination, "internet gateway" if target.startswith("igw-") else target
