"""Who a statement is for, in every spelling."""

from __future__ import annotations

import json
from typing import Any

import pytest

from analysis.iam import Statement
from analysis.iam.documents import document_policy, policy_at
from tests.analysis.documents import plan, resource


def in_text(statement: dict[str, Any]) -> Statement:
    policy = json.dumps({"Statement": [{"Effect": "Allow", "Action": "sns:Publish", "Resource": "*", **statement}]})
    found = plan(resource("aws_sns_topic_policy.alarms", {"policy": policy}))
    (only,) = policy_at(found, found.resources[0], "policy").statements
    return only


@pytest.mark.parametrize(
    ("principal", "expected"),
    [
        ("*", {"*": ("*",)}),
        ({"AWS": "*"}, {"AWS": ("*",)}),
        ({"Service": "sns.amazonaws.com"}, {"Service": ("sns.amazonaws.com",)}),
        ({"Service": ["a.amazonaws.com", "b.amazonaws.com"]}, {"Service": ("a.amazonaws.com", "b.amazonaws.com")}),
    ],
)
def test_principals_in_a_text(principal: Any, expected: dict[str, tuple[str, ...]]) -> None:
    found = in_text({"Principal": principal})
    assert found.principals == expected
    assert not found.not_principals
    assert not found.unknown


def test_a_policy_that_names_who_it_is_not_for() -> None:
    found = in_text({"NotPrincipal": {"AWS": "123456789012"}})
    assert found.not_principals
    assert found.principals == {"AWS": ("123456789012",)}


def test_a_statement_without_a_principal() -> None:
    assert in_text({}).principals == {}


@pytest.mark.parametrize("unknown", [None, {"identifiers": True}])
def test_principals_in_a_document(unknown: dict[str, bool] | None) -> None:
    block = {"type": "Service", "identifiers": None if unknown else ["a.amazonaws.com"]}
    values = {"statement": [{"actions": ["sns:Publish"], "principals": [block]}]}
    marked = {"statement": [{"principals": [unknown or {}]}], "json": True}
    found = plan(resource("data.aws_iam_policy_document.topic", values, unknown=marked, actions=("read",)))
    (only,) = document_policy(found, found.resources[0]).statements
    assert only.principals == {"Service": () if unknown else ("a.amazonaws.com",)}
    assert only.unknown == (("Principal",) if unknown else ())
