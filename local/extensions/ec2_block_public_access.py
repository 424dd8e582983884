"""EC2 VPC block public access: the mode of an account and region, and the VPCs and subnets it leaves out.

moto 5.2.5 has none of it.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

# moto is untyped: what comes from it is `Any` throughout this module.
from moto.core.responses import ActionResult
from moto.ec2.exceptions import EC2ClientError
from moto.ec2.responses.vpcs import VPCs
from moto.moto_api._internal import mock_random

from local.extensions.patching import add_action, state

_TAGGED = "vpc-block-public-access-exclusion"


def install() -> None:
    """Extend moto."""
    for action in (
        modify_vpc_block_public_access_options,
        describe_vpc_block_public_access_options,
        create_vpc_block_public_access_exclusion,
        modify_vpc_block_public_access_exclusion,
        describe_vpc_block_public_access_exclusions,
        delete_vpc_block_public_access_exclusion,
    ):
        add_action(VPCs, action)


def modify_vpc_block_public_access_options(response: Any) -> Any:
    """Set the mode."""
    _options(response).update(
        InternetGatewayBlockMode=response.params["InternetGatewayBlockMode"],
        State="update-complete",
        LastUpdateTimestamp=datetime.now(UTC),
    )
    return describe_vpc_block_public_access_options(response)


def describe_vpc_block_public_access_options(response: Any) -> Any:
    """The mode; off as long as none was set."""
    return ActionResult({"VpcBlockPublicAccessOptions": _options(response)})


def create_vpc_block_public_access_exclusion(response: Any) -> Any:
    """Leave a VPC or a subnet out."""
    given = response.params
    resource, known = (
        (f"vpc/{given['VpcId']}", response.ec2_backend.vpcs)
        if "VpcId" in given
        else (f"subnet/{given['SubnetId']}", [*response.ec2_backend.describe_subnets([given["SubnetId"]])])
    )
    if "VpcId" in given and given["VpcId"] not in known:
        raise EC2ClientError("InvalidVpcID.NotFound", f"The vpc ID '{given['VpcId']}' does not exist")
    exclusion_id = f"vpcbpa-exclude-{mock_random.get_random_hex(17)}"
    tags = response._parse_tag_specification().get(_TAGGED, {})  # noqa: SLF001 - moto has no public name for it
    response.ec2_backend.create_tags([exclusion_id], tags)
    _exclusions(response)[exclusion_id] = {
        "ExclusionId": exclusion_id,
        "InternetGatewayExclusionMode": given["InternetGatewayExclusionMode"],
        "ResourceArn": f"arn:{response.partition}:ec2:{response.region}:{response.current_account}:{resource}",
        "State": "create-complete",
        "CreationTimestamp": datetime.now(UTC),
    }
    return _answer(response, exclusion_id)


def modify_vpc_block_public_access_exclusion(response: Any) -> Any:
    """Change what is left out."""
    exclusion = _exclusion(response)
    exclusion["InternetGatewayExclusionMode"] = response.params["InternetGatewayExclusionMode"]
    exclusion["State"] = "update-complete"
    return _answer(response, exclusion["ExclusionId"])


def describe_vpc_block_public_access_exclusions(response: Any) -> Any:
    """Exclusions by id, or all; deleted ones stay known with that state."""
    wanted = response.params.get("ExclusionIds") or list(_exclusions(response))
    found = [_shown(response, exclusion_id) for exclusion_id in wanted if exclusion_id in _exclusions(response)]
    return ActionResult({"VpcBlockPublicAccessExclusions": found})


def delete_vpc_block_public_access_exclusion(response: Any) -> Any:
    """No longer leave it out."""
    exclusion = _exclusion(response)
    exclusion.update(State="delete-complete", DeletionTimestamp=datetime.now(UTC))
    return _answer(response, exclusion["ExclusionId"])


def _options(response: Any) -> dict[Any, Any]:
    options = state(response.ec2_backend, "block_public_access")
    options.setdefault("AwsAccountId", response.current_account)
    options.setdefault("AwsRegion", response.region)
    options.setdefault("State", "default-state")
    options.setdefault("InternetGatewayBlockMode", "off")
    options.setdefault("ManagedBy", "account")
    options.setdefault("ExclusionsAllowed", "allowed")
    return options


def _exclusions(response: Any) -> dict[Any, Any]:
    return state(response.ec2_backend, "block_public_access_exclusions")


def _exclusion(response: Any) -> Any:
    exclusion_id = response.params["ExclusionId"]
    if exclusion_id not in _exclusions(response):
        raise EC2ClientError("InvalidVpcBlockPublicAccessExclusionId.NotFound", f"{exclusion_id} does not exist")
    return _exclusions(response)[exclusion_id]


def _shown(response: Any, exclusion_id: str) -> dict[str, Any]:
    tags = response.ec2_backend.describe_tags({"resource-id": [exclusion_id]})
    shown = [{"Key": tag["key"], "Value": tag["value"]} for tag in tags]
    return {**_exclusions(response)[exclusion_id], "Tags": shown}


def _answer(response: Any, exclusion_id: str) -> Any:
    return ActionResult({"VpcBlockPublicAccessExclusion": _shown(response, exclusion_id)})
