"""EC2 VPC endpoint services: AWS's own that a plan asks for, and address types of one's own.

moto 5.2.5 does not list the services `_MISSING` names, gives DynamoDB a gateway endpoint only, and drops
`SupportedIpAddressTypes` of a service configuration.
"""

from __future__ import annotations

from typing import Any

# moto is untyped: what comes from it is `Any` throughout this module.
from moto.core.base_backend import BaseBackend
from moto.ec2.models.vpc_service_configuration import VPCServiceConfiguration
from moto.ec2.models.vpcs import VPCBackend
from moto.ec2.responses.vpc_service_configuration import VPCEndpointServiceConfiguration

from local.extensions.patching import add_attribute, wrap

_MISSING = ("apigateway", "dynamodb", "dynamodb-streams", "pipes", "scheduler")
_NAMED = ("com.amazonaws.iam", "aws.api.{region}.s3files")
_ADDED: dict[str, list[dict[str, Any]]] = {}
"""Region → added services; as fixed as moto's own list of them."""


def install() -> None:
    """Extend moto."""
    wrap(VPCBackend, "_collect_default_endpoint_services", "account_id region", _services)
    add_attribute(VPCServiceConfiguration, "supported_ip_address_types", ["ipv4"])
    wrap(VPCEndpointServiceConfiguration, "create_vpc_endpoint_service_configuration", "self", _create)


def _create(original: Any, response: Any) -> Any:
    answer = original(response)
    given = response.params.get("SupportedIpAddressTypes")
    if given:
        answer.result["ServiceConfiguration"].supported_ip_address_types = given
    return answer


def _services(original: Any, _backend: Any, account_id: str, region: str) -> list[dict[str, Any]]:
    listed: list[dict[str, Any]] = original(account_id, region)
    if region not in _ADDED:
        zones: list[str] = next((service["AvailabilityZones"] for service in listed), [])
        _ADDED[region] = [made for name in (*_MISSING, *_NAMED) for made in _interface(region, zones, name)]
    return [*listed, *_ADDED[region]]


def _interface(region: str, zones: list[str], name: str) -> list[dict[str, Any]]:
    """An interface service; those that `_NAMED` lists have a name without the usual beginning."""
    [made] = BaseBackend.default_vpc_endpoint_service_factory(region, zones, name)
    if name in _NAMED:
        made["ServiceName"] = name.format(region=region)
    return [made]
