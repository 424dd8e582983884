"""What a role may do by the policies that are attached to it."""

from __future__ import annotations

import json
from typing import Any

import pytest

from analysis.iam import RolePolicies, allowed
from analysis.plan import Plan
from tests.analysis.documents import plan, ref, resource, text

ROLE = resource("aws_iam_role.api", {"name": "api"}, unknown={"arn": True, "id": True})
TO_ROLE = ref("aws_iam_role.api.name")
SEND = {"Effect": "Allow", "Action": "sqs:SendMessage", "Resource": "*"}


def policies(*entries: Any, role: Any = ROLE, **more: Any) -> RolePolicies:
    made = plan(role, *entries, **more)
    return allowed(made, role_of(made))


def role_of(made: Plan) -> Any:
    return next(entry for entry in made.resources if entry.type == "aws_iam_role")


def inline(policy: str | None, expression: Any = None) -> Any:
    known = {} if policy is None else {"policy": policy}
    return resource(
        "aws_iam_role_policy.api",
        known,
        expressions={"role": TO_ROLE, "policy": expression or text(policy)},
        unknown={"role": True, "policy": policy is None},
    )


def body(*statements: Any) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def actions(found: RolePolicies) -> list[str]:
    return [action for action, _ in found.allows()]


CUSTOM = resource(
    "aws_iam_policy.send", {"policy": body(SEND)}, expressions={"policy": text(body(SEND))}, unknown={"arn": True}
)
AWS_SEND = "arn:aws:iam::aws:policy/AmazonSQSFullAccess"
AWS_READ = "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess"


def attachment(kind: str, role: str, policy: str, **known: Any) -> Any:
    expressions = {role: TO_ROLE, policy: ref("aws_iam_policy.send.arn")}
    return resource(f"{kind}.a", known, expressions=expressions, unknown={role: True, policy: True})


@pytest.mark.parametrize(
    ("kind", "role", "policy"),
    [
        ("aws_iam_role_policy_attachment", "role", "policy_arn"),
        ("aws_iam_policy_attachment", "roles", "policy_arn"),
        ("aws_iam_role_policy_attachments_exclusive", "role_name", "policy_arns"),
    ],
)
def test_attached_policies(kind: str, role: str, policy: str) -> None:
    found = policies(attachment(kind, role, policy), CUSTOM)
    assert actions(found) == ["sqs:SendMessage"]
    assert found.is_complete


def attached(arn: str, role: str = "api") -> Any:
    values = {"role": role, "policy_arn": arn}
    return resource(
        "aws_iam_role_policy_attachment.a", values, expressions={name: text(values[name]) for name in values}
    )


def test_a_role_by_its_name_and_a_policy_of_aws() -> None:
    found = policies(attached(AWS_READ))
    assert [(action, statement.source) for action, statement in found.allows()] == [
        ("s3:Get*", AWS_READ), ("s3:List*", AWS_READ),
    ]  # fmt: skip
    assert found.is_complete


def test_the_policy_of_another_role_is_not_its_own() -> None:
    found = policies(attached(AWS_READ, role="worker"))
    assert found.statements == ()
    assert found.is_complete


@pytest.mark.parametrize(
    "arn", ["arn:aws:iam::aws:policy/AmazonLexFullAccess", "arn:aws:iam::123456789012:policy/AmazonS3ReadOnlyAccess"]
)
def test_a_policy_that_is_not_in_the_plan_is_unknown(arn: str) -> None:
    assert policies(attached(arn)).unknown == (
        f"aws_iam_role_policy_attachment.a attaches {arn}, whose statements are not in the plan",
    )


def test_managed_policies_of_the_role() -> None:
    role = resource("aws_iam_role.api", {"managed_policy_arns": [AWS_READ, "arn:aws:iam::1:policy/own"]})
    found = policies(role=role)
    assert actions(found) == ["s3:Get*", "s3:List*"]
    assert found.unknown == (
        "aws_iam_role.api attaches arn:aws:iam::1:policy/own, whose statements are not in the plan",
    )


def test_a_policy_that_cannot_be_told_is_unknown() -> None:
    entry = resource(
        "aws_iam_role_policy_attachment.a",
        expressions={"role": TO_ROLE, "policy_arn": ref("local.policy")},
        unknown={"role": True, "policy_arn": True},
    )
    assert policies(entry).unknown == (
        "aws_iam_role_policy_attachment.a.policy_arn leads to local.policy, which the plan does not tell",
    )


def test_a_policy_of_some_role_that_cannot_be_told_may_be_its_own() -> None:
    entry = resource(
        "aws_iam_role_policy_attachment.a",
        {"policy_arn": AWS_READ},
        expressions={"role": ref("local.role"), "policy_arn": text(AWS_READ)},
        unknown={"role": True},
    )
    found = policies(entry)
    assert found.statements == ()
    assert found.unknown == (
        "aws_iam_role_policy_attachment.a.role may name aws_iam_role.api, which the plan does not tell",
    )


def test_a_role_outside_the_plan_has_more() -> None:
    role = resource("data.aws_iam_role.api", {"name": "api", "arn": "arn:aws:iam::123456789012:role/api"})
    found = policies(attached(AWS_READ), role=role)
    assert actions(found) == ["s3:Get*", "s3:List*"]
    assert found.unknown == ("policies of data.aws_iam_role.api lie outside the plan",)


def test_after_apply_everything_is_known() -> None:
    arn = "arn:aws:sqs:eu-west-1:123456789012:jobs"
    queue = resource("aws_sqs_queue.jobs", {"arn": arn, "name": "jobs"}, actions=("no-op",))
    found = policies(inline(body({**SEND, "Resource": [f"{arn}/*", arn, "arn:aws:sqs:eu-west-1:1:x"]})), queue)
    (statement,) = found.statements
    assert [entry.address for entry in statement.resources.resources] == ["aws_sqs_queue.jobs"]
    assert statement.resources.literals == ("arn:aws:sqs:eu-west-1:1:x",)


def test_what_the_provider_lists_on_a_role_is_not_what_will_be() -> None:
    reads = body({"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"})
    own = {"name": "own", "policy": body({"Effect": "Allow", "Action": "sns:Publish", "Resource": "*"})}
    listed = {"inline_policy": [{"name": "files", "policy": reads}, own], "managed_policy_arns": [AWS_READ, AWS_SEND]}
    role = resource("aws_iam_role.api", {"name": "api", **listed}, before={"name": "api", **listed}, actions=("no-op",))
    before = {"role": "api", "name": "files", "policy": reads}
    changed = resource(
        "aws_iam_role_policy.files",
        {**before, "policy": body(SEND)},
        expressions={"role": text("api")},
        before=before,
        actions=("update",),
    )
    gone = {"role": "api", "policy_arn": AWS_READ}
    detached = resource("aws_iam_role_policy_attachment.read", before=gone, actions=("delete",))
    found = policies(changed, detached, role=role)
    assert actions(found) == ["sns:Publish", "sqs:*", "sqs:SendMessage"]
    assert found.is_complete
