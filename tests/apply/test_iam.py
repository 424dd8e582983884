"""Roles and resource policies: what Lambda and IAM hold of them, and in which order they come and go."""

from __future__ import annotations

import json
from typing import Any

import modules.core.engine

import pytest
from cdktf_cdktf_provider_aws.iam_policy import IamPolicy
from cdktf_cdktf_provider_aws.iam_role import IamRole
from cdktf_cdktf_provider_aws.lambda_alias import LambdaAlias

from modules.core.policy import PolicyDocument
from modules.core.statements import Principal, Statement
from modules.function import ExistingFunction, ExistingFunctionConfig
from modules.function.permissions import DENIED_TO_CODE, ENI_ACTIONS
from rollout.adapters.terraform import Terraform
from stacks.base import TargetStack
from tests.apply.function_base import NAME, base
from tests.apply.harness import Applied, Prove

OFF = {"enabled": False, "reason": "not what this is about"}
DEAD_LETTERS = {"dead_letters": {"kind": "existing", "arn": "arn:aws:sqs:eu-west-1:123456789012:shared"}}
ACCOUNT, PARTNER = "123456789012", "210987654321"
BOUNDARY = f"arn:aws:iam::{ACCOUNT}:policy/acme-dev-orders-boundary"
RULE = f"arn:aws:events:eu-west-1:{ACCOUNT}:rule/nightly"
DEVELOPER = f"arn:aws:iam::{ACCOUNT}:role/developer"
READ = Statement("ReadOrders", ("s3:GetObject",), ("arn:aws:s3:::orders/*",))
MANAGED: dict[str, Any] = {
    "eni_permissions": "managed_policy",
    "path": "/teams/orders/",
    "description": "Orders",
    "max_session_seconds": 7_200,
    "statements": [
        {"sid": "ReadOrders", "actions": ["s3:GetObject"], "resources": ["arn:aws:s3:::orders/*"]},
        {
            "sid": "ListMetrics", "actions": ["cloudwatch:ListMetrics"], "resources": ["*"],
            "wildcard_resource_reason": "CloudWatch knows no resources of it",
        },
    ],
    "policies": [PolicyDocument([Statement("WriteOrders", ("s3:PutObject",), ("arn:aws:s3:::orders/*",))]).json],
    "trusts": [
        {
            "sid": "DevelopersDebug", "principal": DEVELOPER,
            "conditions": [{"test": "Bool", "variable": "aws:MultiFactorAuthPresent", "values": ["true"]}],
        }
    ],
}  # fmt: skip


def build(stack: TargetStack) -> None:
    given = base(stack)
    fields = {"alarms": OFF, "asynchronous": DEAD_LETTERS}
    boundary, own = (
        IamPolicy(stack, name, name=f"acme-dev-orders-{name}", policy=PolicyDocument([READ]).json).arn
        for name in ("boundary", "own")
    )

    scoped = given.function("scoped", {**fields, "aws_services": ["s3"], "environment": {"STAGE": "dev"}})
    LambdaAlias(stack, "live", name="live", function_name=scoped.function_name, function_version="$LATEST")
    scoped.allow_invoke("nightly", principal="events.amazonaws.com", source_arn=RULE)
    scoped.allow_invoke(
        "uploads", principal="s3.amazonaws.com", source_arn="arn:aws:s3:::orders", source_account=ACCOUNT
    )
    scoped.allow_invoke("partner", principal=PARTNER)
    scoped.allow_invoke("organisation", principal="*", org_id="o-a1b2c3d4e5")

    role = {**MANAGED, "permissions_boundary_arn": boundary, "managed_policy_arns": {"own": own}}
    given.function("managed", {**fields, "role": role})

    brought = IamRole(
        stack,
        "brought",
        name="acme-dev-orders-brought",
        assume_role_policy=PolicyDocument(
            [Statement("Trust", ("sts:AssumeRole",), principals=(Principal("Service", ("lambda.amazonaws.com",)),))]
        ).json,
    )
    network = {"Effect": "Allow", "Action": ENI_ACTIONS, "Resource": "*"}
    existing = {
        "arn": brought.arn,
        "name": brought.name,
        "policies": [json.dumps({"Version": "2012-10-17", "Statement": network})],
        "attach_grants": True,
    }
    own_role = given.function(
        "legacy-api",
        {
            **fields,
            "attachment": {"security_group": "own"},
            "role": {"existing": existing},
        },
    )
    assert own_role.security_group is not None

    legacy = ExistingFunction(
        stack,
        "legacy",
        config=ExistingFunctionConfig(function_arn=own_role.arn, security_group_id=own_role.security_group.id),
        network=given.network,
    )
    legacy.connect_to(given.network.endpoint("s3"))
    legacy.allow_invoke("team", principal=f"arn:aws:iam::{ACCOUNT}:root")
    stack.output("key_arn", given.key.arn, "The key")


def role_of(applied: Applied, name: str) -> dict[str, Any]:
    found: dict[str, Any] = applied.client("iam").get_role(RoleName=NAME.format(name))["Role"]
    return found


