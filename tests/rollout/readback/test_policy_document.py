from __future__ import annotations

import json
from typing import Any

import pytest

from rollout.readback.policy_document import policy_checks, statement, statements


def document(*given: dict[str, Any]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": list(given)})


@pytest.mark.parametrize(
    "written",
    [
        {"Sid": "Read", "Effect": "Allow", "Action": "s3:Get", "Resource": "*", "Principal": "*"},
        {"Sid": "Read", "Effect": "Allow", "Action": ["s3:Get"], "Resource": ["*"], "Principal": {"AWS": "*"}},
    ],
)
def test_one_form_for_every_way_of_writing(written: dict[str, Any]) -> None:
    assert statements(document(written)) == {"Read": statement(["s3:Get"], ["*"], principal={"AWS": ["*"]})}


def test_a_single_statement_needs_no_list() -> None:
    written = {"Statement": {"Sid": "Read", "Effect": "Allow", "Action": "s3:Get", "Resource": "*"}}
    assert list(statements(written)) == ["Read"]


@pytest.mark.parametrize("nothing", [None, "", document()])
def test_no_policy_has_no_statements(nothing: str | None) -> None:
    assert statements(nothing) == {}


def test_statements_without_or_with_the_same_sid_do_not_hide_each_other() -> None:
    written = {"Effect": "Allow", "Action": "s3:Get", "Resource": "*"}
    assert list(statements(document(written, {**written, "Sid": "A"}, {**written, "Sid": "A"}))) == ["#1", "A", "A#3"]


@pytest.mark.parametrize(
    "written",
    [
        {"Effect": "Deny", "Action": "s3:Get", "Resource": "a"},
        {"Effect": "Allow", "Action": ["s3:Get", "s3:Put"], "Resource": "a"},
        {"Effect": "Allow", "NotAction": "s3:Get", "Resource": "a"},
        {"Effect": "Allow", "Action": "s3:Get", "NotResource": "a"},
        {"Effect": "Allow", "Action": "s3:Get", "Resource": ["a", "b"]},
        {"Effect": "Allow", "Action": "s3:Get", "Resource": "a", "Condition": {"Bool": {"aws:x": "true"}}},
        {"Effect": "Allow", "Action": "s3:Get", "Resource": "a", "Principal": "*"},
        {"Effect": "Allow", "Action": "s3:Get", "Resource": "a", "NotPrincipal": {"AWS": "b"}},
    ],
)
def test_every_part_counts(written: dict[str, Any]) -> None:
    expected = {"A": statement(["s3:Get"], ["a"])}
    found = statements(document({**written, "Sid": "A"}))
    assert [check.held for check in policy_checks("x", expected, found)] == [True, False]
