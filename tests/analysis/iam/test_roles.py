"""What a role may do, from policies in every spelling."""

from __future__ import annotations

import json
from typing import Any

import pytest

from analysis.iam import RolePolicies, allowed
from analysis.plan import Plan
from tests.analysis.documents import plan, ref, resource, text

ROLE = resource("aws_iam_role.api", {"name": "api"}, unknown={"arn": True, "id": True})
QUEUE = resource("aws_sqs_queue.jobs", {"name": "jobs"}, unknown={"arn": True, "url": True})
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


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        (SEND, ["sqs:SendMessage"]),
        ({**SEND, "Action": ["SQS:sendmessage", "s3:*"]}, ["SQS:sendmessage", "s3:*"]),
        ({**SEND, "Action": "*"}, ["*"]),
        ({**SEND, "Effect": "Deny"}, []),
    ],
)
def test_actions_of_a_known_policy(statement: dict[str, Any], expected: list[str]) -> None:
    found = policies(inline(body(statement)))
    assert actions(found) == expected
    assert found.is_complete


def test_one_statement_needs_no_list() -> None:
    assert actions(policies(inline(json.dumps({"Statement": SEND})))) == ["sqs:SendMessage"]


@pytest.mark.parametrize(
    "denial",
    [
        {"Effect": "Deny", "Action": "*", "Resource": "*"},
        {"Effect": "Deny", "Action": "SQS:*", "Resource": ["*"]},
        {"Effect": "Deny", "NotAction": ["logs:*", "s3:*"], "Resource": "*"},
    ],
)
def test_what_is_denied_everywhere_is_not_allowed(denial: dict[str, Any]) -> None:
    assert actions(policies(inline(body(SEND, denial)))) == []


@pytest.mark.parametrize(
    "denial",
    [
        {"Effect": "Deny", "Action": "sqs:ReceiveMessage", "Resource": "*"},
        {"Effect": "Deny", "Action": "sqs:*", "Resource": "arn:aws:sqs:eu-west-1:1:other"},
        {"Effect": "Deny", "Action": "sqs:*", "NotResource": "*"},
        {"Effect": "Deny", "Action": "sqs:*", "Resource": "*", "Condition": {"Bool": {"aws:SecureTransport": "false"}}},
        {"Effect": "Deny", "NotAction": "sqs:Send*", "Resource": "*"},
    ],
)
def test_what_is_denied_in_part_is_allowed(denial: dict[str, Any]) -> None:
    assert actions(policies(inline(body(SEND, denial)))) == ["sqs:SendMessage"]


def test_an_allowance_of_everything_but_something_is_unknown() -> None:
    found = policies(inline(body({"Effect": "Allow", "NotAction": "iam:*", "Resource": "*"})))
    assert found.unknown == ("aws_iam_role_policy.api allows what NotAction says",)


TEXT = '{"Statement":[{"Action":["sqs:SendMessage"],"Effect":"Allow","Resource":["${aws_sqs_queue.jobs.arn}"]}]}'
QUOTED = TEXT.replace("aws_sqs_queue.jobs.arn", 'join(":", ["a}", aws_sqs_queue.jobs.arn])')
ENCODED = (
    '${jsonencode({"Version" = "2012-10-17", "Statement" = [{"Action" = ["sqs:SendMessage"], "Effect" = "Allow", '
    '"Resource" = [aws_sqs_queue.jobs.arn], "Condition" = {"Bool" = {"aws:SecureTransport" = true}}}]})}'
)
UNQUOTED = """${jsonencode({
  Statement = {
    Effect : "Allow"
    Action : "sqs:SendMessage"
    Resource : "${aws_sqs_queue.jobs.arn}/*"
  }
})}"""


@pytest.mark.parametrize("written", [TEXT, QUOTED, ENCODED, UNQUOTED])
def test_a_policy_with_references_in_its_text(written: str) -> None:
    found = policies(inline(None, text(written)), QUEUE)
    assert actions(found) == ["sqs:SendMessage"]
    assert [entry.address for entry in found.statements[0].resources.resources] == ["aws_sqs_queue.jobs"]
    assert found.is_complete


