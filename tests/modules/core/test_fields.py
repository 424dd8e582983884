"""The field types: which literals they take, and which tokens."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

import pytest

from modules.core.config import ConfigModel
from modules.core.fields import Matching, OneOf, Reason, Text, Within
from modules.core.limits import Range
from tests.modules.core.samples import KNOWN_LATER, LIST_TOKEN, NUMBER_TOKEN, STRING_TOKEN, sentence

TENS = Range(10, 50, "apples", "a basket", "the market's rules", step=10)


class Fields(ConfigModel):
    count: Annotated[int, Within(TENS)] = 10
    fixed_count: Annotated[int, Within(TENS, literal=True)] = 10
    code: Annotated[str, Matching(r"[a-z]\d+", "a code is a letter and digits", "look it up", 5)] = "a1"
    fixed_code: Annotated[str, Matching(r"\w+", "a code is a word", "look it up", literal=True)] = "a"
    size: Annotated[int, OneOf((1, 5, 60), "a size")] = 1
    kind: Annotated[str, OneOf(("7", "x"), "a kind")] = "x"
    fixed_kind: Annotated[str, OneOf(("y", "x"), "a kind", literal=True)] = "x"
    reason: Reason = ""
    text: Text = ""
    codes: tuple[Annotated[str, Matching(r"[a-z]", "a code is a letter", "look it up")], ...] = ()


DAY = date(2026, 11, 21)
BASKET = "a basket takes 10 to 50 apples (the market's rules)"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("count", 10), ("count", 50), ("count", 20), ("code", "z9999"), ("size", 60), ("kind", "7"),
        ("reason", "because"), ("reason", " two\nlines\n"), ("text", ""), ("text", "ü\n\t☃"),
    ],
)  # fmt: skip
def test_what_is_allowed_is_kept_as_it_is(field: str, value: Any) -> None:
    kept = getattr(Fields.parse({field: value}), field)
    assert kept == value
    assert type(kept) is type(value)


@pytest.mark.parametrize(
    ("field", "value", "expected"),
    [
        ("count", 9, f"count is 9; {BASKET}; set a value from 10 to 50"),
        ("count", 51, f"count is 51; {BASKET}; set a value from 10 to 50"),
        ("count", 15, f"count is 15; {BASKET}; set a value from 10 to 50 in steps of 10"),
        ("count", True, f"count is True; {BASKET}; set a value from 10 to 50, a whole number"),
        ("count", 20.0, f"count is 20.0; {BASKET}; set a value from 10 to 50, a whole number"),
        ("count", None, f"count is None; {BASKET}; set a value from 10 to 50, a whole number"),
        ("count", [20], f"count is [20]; {BASKET}; set a value from 10 to 50, a whole number"),
        ("count", "20", f'count is "20"; {BASKET}; write the number without quotes'),
        ("count", float("-inf"), f"count is -inf; {BASKET}; set a value from 10 to 50, a whole number"),
        ("code", "a12345", 'code is "a12345"; a code is a letter and digits; look it up'),
        ("code", "a1\n", r'code is "a1\n"; a code is a letter and digits; look it up'),
        ("code", "a\u0661", 'code is "a\u0661"; a code is a letter and digits; look it up'),
        ("code", 11, "code is 11; a code is a letter and digits; write it in quotes"),
        ("code", 1e3, "code is 1000.0; a code is a letter and digits; write it in quotes"),
        ("code", True, "code is True; a code is a letter and digits; write it in quotes"),
        ("code", DAY, "code is datetime.date(2026, 11, 21); a code is a letter and digits; write it in quotes"),
        ("code", None, "code is None; a code is a letter and digits; look it up"),
        ("code", ["a1"], "code is ['a1']; a code is a letter and digits; look it up"),
        ("fixed_code", "ü", 'fixed_code is "ü"; a code is a word; look it up'),
        ("size", 2, "size is 2; a size is one of 1, 5, 60; choose one of them"),
        ("size", True, "size is True; a size is one of 1, 5, 60; choose one of them"),
        ("size", 5.0, "size is 5.0; a size is one of 1, 5, 60; choose one of them"),
        ("size", "5", 'size is "5"; a size is one of 1, 5, 60; write it without quotes'),
        ("size", [5], "size is [5]; a size is one of 1, 5, 60; choose one of them"),
        ("kind", 7, "kind is 7; a kind is one of 7, x; write it in quotes"),
        ("kind", "X", 'kind is "X"; a kind is one of 7, x; choose one of them'),
        ("reason", " \n", r'reason is " \n"; a reason is a sentence; write why, or remove the field'),
        ("reason", 5, "reason is 5; a reason is a sentence; write it in quotes"),
        ("text", 5, "text is 5; it takes text; write it in quotes"),
        ("text", "a\0", r'text is "a\x00"; it takes text; write it in quotes, without control characters'),
        ("text", "\ud800", r'text is "\ud800"; it takes text; write it in quotes, without control characters'),
    ],
)  # fmt: skip
def test_what_is_not_allowed_is_refused_with_what_to_do(field: str, value: Any, expected: str) -> None:
    assert sentence(Fields, {field: value}) == expected


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("count", NUMBER_TOKEN), ("size", NUMBER_TOKEN),
        ("code", STRING_TOKEN), ("kind", STRING_TOKEN), ("text", STRING_TOKEN), ("reason", STRING_TOKEN),
        ("code", "${var.code}"), ("codes", tuple(LIST_TOKEN)),
    ],
)  # fmt: skip
def test_a_token_of_the_fields_own_type_is_never_judged(field: str, value: Any) -> None:
    assert getattr(Fields.parse({field: value}), field) == value


@pytest.mark.parametrize("field", ["fixed_count", "fixed_code", "fixed_kind"])
@pytest.mark.parametrize("value", [STRING_TOKEN, NUMBER_TOKEN])
def test_what_shapes_the_synth_takes_no_token(field: str, value: Any) -> None:
    assert sentence(Fields, {field: value}).endswith(KNOWN_LATER)


@pytest.mark.parametrize(
    ("field", "value", "kind", "function"),
    [
        ("count", STRING_TOKEN, "a number", "Token.as_number"),
        ("size", "${var.size}", "a number", "Token.as_number"),
        ("code", NUMBER_TOKEN, "text", "Token.as_string"),
        ("kind", NUMBER_TOKEN, "text", "Token.as_string"),
    ],
)
def test_a_token_of_another_type_is_refused_as_the_bindings_would(
    field: str, value: Any, kind: str, function: str
) -> None:
    assert sentence(Fields, {field: value}).endswith(
        f"; it stands for {kind} that is known only later, and has the wrong type for it; pass it through {function}"
    )


@pytest.mark.parametrize("field", ["count", "code", "size", "kind", "text"])
def test_a_token_inside_a_list_or_mapping_makes_no_value_of_it(field: str) -> None:
    for value in (LIST_TOKEN, {"a": STRING_TOKEN}, (NUMBER_TOKEN,)):
        assert f"{field} is " in sentence(Fields, {field: value})


def test_editors_get_the_same_rules() -> None:
    properties = Fields.model_json_schema()["properties"]
    assert properties["count"] == {"default": 10, "maximum": 50, "minimum": 10, "title": "Count", "type": "integer"}
    assert (properties["code"]["pattern"], properties["code"]["maxLength"]) == (r"^(?:[a-z]\d+)$", 5)
    assert properties["size"]["enum"] == [1, 5, 60]
