"""Lambda functions in a VPC: the real VPC id, and the network interfaces that Lambda makes and releases.

moto 5.2.5 answers `vpc-123abc` for every function, takes subnets and security groups that do not exist, and makes
no network interface. Lambda makes one Hyperplane interface for each pair of a subnet and a set of security groups,
shares it among all functions and versions that have the pair, and releases it after the last of them.
"""

from __future__ import annotations

import threading
import uuid
from typing import Any

# moto is untyped: what comes from it is `Any` throughout this module.
from moto.awslambda.exceptions import InvalidParameterValueException
from moto.awslambda.models import LambdaBackend, LambdaFunction
from moto.ec2.exceptions import EC2ClientError
from moto.ec2.models import ec2_backends

from local.extensions.patching import state, wrap, wrap_property

_lock = threading.RLock()
_Pair = tuple[str, tuple[str, ...]]


def install() -> None:
    """Extend moto."""
    wrap_property(LambdaFunction, "vpc_config", _vpc_config)
    wrap(LambdaBackend, "create_function", "self spec", _create)
    wrap(LambdaBackend, "update_function_configuration", "self function_name qualifier body", _update)
    wrap(LambdaBackend, "publish_version", "self function_name description", _then_assign)
    wrap(LambdaBackend, "delete_function", "self function_name qualifier", _then_assign)


def _vpc_config(_by_moto: Any, function: Any) -> dict[str, Any] | None:
    config = function._vpc_config  # noqa: SLF001 - what CreateFunction gave; moto's property answers a fixed VPC
    if not config:
        return None
    subnets = config.get("SubnetIds") or []
    ec2 = ec2_backends[function.account_id][function.region]
    return {
        "Ipv6AllowedForDualStack": False,
        **config,
        "VpcId": ec2.get_subnet(subnets[0]).vpc_id if subnets else "",
    }


def _create(original: Any, backend: Any, spec: dict[str, Any]) -> Any:
    with _lock:
        _check(backend, spec.get("VpcConfig") or {})
        function = original(backend, spec)
        _assign_interfaces(backend)
    return function


def _update(original: Any, backend: Any, function_name: str, qualifier: Any, body: dict[str, Any]) -> Any:
    with _lock:
        if "VpcConfig" in body:
            before = backend.get_function(function_name, qualifier)._vpc_config or {}  # noqa: SLF001 - as above
            body = {**body, "VpcConfig": {**before, **body["VpcConfig"]}}
            _check(backend, body["VpcConfig"])
        answer = original(backend, function_name, qualifier, body)
        _assign_interfaces(backend)
    return answer


def _then_assign(original: Any, backend: Any, *args: Any, **kwargs: Any) -> Any:
    with _lock:
        answer = original(backend, *args, **kwargs)
        _assign_interfaces(backend)
    return answer


def _check(backend: Any, config: dict[str, Any]) -> None:
    """Refuse what Lambda refuses, in the words of Lambda where they are known."""
    ec2 = ec2_backends[backend.account_id][backend.region_name]
    subnets, groups = config.get("SubnetIds") or [], config.get("SecurityGroupIds") or []
    if bool(subnets) != bool(groups):
        raise InvalidParameterValueException("SubnetIds and SecurityIds must coexist or be both empty list.")
    networks = set()
    for subnet in subnets:
        try:
            networks.add(ec2.get_subnet(subnet).vpc_id)
        except EC2ClientError:
            raise InvalidParameterValueException(
                "Error occurred while DescribeSubnets. EC2 Error Code: InvalidSubnetID.NotFound. "
                f"EC2 Error Message: The subnet ID '{subnet}' does not exist"
            ) from None
    for group_id in groups:
        group = ec2.get_security_group_from_id(group_id)
        if group is None:
            raise InvalidParameterValueException(
                "Error occurred while DescribeSecurityGroups. EC2 Error Code: InvalidGroup.NotFound. "
                f"EC2 Error Message: The security group '{group_id}' does not exist"
            )
        networks.add(group.vpc_id)
    if len(networks) > 1:
        raise InvalidParameterValueException("Subnets and security groups must belong to the same VPC.")


def _assign_interfaces(backend: Any) -> None:
    """Make the interfaces that the functions and versions of an account and region need, release the others."""
    ec2 = ec2_backends[backend.account_id][backend.region_name]
    needed: dict[_Pair, str] = {}
    for stored in backend._lambdas._functions.values():  # noqa: SLF001 - moto's public lists copy every function
        for function in filter(None, [stored["latest"], *stored["versions"]]):
            config = function._vpc_config or {}  # noqa: SLF001 - as above
            groups = tuple(sorted(config.get("SecurityGroupIds") or []))
            for subnet in config.get("SubnetIds") or []:
                needed.setdefault((subnet, groups), function.function_name)
    held: dict[_Pair, str] = state(ec2, "lambda_interfaces")
    for pair in held.keys() - needed.keys():
        ec2.delete_network_interface(held.pop(pair))
    for pair in needed.keys() - held.keys():
        held[pair] = _interface(ec2, pair, needed[pair])


def _interface(ec2: Any, pair: _Pair, function_name: str) -> str:
    subnet, groups = pair
    description = f"AWS Lambda VPC ENI-{function_name}-{uuid.uuid4()}"
    interface = ec2.create_network_interface(subnet, None, group_ids=list(groups), description=description)
    interface.interface_type = "lambda"
    interface.requester_managed = True
    interface.status = "in-use"
    interface_id: str = interface.id
    return interface_id
