"""Leftovers of the network."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from rollout.readback.check import Clients, pages
from rollout.readback.ownership import Owner, tag_map


@dataclass(frozen=True)
class _Listing:
    kind: str
    operation: str
    key: str
    identity: str
    tags: str = "Tags"
    gone: tuple[str, ...] = ()


_LISTINGS = (
    _Listing("vpc", "describe_vpcs", "Vpcs", "VpcId"),
    _Listing("subnet", "describe_subnets", "Subnets", "SubnetId"),
    _Listing("route table", "describe_route_tables", "RouteTables", "RouteTableId"),
    _Listing("security group", "describe_security_groups", "SecurityGroups", "GroupId"),
    _Listing("internet gateway", "describe_internet_gateways", "InternetGateways", "InternetGatewayId"),
    _Listing("NAT gateway", "describe_nat_gateways", "NatGateways", "NatGatewayId", gone=("deleted",)),
    _Listing("elastic IP", "describe_addresses", "Addresses", "AllocationId"),
    _Listing("endpoint", "describe_vpc_endpoints", "VpcEndpoints", "VpcEndpointId", gone=("deleted",)),
    _Listing("flow log", "describe_flow_logs", "FlowLogs", "FlowLogId"),
    _Listing(
        "egress-only internet gateway",
        "describe_egress_only_internet_gateways",
        "EgressOnlyInternetGateways",
        "EgressOnlyInternetGatewayId",
    ),
    _Listing(
        "transit gateway attachment",
        "describe_transit_gateway_vpc_attachments",
        "TransitGatewayVpcAttachments",
        "TransitGatewayAttachmentId",
        gone=("deleted",),
    ),
    _Listing("transit gateway", "describe_transit_gateways", "TransitGateways", "TransitGatewayId", gone=("deleted",)),
    _Listing("VPN gateway", "describe_vpn_gateways", "VpnGateways", "VpnGatewayId", gone=("deleted",)),
    _Listing("DHCP options", "describe_dhcp_options", "DhcpOptions", "DhcpOptionsId"),
    _Listing(
        "endpoint service",
        "describe_vpc_endpoint_service_configurations",
        "ServiceConfigurations",
        "ServiceId",
        gone=("deleted",),
    ),
    _Listing("network ACL", "describe_network_acls", "NetworkAcls", "NetworkAclId"),
    _Listing("prefix list", "describe_managed_prefix_lists", "PrefixLists", "PrefixListId", gone=("delete-complete",)),
    _Listing("volume", "describe_volumes", "Volumes", "VolumeId"),
    _Listing("launch template", "describe_launch_templates", "LaunchTemplates", "LaunchTemplateId"),
    _Listing("network interface", "describe_network_interfaces", "NetworkInterfaces", "NetworkInterfaceId", "TagSet"),
)


def network(clients: Clients, owner: Owner) -> Iterator[str]:
    """Everything of EC2's that carries the stack's tags or lies in its VPC."""
    ec2: Any = clients("ec2")  # Any: clients are made from models at run time
    for listing in _LISTINGS:
        for item in pages(ec2, listing.operation, listing.key):
            if str(item.get("State", item.get("ServiceState", ""))).lower() in listing.gone:
                continue  # a deleted gateway or endpoint stays visible for about an hour
            if item.get("IsDefault"):
                continue  # a default network ACL comes and goes with its VPC; a default VPC is nobody's
            tags = tag_map(item.get(listing.tags))
            if owner.tags(tags) or owner.names(item.get("GroupName", "")) or _lies_in(item, owner.vpc_id):
                yield f"{listing.kind} {' '.join(filter(None, (item[listing.identity], tags.get('Name', ''))))}"


def instances(clients: Clients, owner: Owner) -> Iterator[str]:
    """Instances, such as NAT instances; a terminated one stays visible for about an hour."""
    for reservation in pages(clients("ec2"), "describe_instances", "Reservations"):
        for instance in reservation["Instances"]:
            tags = tag_map(instance.get("Tags"))
            if instance["State"]["Name"] != "terminated" and (owner.tags(tags) or _lies_in(instance, owner.vpc_id)):
                yield f"instance {' '.join(filter(None, (instance['InstanceId'], tags.get('Name', ''))))}"


def _lies_in(item: dict[str, Any], vpc_id: str) -> bool:
    attachments = (*(item.get("Attachments") or ()), *(item.get("VpcAttachments") or ()))
    attached = (attachment.get("VpcId") for attachment in attachments if attachment.get("State") != "detached")
    return bool(vpc_id) and vpc_id in (item.get("VpcId"), item.get("ResourceId"), *attached)
