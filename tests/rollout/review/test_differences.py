"""What one change tells of its attributes."""

from __future__ import annotations

import json
from typing import Any

import pytest

from rollout.review.differences import covered, leaves, shown
from rollout.review.masking import Mask


def told(before: Any, after: Any, *, actions: tuple[str, ...] = ("update",), **more: Any) -> list[tuple[str, Any, Any]]:
    change = {"actions": list(actions), "before": before, "after": after, **more}
    named = {"later": ("aws_vpc.main",), "set": ()}
    return [(leaf.path, leaf.before, leaf.after) for leaf in leaves(change, Mask(()), named.get)]


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ({"a": 1, "b": 2}, {"a": 1, "b": 3}, [("b", 2, 3)]),
        ({"a": None}, {"a": ""}, []),
        ({"a": []}, {"a": None}, []),
        ({"a": False}, {"a": None}, [("a", False, None)]),
        ({"a": 0}, {"a": False}, []),
        ({"a": ["x"]}, {"a": ["x", "y"]}, [("a", ["x"], ["x", "y"])]),
        ({"a": [{"b": 1}]}, {"a": [{"b": 1}, {"b": 2}]}, [("a.1.b", None, 2)]),
        ({"a": {"x": "1", "y": "2"}}, {"a": {"x": "1"}}, [("a.y", "2", None)]),
        ({"a": {"x": "1"}}, {"a": {}}, [("a.x", "1", None)]),
        ({"a": "text"}, {"a": ["text"]}, [("a", "text", ["text"])]),
    ],
)
def test_only_what_differs_is_told(before: Any, after: Any, expected: list[Any]) -> None:
    assert told(before, after) == expected


def test_json_within_a_text_is_told_by_its_parts() -> None:
    before = json.dumps({"Statement": [{"Action": ["s3:Get"], "Effect": "Allow"}]})
    after = json.dumps({"Statement": [{"Action": ["s3:Put"], "Effect": "Allow"}]})
    assert told({"policy": before}, {"policy": after}) == [("policy.Statement.0.Action", ["s3:Get"], ["s3:Put"])]
    assert told({"policy": "{broken"}, {"policy": after}) == [("policy", "{broken", after)]
    assert told({"policy": before}, {"policy": before.replace(" ", "")}) == []


def test_what_is_known_after_apply_is_told_with_what_it_refers_to() -> None:
    unknown = {"later": True, "set": True, "given": True, "list": [False, True]}
    found = told({"later": "vpc-1", "given": "7", "list": ["a", "b"]}, {"list": ["a"]}, after_unknown=unknown)
    assert found == [
        ("given", "(set by AWS)", "(known after apply)"),
        ("later", "vpc-1", "(known after apply: aws_vpc.main)"),
        ("list", ["a", "b"], ["a", "(known after apply)"]),
        ("set", None, "(known after apply)"),
    ]


def test_of_what_is_new_only_what_the_configuration_sets_is_told() -> None:
    unknown = {"later": True, "given": True}
    assert told(None, {"a": 1, "b": None}, actions=("create",), after_unknown=unknown) == [
        ("a", None, 1),
        ("later", None, "(known after apply: aws_vpc.main)"),
    ]
    assert told({"id": "x"}, None, actions=("delete",)) == []


@pytest.mark.parametrize(
    ("before", "after", "unknown", "expected"),
    [
        ("s", "t", None, [("a", "(sensitive value)", "(sensitive value)")]),
        ("s", "s", None, []),
        (None, "t", None, [("a", None, "(sensitive value)")]),
        ("s", None, None, [("a", "(sensitive value)", None)]),
        ("s", None, {"a": True}, [("a", "(sensitive value)", "(sensitive value)")]),
        (["s"], ["t", "u"], None, [("a", "(sensitive value)", "(sensitive value)")]),
    ],
)
@pytest.mark.parametrize("side", ["before_sensitive", "after_sensitive"])
def test_what_is_sensitive_on_either_side_is_masked(
    side: str, before: Any, after: Any, unknown: Any, expected: list[Any]
) -> None:
    marks: dict[str, Any] = {side: {"a": True}}
    assert told({"a": before}, {"a": after}, after_unknown=unknown, **marks) == expected


def test_marks_of_parts_that_are_not_there_hide_all() -> None:
    assert told({"a": "s"}, {"a": "t"}, after_sensitive={"a": [True]}) == [
        ("a", "(sensitive value)", "(sensitive value)")
    ]


def test_values_as_text() -> None:
    assert [shown(value) for value in (None, "x", 1, True, {"b": 1, "a": "é"})] == [
        "",
        "x",
        "1",
        "true",
        '{"a": "é", "b": 1}',
    ]


@pytest.mark.parametrize(
    ("path", "value", "text"),
    [
        ("environment.0.variables.DB_PASSWORD", "hunter 2", "***"),
        ("environment.0.variables.API_KEY", "k", "***"),
        ("environment.0.variables.PASSWORD", True, "true"),
        ("password_length", 12, "12"),
        ("environment.0.variables.KEY", "AKIAIOSFODNN7EXAMPLE", "***"),
        ("url", "postgres://app:hunter2@db.example/orders", "postgres://app:***@db.example/orders"),
        ("memory_size", 512, "512"),
        ("password", "(sensitive value)", "(sensitive value)"),
        ("password", "(known after apply: aws_x.y)", "(known after apply: aws_x.y)"),
        ("policy.Statement.0.Action", ["s3:Get"], '["s3:Get"]'),
    ],
)
def test_what_looks_like_a_secret_is_covered_though_nobody_marked_it(path: str, value: Any, text: str) -> None:
    assert covered(path, value) == text