@pytest.mark.parametrize(
    "written",
    [
        "${templatefile(\"policy.json\", {})}${aws_sqs_queue.jobs.arn}",
        '{"Statement": ${jsonencode([aws_sqs_queue.jobs.arn])}}',
        '{"Statement": [',
        "${jsonencode({",
        '${jsonencode({"Statement" = [for s in aws_sqs_queue.jobs : {"Action" = s}]}',
        '{"Id": "${aws_sqs_queue.jobs.arn}"}',
    ],
)  # fmt: skip
def test_a_text_that_only_terraform_can_evaluate_is_unknown(written: str) -> None:
    found = policies(inline(None, text(written)), QUEUE)
    assert found.unknown == ("aws_iam_role_policy.api.policy is known only after apply",)


def test_an_action_that_only_terraform_can_evaluate_is_unknown() -> None:
    written = TEXT.replace("sqs:SendMessage", "${local.action}")
    assert policies(inline(None, text(written)), QUEUE).unknown == (
        "aws_iam_role_policy.api allows what an unknown action says",
    )


def test_an_unknown_policy_of_hcl_names_resources() -> None:
    found = policies(inline(None, ref("aws_sqs_queue.jobs.arn")), QUEUE)
    assert found.unknown == ("aws_iam_role_policy.api.policy is known only after apply",)
    assert [entry.address for entry in found.named] == ["aws_sqs_queue.jobs"]


DOCUMENT = resource(
    "data.aws_iam_policy_document.api",
    {
        "statement": [
            {"actions": ["sqs:SendMessage"], "effect": None, "sid": "Send", "condition": [], "resources": [None]}
        ]
    },
    unknown={"json": True, "statement": [{"resources": [True]}]},
    expressions={"statement": [{"actions": text(["sqs:SendMessage"]), "resources": ref("aws_sqs_queue.jobs.arn")}]},
    actions=("read",),
)
FROM_DOCUMENT = ref("data.aws_iam_policy_document.api.json")


@pytest.mark.parametrize("expression", [FROM_DOCUMENT, text("${data.aws_iam_policy_document.api.json}")])
def test_a_document_that_is_read_during_apply(expression: dict[str, Any]) -> None:
    found = policies(inline(None, expression), DOCUMENT, QUEUE)
    assert actions(found) == ["sqs:SendMessage"]
    assert found.statements[0].source == "data.aws_iam_policy_document.api"
    assert found.statements[0].sid == "Send"
    assert [entry.address for entry in found.statements[0].resources.resources] == ["aws_sqs_queue.jobs"]
    assert found.is_complete


@pytest.mark.parametrize("path", ["source_policy_documents", "override_policy_documents", "source_json"])
def test_documents_that_a_document_is_built_upon(path: str) -> None:
    upper = resource(
        "data.aws_iam_policy_document.upper",
        {"statement": [{"actions": ["s3:GetObject"], "resources": ["*"]}]},
        unknown={"json": True, path: True},
        expressions={"statement": [{}], path: FROM_DOCUMENT},
        actions=("read",),
    )
    found = policies(inline(None, ref("data.aws_iam_policy_document.upper.json")), upper, DOCUMENT, QUEUE)
    assert actions(found) == ["sqs:SendMessage", "s3:GetObject"]
    assert found.is_complete


def test_a_document_that_was_read() -> None:
    read = resource("data.aws_iam_policy_document.api", {"json": body(SEND)})
    assert actions(policies(inline(None, FROM_DOCUMENT), read)) == ["sqs:SendMessage"]


def test_conditions_by_their_keys() -> None:
    statement = {**SEND, "Condition": {"StringEquals": {"kms:ViaService": ["sqs.eu-west-1.amazonaws.com"]}}}
    (found,) = policies(inline(body(statement))).statements
    assert found.conditions == {"kms:viaservice": ("sqs.eu-west-1.amazonaws.com",)}
    assert found.operators == ("StringEquals",)


def test_inline_policies_of_the_role() -> None:
    role = resource(
        "aws_iam_role.api",
        {"name": "api", "inline_policy": [{"name": "a", "policy": body(SEND)}, {"name": "b"}]},
        expressions={"inline_policy": [{"policy": text("")}, {"policy": text(ENCODED)}]},
        unknown={"inline_policy": [{}, {"policy": True}]},
    )
    assert actions(policies(QUEUE, role=role)) == ["sqs:SendMessage", "sqs:SendMessage"]


def test_what_aws_gives_a_new_role_is_nothing() -> None:
    role = resource("aws_iam_role.api", {"name": "api"}, unknown={"inline_policy": True, "managed_policy_arns": True})
    found = policies(role=role)
    assert found.statements == ()
    assert found.is_complete
