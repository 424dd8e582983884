"""A function's role and resource policy as constructs: what is made, what is refused, and in which order it goes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from modules.core.connections import Connection
from modules.core.iam import Role
from modules.core.statements import Statement, service_trust
from modules.function.permissions import ENI_ACTIONS
from tests.constructs.functions import API, Made, refusal

pytestmark = pytest.mark.synth
ROLE = "arn:aws:iam::123456789012:role/orders"
VPC_ACCESS = "arn:aws:iam::aws:policy/service-role/AWSLambdaVPCAccessExecutionRole"
READ = Statement("ReadOrders", ("s3:GetObject",), ("arn:aws:s3:::orders/*",))


class Orders:
    """Something that takes a permission."""

    def connection(self) -> Connection:
        return Connection(name="orders", port=443, statements=(READ,))


def policy(*actions: str) -> str:
    statement = {"Effect": "Allow", "Action": actions, "Resource": "*"}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def statements_of(document: str) -> dict[str, dict[str, Any]]:
    return {statement["Sid"]: statement for statement in json.loads(document)["Statement"]}


def test_the_function_waits_for_every_permission_and_goes_before_them(source: Path) -> None:
    made = Made(source)
    made.function(role={"eni_permissions": "managed_policy"})

    waits = set(made.only("aws_lambda_function")["depends_on"])
    for kind in ("aws_iam_role_policy", "aws_iam_role_policy_attachment"):
        [name] = made.resources(kind)
        assert f"{kind}.{name}" in waits


def test_the_managed_policy_comes_without_the_right_to_make_log_groups(source: Path) -> None:
    made = Made(source)
    made.function(role={"eni_permissions": "managed_policy"})

    assert made.only("aws_iam_role_policy_attachment")["policy_arn"] == VPC_ACCESS
    statements = statements_of(made.only("aws_iam_role_policy")["policy"])
    assert statements["MakeNoLogGroups"]["Effect"] == "Deny"
    assert not {"LambdaAttachesToVpc", "LambdaDescribesNetwork"} & statements.keys()


def test_what_a_role_may_be_given(source: Path) -> None:
    made = Made(source)
    boundary = "arn:aws:iam::123456789012:policy/boundary"
    made.function(
        role={
            "path": "/teams/",
            "description": "Orders",
            "max_session_seconds": 7_200,
            "permissions_boundary_arn": boundary,
            "managed_policy_arns": {"own": "arn:aws:iam::123456789012:policy/own"},
            "statements": [{"sid": "Read", "actions": ["s3:GetObject"], "resources": ["arn:aws:s3:::orders/*"]}],
            "trusts": [{"sid": "Debug", "principal": "123456789012"}],
        }
    )

    role = made.only("aws_iam_role")
    given = {name: role[name] for name in ("path", "description", "max_session_duration", "permissions_boundary")}
    assert given == {
        "path": "/teams/",
        "description": "Orders",
        "max_session_duration": 7_200,
        "permissions_boundary": boundary,
    }
    trusts = statements_of(role["assume_role_policy"])
    assert trusts["Debug"]["Principal"] == {"AWS": ["arn:aws:iam::123456789012:root"]}
    assert statements_of(made.only("aws_iam_role_policy")["policy"])["Read"]["Action"] == ["s3:GetObject"]


def test_a_policy_that_is_longer_than_iam_takes(source: Path) -> None:
    made = Made(source)
    api = made.function()
    long = Statement("Long", tuple(f"s3:Get{'x' * 90}{number}" for number in range(110)), ("arn:aws:s3:::x",))
    told = refusal(lambda: api.role.grant(long))
    assert told.startswith(f"{API}/role: the inline policy has at least 1")
    assert told.endswith(
        " characters; IAM takes 10240 characters without white space (IAM quotas); "
        "attach a managed policy with some of the statements"
    )


def test_a_trust_policy_that_is_longer_than_iam_takes(source: Path) -> None:
    made = Made(source)
    trusts = [
        {"sid": f"Trust{number}", "principal": f"arn:aws:iam::123456789012:role/{'x' * 60}"} for number in range(15)
    ]
    told = refusal(lambda: made.function(role={"trusts": trusts}))
    assert told.startswith(f"{API}/role: the trust policy has at least 2")
    assert told.endswith(" characters; IAM takes 2048 characters without white space (IAM quotas); merge trusts")


def test_names_are_fitted_to_what_iam_takes(source: Path) -> None:
    made = Made(source)
    made.function("a-function-with-a-name-that-is-far-longer-than-anybody-would-like-to-type")
    name = made.only("aws_iam_role")["name"]
    assert len(name) == 64
    assert made.only("aws_iam_role_policy")["name"] == name == made.only("aws_lambda_function")["function_name"]


def test_an_existing_role_without_the_permissions_for_interfaces(source: Path) -> None:
    made = Made(source)
    existing = {"arn": ROLE, "policies": [policy("ec2:*NetworkInterface*", "logs:*", "xray:*", "sqs:*", "kms:*")]}
    assert refusal(lambda: made.function(role={"existing": existing})) == (
        f"{API} role.existing: policies of {ROLE} allow no ec2:AssignPrivateIpAddresses, ec2:DescribeSubnets, "
        "ec2:UnassignPrivateIpAddresses; Lambda makes and deletes the function's network interfaces with the role "
        '(Lambda guide, VPC access); add [{"Sid":"LambdaDescribesNetwork","Effect":"Allow",'
        '"Action":["ec2:DescribeSubnets"],"Resource":["*"]},{"Sid":"LambdaAttachesToVpc","Effect":"Allow",'
        '"Action":["ec2:AssignPrivateIpAddresses","ec2:UnassignPrivateIpAddresses"],'
        '"Resource":["arn:aws:ec2:eu-west-1:123456789012:*/*"]}]'
    )


def test_an_existing_role_that_a_connection_asks_too_much_of(source: Path) -> None:
    made = Made(source)
    existing = {"arn": ROLE, "policies": [policy(*ENI_ACTIONS, "logs:*", "xray:*", "sqs:*", "kms:*")]}
    api = made.function(role={"existing": existing})
    assert refusal(lambda: api.connect_to(Orders())) == (
        f'{API} role.existing: policies of {ROLE} do not cover the statement "ReadOrders"; the function or a '
        "connection "
        'of it needs the statement; add [{"Sid":"ReadOrders","Effect":"Allow","Action":["s3:GetObject"],'
        '"Resource":["arn:aws:s3:::orders/*"]}], or set attach_grants'
    )
    assert made.resources("aws_iam_role") == made.resources("aws_iam_role_policy") == {}


def test_an_existing_role_that_grants_are_attached_to(source: Path) -> None:
    made = Made(source)
    existing = {"arn": ROLE, "policies": [policy(*ENI_ACTIONS)], "attach_grants": True}
    made.function(role={"existing": existing}).connect_to(Orders())

    attached = made.only("aws_iam_role_policy")
    assert (attached["role"], attached["name"]) == ("orders", "acme-dev-orders-api")
    assert statements_of(attached["policy"]).keys() >= {"CodeLeavesNetworkAlone", "WriteLogs", "ReadOrders"}
    assert made.only("aws_lambda_function")["role"] == ROLE
    [name] = made.resources("aws_iam_role_policy")
    assert f"aws_iam_role_policy.{name}" in made.only("aws_lambda_function")["depends_on"]


def test_an_existing_role_that_nobody_checks(source: Path) -> None:
    made = Made(source)
    made.function(role={"existing": {"arn": ROLE, "unchecked_reason": "the platform team does"}}).connect_to(Orders())
    assert made.only("aws_lambda_function")["role"] == ROLE


def test_who_may_invoke_the_function_and_for_what(source: Path) -> None:
    made = Made(source)
    api = made.function()
    rule = "arn:aws:events:eu-west-1:123456789012:rule/nightly"
    api.allow_invoke("nightly", principal="events.amazonaws.com", source_arn=rule)
    api.allow_invoke("nightly", principal="events.amazonaws.com", source_arn=rule)
    api.allow_invoke("partners", principal="*", org_id="o-a1b2c3d4e5", qualifier="live")
    api.allow_invoke("team", principal="210987654321")

    permissions = {found["statement_id"]: found for found in made.resources("aws_lambda_permission").values()}
    assert permissions.keys() == {"nightly", "partners", "team"}
    assert permissions["nightly"]["source_arn"] == rule
    assert permissions["team"]["principal"] == "arn:aws:iam::210987654321:root"
    assert permissions["partners"].items() >= {
        ("principal", "*"), ("principal_org_id", "o-a1b2c3d4e5"), ("qualifier", "live"),
    }  # fmt: skip


def test_a_statement_id_that_is_taken(source: Path) -> None:
    made = Made(source)
    api = made.function()
    api.allow_invoke("caller", principal="123456789012")
    assert refusal(lambda: api.allow_invoke("caller", principal="210987654321")) == (
        f'{API}: the statement "caller" lets 210987654321 invoke the function; another statement of that id lets '
        "123456789012 invoke it; give one of them another id"
    )
    assert refusal(lambda: api.allow_invoke("a caller", principal="210987654321")) == (
        f'{API}: the statement id is "a caller"; it has 1 to 100 letters, digits, hyphens and underscores '
        "(AddPermission); rename it"
    )
    assert refusal(lambda: api.allow_invoke("rule", principal="events.amazonaws.com")) == (
        f'{API} statement "rule": principal is "events.amazonaws.com", and source_arn and source_account are empty; a '
        "service can be made to invoke the function for somebody else's resource (confused deputy); set source_arn, or "
        "source_account"
    )


def test_the_whole_policy_as_one_document(source: Path) -> None:
    made = Made(source, provider=">= 6.69, < 7")
    api = made.function(resource_policy={"form": "whole_document"})
    api.allow_invoke("rule", principal="events.amazonaws.com", source_account="123456789012")
    api.allow_invoke("team", principal="210987654321")
    api.allow_invoke("live", principal="*", org_id="o-a1b2c3d4e5", qualifier="live")

    documents = {
        found["resource_arn"]: found["policy"] for found in made.resources("aws_lambda_resource_policy").values()
    }
    [function] = made.resources("aws_lambda_function")
    arn = f"${{aws_lambda_function.{function}.arn}}"
    assert documents.keys() == {arn, f"{arn}:live"}
    assert statements_of(documents[arn]) == {
        "rule": {
            "Sid": "rule", "Effect": "Allow", "Principal": {"Service": ["events.amazonaws.com"]},
            "Action": ["lambda:InvokeFunction"], "Resource": [arn],
            "Condition": {"StringEquals": {"AWS:SourceAccount": ["123456789012"]}},
        },
        "team": {
            "Sid": "team", "Effect": "Allow", "Principal": {"AWS": ["arn:aws:iam::210987654321:root"]},
            "Action": ["lambda:InvokeFunction"], "Resource": [arn],
        },
    }  # fmt: skip
    assert made.resources("aws_lambda_permission") == {}


def test_the_whole_policy_on_provider_5(source: Path) -> None:
    made = Made(source)
    assert refusal(lambda: made.function(resource_policy={"form": "whole_document"})) == (
        f'{API}: resource_policy.form is "whole_document"; AWS provider 5 has no aws_lambda_resource_policy, and the '
        "target allows >= 5.100, < 7; set form to statements, or set the target's aws_provider_version to \">= "
        '6.69, < 7"'
    )


def test_a_document_beside_statements(source: Path) -> None:
    made = Made(source, provider=">= 6.69, < 7")
    both: dict[str, Any] = {"resource_policy": {"form": "whole_document"}, "url": {"principals": ["210987654321"]}}
    assert refusal(lambda: made.function(**both)) == (
        'resource_policy.form is "whole_document" and url lets callers in by statements of their own; the document '
        "removes every statement that it does not hold (aws_lambda_resource_policy); set resource_policy.form to "
        "statements"
    )


def test_a_role_without_options_says_nothing_about_them(source: Path) -> None:
    made = Made(source)
    Role(made.stack, "plain", name="plain", trust=service_trust("lambda.amazonaws.com"), statements=[READ])
    assert made.only("aws_iam_role").keys() - {"//"} == {"name", "assume_role_policy"}
