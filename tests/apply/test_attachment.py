"""Functions in a VPC: the shared group, both address families, and the way out of the VPC again."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from stacks.base import TargetStack
from tests.apply.function_base import base
from tests.apply.harness import Applied, Prove

OFF = {"enabled": False, "reason": "not what this is about"}
DEAD_LETTERS = {"dead_letters": {"kind": "existing", "arn": "arn:aws:sqs:eu-west-1:123456789012:shared"}}
DUAL_STACK = {"ipv6_allowed_for_dual_stack": True}
DETACHING = {"state": "detaching", "security_group": "own"}
DETACHED = {"state": "detached", "security_group": "own", "detaching_applied": "in this test"}
ENI = {"LambdaAttachesToVpc", "LambdaDescribesNetwork", "CodeLeavesNetworkAlone"}


def building(mover: dict[str, Any]) -> Callable[[TargetStack], None]:
    """Two functions in the shared group, and one with an attachment of its own."""

    def build(stack: TargetStack) -> None:
        given = base(stack, ipv6=True, egress="ipv6_egress_only", endpoints={"subnet_attachment": "inline"})
        for name, attachment in {"api": DUAL_STACK, "worker": DUAL_STACK, "mover": mover}.items():
            fields = {"attachment": attachment, "alarms": OFF, "asynchronous": DEAD_LETTERS}
            reason = "partners" if name == "api" else ""
            given.function(name, {**fields, "aws_services": ["s3", "sqs"], "internet_egress_reason": reason})
        stack.output("pairs", len(given.network.interface_pairs), "Network interfaces of the functions")

    return build


def vpc_config(applied: Applied, name: str) -> dict[str, Any]:
    found: dict[str, Any] = applied.client("lambda").get_function_configuration(FunctionName=f"acme-dev-orders-{name}")
    return dict(found.get("VpcConfig") or {})


def interfaces(applied: Applied) -> list[dict[str, Any]]:
    filters = [{"Name": "interface-type", "Values": ["lambda"]}]
    found = applied.client("ec2").describe_network_interfaces(Filters=filters)["NetworkInterfaces"]
    return [interface for interface in found if interface["InterfaceType"] == "lambda"]


def sids(applied: Applied, name: str) -> set[str]:
    role = f"acme-dev-orders-{name}"
    document = applied.client("iam").get_role_policy(RoleName=role, PolicyName=role)["PolicyDocument"]
    return {statement["Sid"] for statement in document["Statement"]}


def test_a_function_leaves_the_vpc_in_two_applies(prove: Prove) -> None:
    with prove(building({"security_group": "own"})) as applied:
        api, worker, mover = (vpc_config(applied, name) for name in ("api", "worker", "mover"))
        assert api["VpcId"] == applied.outputs["vpc_id"]
        assert (api["SecurityGroupIds"], api["SubnetIds"]) == (worker["SecurityGroupIds"], worker["SubnetIds"])
        assert api["Ipv6AllowedForDualStack"] is True
        assert mover["Ipv6AllowedForDualStack"] is False
        assert mover["SecurityGroupIds"] != api["SecurityGroupIds"]
        assert len(interfaces(applied)) == applied.outputs["pairs"] == 4
        ec2 = applied.client("ec2")
        rules = ec2.describe_security_group_rules(
            Filters=[{"Name": "group-id", "Values": [*api["SecurityGroupIds"], *mover["SecurityGroupIds"]]}]
        )["SecurityGroupRules"]
        assert not [rule for rule in rules if not rule["IsEgress"]]
        assert sorted(rule["Description"] for rule in rules if rule["GroupId"] == api["SecurityGroupIds"][0]) == [
            "HTTPS to the internet: partners", "HTTPS to the internet: partners", "to s3", "to sqs",
        ]  # fmt: skip
        assert sids(applied, "mover") >= ENI

        detaching = applied.apply(building(DETACHING))
        assert {change.type for change in detaching.resource_changes if not change.is_quiet} == {"aws_lambda_function"}
        assert not vpc_config(applied, "mover").get("SubnetIds")
        assert len(interfaces(applied)) == applied.outputs["pairs"] == 2
        assert sids(applied, "mover") >= ENI

        detached = applied.apply(building(DETACHED))
        changed = {change.type for change in detached.resource_changes if not change.is_quiet}
        assert "aws_lambda_function" not in changed
        assert {"aws_iam_role_policy", "aws_security_group"} <= changed
        assert not vpc_config(applied, "mover").get("SubnetIds")
        assert not ENI & sids(applied, "mover")
        assert sids(applied, "api") >= ENI
