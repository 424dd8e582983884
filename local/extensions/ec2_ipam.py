"""EC2 IPAM: pools of IPv4 addresses, and VPCs that take their range from one.

moto 5.2.5 has no IPAM, and creates no VPC without `CidrBlock`.
"""

from __future__ import annotations

import ipaddress
from typing import Any

# moto is untyped: what comes from it is `Any` throughout this module.
from moto.core.responses import ActionResult
from moto.ec2.exceptions import EC2ClientError
from moto.ec2.models.vpcs import VPCBackend
from moto.ec2.responses.vpcs import VPCs
from moto.moto_api._internal import mock_random

from local.extensions.patching import add_action, state, wrap


def install() -> None:
    """Extend moto."""
    for action in (create_ipam, create_ipam_pool, provision_ipam_pool_cidr, get_ipam_pool_allocations):
        add_action(VPCs, action)
    wrap(VPCs, "create_vpc", "self", _create_vpc)
    wrap(VPCBackend, "delete_vpc", "self vpc_id", _delete_vpc)


def create_ipam(response: Any) -> Any:
    """An IPAM with its two default scopes."""
    ipam = {
        "OwnerId": response.current_account,
        "IpamId": _new_id("ipam"),
        "IpamRegion": response.region,
        "PrivateDefaultScopeId": _new_id("ipam-scope"),
        "PublicDefaultScopeId": _new_id("ipam-scope"),
        "ScopeCount": 2,
        "State": "create-complete",
    }
    return ActionResult({"Ipam": ipam})


def create_ipam_pool(response: Any) -> Any:
    """A pool without addresses."""
    pool_id = _new_id("ipam-pool")
    pool = {
        "OwnerId": response.current_account,
        "IpamPoolId": pool_id,
        "Locale": response.params.get("Locale", "None"),
        "AddressFamily": response.params["AddressFamily"],
        "State": "create-complete",
    }
    state(response.ec2_backend, "ipam_pools")[pool_id] = {"cidrs": [], "allocations": []}
    return ActionResult({"IpamPool": pool})


def provision_ipam_pool_cidr(response: Any) -> Any:
    """Give a pool a range."""
    cidr = response.params["Cidr"]
    _pool(response.ec2_backend, response.params["IpamPoolId"])["cidrs"].append(ipaddress.IPv4Network(cidr))
    return ActionResult({"IpamPoolCidr": {"Cidr": cidr, "State": "provisioned"}})


def get_ipam_pool_allocations(response: Any) -> Any:
    """What a pool has given away."""
    pool = _pool(response.ec2_backend, response.params["IpamPoolId"])
    return ActionResult({"IpamPoolAllocations": pool["allocations"]})


def _create_vpc(original: Any, response: Any) -> Any:
    pool_id = response.params.get("Ipv4IpamPoolId")
    if not pool_id:
        return original(response)
    pool = _pool(response.ec2_backend, pool_id)
    cidr = _free(pool, int(response.params["Ipv4NetmaskLength"]))
    response.params["CidrBlock"] = cidr
    answer = original(response)
    pool["allocations"].append(
        {
            "Cidr": cidr,
            "IpamPoolAllocationId": _new_id("ipam-pool-alloc"),
            "ResourceId": answer.result["Vpc"].id,
            "ResourceType": "vpc",
            "ResourceRegion": response.region,
            "ResourceOwner": response.current_account,
        }
    )
    return answer


def _delete_vpc(original: Any, backend: Any, vpc_id: str) -> Any:
    vpc = original(backend, vpc_id)
    for pool in state(backend, "ipam_pools").values():
        pool["allocations"] = [each for each in pool["allocations"] if each["ResourceId"] != vpc_id]
    return vpc


def _pool(backend: Any, pool_id: str) -> Any:
    pools = state(backend, "ipam_pools")
    if pool_id not in pools:
        raise EC2ClientError("InvalidIpamPoolId.NotFound", f"The ipam-pool ID '{pool_id}' does not exist")
    return pools[pool_id]


def _free(pool: Any, length: int) -> str:
    """The first range of a length that no allocation overlaps."""
    taken = [ipaddress.IPv4Network(each["Cidr"]) for each in pool["allocations"]]
    for cidr in pool["cidrs"]:
        for candidate in cidr.subnets(new_prefix=length) if length >= cidr.prefixlen else ():
            if not any(candidate.overlaps(other) for other in taken):
                return str(candidate)
    raise EC2ClientError("InsufficientCidrBlocks", f"The pool has no free range with the netmask length {length}")


def _new_id(prefix: str) -> str:
    return f"{prefix}-{mock_random.get_random_hex(17)}"
