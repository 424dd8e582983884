"""Policy documents that come as text."""

from __future__ import annotations

import json
from typing import Any

import pytest

from modules.core.iam_documents import Clause, document_problems, hand_written, read_clauses
from modules.core.statement_rules import characters
from modules.core.statements import Condition, Statement
from tests.modules.core.samples import LIST_TOKEN, STRING_TOKEN

ALLOW: dict[str, Any] = {"Sid": "Read", "Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::x/*"}


def document(*statements: Any, **other: Any) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements), **other})


def test_single_values_and_lists_are_the_same() -> None:
    listed = {**ALLOW, "Action": ["s3:GetObject"], "Resource": ["arn:aws:s3:::x/*"]}
    single = json.dumps({"Version": "2012-10-17", "Statement": ALLOW})
    assert (
        read_clauses(single)
        == read_clauses(document(listed))
        == (Clause("Read", "Allow", ("s3:GetObject",), ("arn:aws:s3:::x/*",), ()),)
    )


def test_conditions_are_read_operator_by_operator() -> None:
    block = {"Bool": {"aws:SecureTransport": True}, "StringLike": {"aws:RequestedRegion": ["eu-*", "us-*"]}}
    [clause] = read_clauses(document({**ALLOW, "Condition": block}))
    assert clause.conditions == (
        Condition("Bool", "aws:SecureTransport", ("true",)),
        Condition("StringLike", "aws:RequestedRegion", ("eu-*", "us-*")),
    )


@pytest.mark.parametrize(
    ("action", "resource", "expected"),
    [
        ("s3:GetObject", "arn:aws:s3:::x/a", True),
        ("S3:getobject", "arn:aws:s3:::x/a", True),
        ("s3:GetObjectAcl", "arn:aws:s3:::x/a", False),
        ("s3:GetObject", "arn:aws:s3:::y/a", False),
        ("s3:GetObject", STRING_TOKEN, True),
    ],
)
def test_what_a_statement_is_about(action: str, resource: str, expected: bool) -> None:  # noqa: FBT001  # an expectation
    [clause] = read_clauses(document(ALLOW))
    assert clause.is_about(action, resource) is expected


def test_what_a_statement_by_exclusion_is_about() -> None:
    entry = {"Effect": "Allow", "NotAction": ["iam:*"], "NotResource": ["arn:aws:s3:::secret/*"]}
    [clause] = read_clauses(document(entry))
    assert clause.is_about("s3:GetObject", "arn:aws:s3:::x/a")
    assert not clause.is_about("iam:PassRole", "arn:aws:s3:::x/a")
    assert not clause.is_about("s3:GetObject", "arn:aws:s3:::secret/a")


def test_brackets_are_no_wildcards() -> None:
    [clause] = read_clauses(document({**ALLOW, "Resource": "arn:aws:s3:::[x]/*"}))
    assert clause.is_about("s3:GetObject", "arn:aws:s3:::[x]/a")
    assert not clause.is_about("s3:GetObject", "arn:aws:s3:::x/a")


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("{", "it is no JSON (Expecting property name enclosed in double quotes: line 1 column 2 (char 1))"),
        ("[]", "it has no Statement"),
        (json.dumps({"Statement": []}), 'its Version is not "2012-10-17"'),
        (document("x"), "a statement is no object"),
        (document({**ALLOW, "Effekt": "Allow"}), "a statement has Effekt, which IAM does not know"),
        (document({**ALLOW, "Effect": "allow"}), "a statement's Effect is neither Allow nor Deny"),
        (document({**ALLOW, "NotAction": "x"}), "a statement has not exactly one of Action and NotAction"),
        (document({"Effect": "Allow", "Action": "x:y"}), "a statement has not exactly one of Resource and NotResource"),
        (document({**ALLOW, "Action": []}), "a statement has neither text nor a list of texts where it needs one"),
        (document({**ALLOW, "Condition": {"Bool": "true"}}), "a statement's Condition is not operators with keys"),
    ],
)
def test_a_document_that_cannot_be_read(text: str, why: str) -> None:
    [problem] = document_problems("policies", [document(ALLOW), text])
    assert str(problem) == f"policies[1] is no policy document; {why}; write it as IAM shows it"


@pytest.mark.parametrize("text", [STRING_TOKEN, *LIST_TOKEN])
def test_a_document_that_is_known_only_later(text: str) -> None:
    [problem] = document_problems("policies", [text])
    assert str(problem) == (
        "policies[0] is known only later; what it allows is checked before anything is made; write the JSON"
    )


def test_a_reference_inside_a_document_is_read() -> None:
    text = document({**ALLOW, "Resource": STRING_TOKEN})
    assert not list(document_problems("policies", [text]))
    assert hand_written("policies", [text]) == ((Statement("Read", ("s3:GetObject",), (STRING_TOKEN,)),), ())


def test_what_a_role_does_not_take_over() -> None:
    entry = {"Effect": "Allow", "NotAction": "iam:*", "NotResource": "x", "Principal": "*"}
    _, problems = hand_written("policies", [document(ALLOW, entry)])
    assert list(map(str, problems)) == [
        "policies[0] statement 2: it has NotAction; NotAction grows by itself; name what it is about",
        "policies[0] statement 2: it has NotResource; NotResource grows by itself; name what it is about",
        "policies[0] statement 2: it has Principal; a role's policy names no principal; name what it is about",
        "policies[0] statement 2: it has no Sid; each statement is one reason; name it by a Sid",
    ]


def test_characters_are_counted_as_iam_counts_them() -> None:
    assert characters('{"a": "b c"}\n') == len('{"a":"bc"}')
    assert characters(f'{{"a":"{STRING_TOKEN}:*"}}') == len('{"a":":*"}')