def statements_of(applied: Applied, role: str, policy: str = "") -> dict[str, dict[str, Any]]:
    found = applied.client("iam").get_role_policy(RoleName=NAME.format(role), PolicyName=NAME.format(policy or role))
    return {statement["Sid"]: statement for statement in found["PolicyDocument"]["Statement"]}


def resource_policy(applied: Applied, name: str) -> dict[str, dict[str, Any]]:
    document = json.loads(applied.client("lambda").get_policy(FunctionName=NAME.format(name))["Policy"])
    return {statement["Sid"]: statement for statement in document["Statement"]}


def _is(told: tuple[str, str], event: str, name: str) -> bool:
    return told[0] == event and told[1].startswith(name)


@pytest.fixture
def destroyed(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str]]:
    """What Terraform says while it destroys, in order: the event, and the resource."""
    told: list[tuple[str, str]] = []
    run = Terraform._run

    def listen(terraform: Terraform, *arguments: str) -> Any:
        finished = run(terraform, *arguments)
        lines = finished.stdout.splitlines() if arguments[0] == "apply" else ()
        events = [event for event in map(json.loads, lines) if event.get("hook", {}).get("action") == "delete"]
        told.extend((event["type"], event["hook"]["resource"]["addr"].split(".", 1)[1]) for event in events)
        return finished

    monkeypatch.setattr(Terraform, "_run", listen)
    return told


def test_roles_and_resource_policies(prove: Prove, destroyed: list[tuple[str, str]]) -> None:
    with prove(build, unscanned_reason="Checkov takes everybody of one organisation for everybody") as applied:
        scoped = statements_of(applied, "scoped")
        assert scoped.keys() == {
            "LambdaDescribesNetwork", "LambdaAttachesToVpc", "CodeLeavesNetworkAlone", "WriteLogs", "WriteTraces",
            "DeadLettersSend", "DecryptEnvironment",
        }  # fmt: skip
        assert scoped["WriteLogs"]["Resource"] == [
            f"arn:aws:logs:eu-west-1:{ACCOUNT}:log-group:/aws/lambda/acme-dev-orders-scoped:*"
        ]
        assert not [one for one in scoped.values() if "logs:CreateLogGroup" in one["Action"]]
        assert (scoped["CodeLeavesNetworkAlone"]["Effect"], scoped["CodeLeavesNetworkAlone"]["Action"]) == (
            "Deny", list(DENIED_TO_CODE),
        )  # fmt: skip
        assert scoped["DecryptEnvironment"]["Resource"] == [applied.outputs["key_arn"]]
        assert scoped["DecryptEnvironment"]["Condition"] == {
            "StringEquals": {"kms:ViaService": ["lambda.eu-west-1.amazonaws.com"]}
        }

        role = role_of(applied, "managed")
        assert (role["Path"], role["Description"], role["MaxSessionDuration"]) == ("/teams/orders/", "Orders", 7_200)
        assert role["PermissionsBoundary"]["PermissionsBoundaryArn"] == BOUNDARY
        trusts = {statement["Sid"]: statement for statement in role["AssumeRolePolicyDocument"]["Statement"]}
        assert trusts["DevelopersDebug"]["Condition"] == {"Bool": {"aws:MultiFactorAuthPresent": ["true"]}}
        attached = applied.client("iam").list_attached_role_policies(RoleName=NAME.format("managed"))
        assert {policy["PolicyName"] for policy in attached["AttachedPolicies"]} == {
            "AWSLambdaVPCAccessExecutionRole", "acme-dev-orders-own",
        }  # fmt: skip
        managed = statements_of(applied, "managed")
        assert managed.keys() >= {"MakeNoLogGroups", "ReadOrders", "ListMetrics", "WriteOrders"}
        assert "LambdaAttachesToVpc" not in managed

        assert statements_of(applied, "brought", "legacy-api").keys() == {
            "CodeLeavesNetworkAlone", "WriteLogs", "WriteTraces", "DeadLettersSend",
        }  # fmt: skip
        function = applied.client("lambda").get_function_configuration(FunctionName=NAME.format("legacy-api"))
        assert function["Role"] == f"arn:aws:iam::{ACCOUNT}:role/acme-dev-orders-brought"

        policy = resource_policy(applied, "scoped")
        assert policy["nightly"]["Condition"] == {"ArnLike": {"AWS:SourceArn": RULE}}
        assert policy["uploads"]["Condition"] == {
            "ArnLike": {"AWS:SourceArn": "arn:aws:s3:::orders"}, "StringEquals": {"AWS:SourceAccount": ACCOUNT},
        }  # fmt: skip
        assert policy["partner"]["Principal"] == {"AWS": f"arn:aws:iam::{PARTNER}:root"}
        assert policy["organisation"]["Condition"] == {"StringEquals": {"aws:PrincipalOrgID": "o-a1b2c3d4e5"}}
        assert resource_policy(applied, "legacy-api").keys() == {"team"}

    for name in ("scoped", "managed", "legacy-api"):
        [function] = [at for at, event in enumerate(destroyed) if _is(event, "apply_complete", f"{name}_function_")]
        policies = [at for at, event in enumerate(destroyed) if _is(event, "apply_start", f"{name}_role_")]
        assert policies
        assert function < min(policies)
