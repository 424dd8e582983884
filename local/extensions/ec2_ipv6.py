"""EC2 IPv6 ranges of subnets: the state of an association, and finding a subnet by it.

moto 5.2.5 nests the state of a subnet's IPv6 range in itself, and cannot filter subnets by the association's id, which
the provider waits with.
"""

from __future__ import annotations

from typing import Any

# moto is untyped: what comes from it is `Any` throughout this module.
from moto.ec2.models.subnets import Subnet

from local.extensions.patching import wrap, wrap_property

_FILTER = "ipv6-cidr-block-association.association-id"


def install() -> None:
    """Extend moto."""
    wrap(Subnet, "get_filter_value", "self filter_name method_name", _filter_value)
    wrap_property(Subnet, "ipv6_cidr_block_association_set", _associations)


def _filter_value(original: Any, subnet: Any, filter_name: str, method_name: str | None = None) -> Any:
    if filter_name == _FILTER:
        return list(subnet.ipv6_cidr_block_associations)
    return original(subnet, filter_name, method_name)


def _associations(by_moto: list[dict[str, Any]], subnet: Any) -> list[dict[str, Any]]:
    del subnet
    return [{**each, "ipv6CidrBlockState": each["ipv6CidrBlockState"]["state"]} for each in by_moto]
