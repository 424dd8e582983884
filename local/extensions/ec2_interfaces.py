"""EC2 network interfaces that NAT gateways and VPC endpoints make, and two fields of endpoints.

moto 5.2.5 leaves the interface of a deleted NAT gateway in its subnet, gives the interfaces of an interface endpoint
the default security group instead of the endpoint's, makes none for a subnet that is added later, no route in a route
table that is added later, and drops `IpAddressType` and `DnsOptions`.
"""

from __future__ import annotations

from typing import Any

# moto is untyped: what comes from it is `Any` throughout this module.
from moto.ec2.models.nat_gateways import NatGatewayBackend
from moto.ec2.models.vpcs import VPCBackend, VPCEndPoint
from moto.ec2.responses.vpcs import VPCs

from local.extensions.patching import add_attribute, wrap

_CREATE_ENDPOINT = (
    "self vpc_id service_name endpoint_type policy_document route_table_ids subnet_ids network_interface_ids "
    "dns_entries client_token security_group_ids tags private_dns_enabled"
)
_MODIFY_ENDPOINT = (
    "self vpc_id policy_doc add_subnets remove_subnets remove_route_tables add_route_tables add_security_groups "
    "remove_security_groups"
)


def install() -> None:
    """Extend moto."""
    wrap(NatGatewayBackend, "create_nat_gateway", "self subnet_id allocation_id tags connectivity_type", _create_nat)
    wrap(NatGatewayBackend, "delete_nat_gateway", "self nat_gateway_id", _delete_nat)
    add_attribute(VPCEndPoint, "ip_address_type", None)
    add_attribute(VPCEndPoint, "dns_options", None)
    wrap(VPCBackend, "create_vpc_endpoint", _CREATE_ENDPOINT, _create_endpoint)
    wrap(VPCBackend, "modify_vpc_endpoint", _MODIFY_ENDPOINT, _modify_endpoint)
    wrap(VPCs, "create_vpc_endpoint", "self", _create_with_fields)
    wrap(VPCs, "modify_vpc_endpoint", "self", _modify_with_fields)


def _create_nat(original: Any, backend: Any, *args: Any, **kwargs: Any) -> Any:
    gateway = original(backend, *args, **kwargs)
    _describe_as(_interface_of(gateway), "nat_gateway", f"Interface for NAT Gateway {gateway.id}")
    return gateway


def _delete_nat(original: Any, backend: Any, nat_gateway_id: str) -> Any:
    gateway = original(backend, nat_gateway_id)
    backend.enis.pop(_interface_of(gateway).id, None)
    return gateway


def _interface_of(gateway: Any) -> Any:
    return gateway._eni  # noqa: SLF001 - moto keeps the interface in no public attribute


def _create_endpoint(original: Any, backend: Any, *args: Any, **kwargs: Any) -> Any:
    endpoint = original(backend, *args, **kwargs)
    if _is_interface(endpoint) and not endpoint.security_group_ids:
        endpoint.security_group_ids = [backend.get_default_security_group(endpoint.vpc_id).id]
    _assign_interfaces(backend, endpoint)
    return endpoint


def _modify_endpoint(original: Any, backend: Any, vpc_id: str, **changes: Any) -> None:
    endpoint = backend.vpc_end_points[vpc_id]  # moto names the endpoint's id so
    before = set(endpoint.route_table_ids or ())
    original(backend, vpc_id=vpc_id, **changes)
    _assign_interfaces(backend, endpoint)
    _assign_routes(backend, endpoint, before)


def _assign_routes(backend: Any, endpoint: Any, before: set[str]) -> None:
    """Give a gateway endpoint a route in each table that it gained, and none in those that it lost."""
    prefix_list, tables = endpoint.destination_prefix_list_id, set(endpoint.route_table_ids or ())
    if not prefix_list:
        return
    for table in sorted(tables - before):
        backend.create_route(table, None, gateway_id=endpoint.id, destination_prefix_list_id=prefix_list)
    for table in sorted(before - tables):
        backend.delete_route(table, prefix_list)


def _assign_interfaces(backend: Any, endpoint: Any) -> None:
    """Give an interface endpoint one interface in each of its subnets, in its security groups."""
    if not _is_interface(endpoint):
        return
    held = {backend.enis[eni_id].subnet_id: backend.enis[eni_id] for eni_id in endpoint.network_interface_ids}
    for subnet in held.keys() - set(endpoint.subnet_ids):
        backend.delete_network_interface(held.pop(subnet).id)
    for subnet in set(endpoint.subnet_ids) - held.keys():
        held[subnet] = backend.create_network_interface(subnet, None)
    groups = [backend.get_security_group_from_id(group) for group in endpoint.security_group_ids]
    for interface in held.values():
        interface._group_set = groups  # noqa: SLF001 - moto's public property has no setter
        _describe_as(interface, "vpc_endpoint", f"VPC Endpoint Interface {endpoint.id}")
    endpoint.network_interface_ids = [held[subnet].id for subnet in endpoint.subnet_ids]


def _is_interface(endpoint: Any) -> bool:
    return (endpoint.vpc_endpoint_type or "").lower() == "interface"


def _describe_as(interface: Any, kind: str, description: str) -> None:
    interface.interface_type = kind
    interface.description = description
    interface.requester_managed = True
    interface.status = "in-use"


def _create_with_fields(original: Any, response: Any) -> Any:
    answer = original(response)
    endpoint = answer.result["VpcEndpoint"]
    _set_fields(response, endpoint)
    if _is_interface(endpoint):
        endpoint.ip_address_type = endpoint.ip_address_type or "ipv4"
        endpoint.dns_options = {"DnsRecordIpType": endpoint.ip_address_type, **(endpoint.dns_options or {})}
    return answer


def _modify_with_fields(original: Any, response: Any) -> Any:
    answer = original(response)
    _set_fields(response, response.ec2_backend.vpc_end_points[_parameter(response, "VpcEndpointId")])
    return answer


def _set_fields(response: Any, endpoint: Any) -> None:
    endpoint.ip_address_type = _parameter(response, "IpAddressType") or endpoint.ip_address_type
    options = _parameter(response, "DnsOptions")
    if options:
        endpoint.dns_options = {**(endpoint.dns_options or {}), **options}


def _parameter(response: Any, name: str) -> Any:
    return response._get_param(name)  # noqa: SLF001 - moto gives parameters no public name
