"""Filter patterns: what Lambda takes, and what would drop every record."""

from __future__ import annotations

from typing import Any

import pytest

from modules.core.errors import ConfigError
from modules.event_source import QueueSourceConfig, TableSourceConfig

TOKEN = "${TfToken[TOKEN.3]}"
SYNTAX = "(Lambda guide, filter rule syntax)"
QUEUE_FIELDS = "body, messageId, attributes, messageAttributes, md5OfBody, awsRegion, eventSource, eventSourceARN"


def refusal(*patterns: dict[str, Any], **fields: Any) -> str:
    with pytest.raises(ConfigError) as refused:
        QueueSourceConfig.parse({"filters": list(patterns), **fields})
    return str(refused.value)


@pytest.mark.parametrize(
    "values",
    [
        [None], [""], ["a", 1, 1.5, True], [TOKEN], [{"equals-ignore-case": "a"}], [{"anything-but": ["a", 1]}],
        [{"anything-but": "a"}], [{"numeric": ["=", 100]}], [{"numeric": [">", 10, "<=", 20.5]}], [{"exists": False}],
        [{"prefix": "us-"}, {"suffix": ".png"}], [{"prefix": TOKEN}],
    ],
)  # fmt: skip
def test_every_operator_of_the_guide(values: list[Any]) -> None:
    nested = {"body": {"order": {"kind": values}}}
    either = {"body": {"$or": [{"kind": values}, {"order": {"kind": values}}]}}
    assert QueueSourceConfig(filters=(nested, either)).filters == (nested, either)


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ("a", f'filters[0].body.kind is "a"; what matches is a list, even of one value {SYNTAX}; write ["a"]'),
        (3, f"filters[0].body.kind is 3; what matches is a list, even of one value {SYNTAX}; write [3]"),
        ([], "filters[0].body.kind is an empty list; no record would match; list the values that match"),
        ({}, "filters[0].body.kind is empty; a field maps to values or to fields; remove it"),
        ([["a"]], f"filters[0].body.kind[0] is a list; a list of values holds no further list {SYNTAX}; flatten it"),
        (
            [{"wildcard": "a*"}],
            (
                'filters[0].body.kind[0] is {"wildcard": "a*"}; it is a value, or one of the operators anything-but, '
                f"equals-ignore-case, exists, numeric, prefix, suffix {SYNTAX}; correct it"
            ),
        ),
        (
            [{"prefix": "a", "suffix": "b"}],
            (
                'filters[0].body.kind[0] is {"prefix": "a", "suffix": "b"}; it is a value, or one of the operators '
                f"anything-but, equals-ignore-case, exists, numeric, prefix, suffix {SYNTAX}; correct it"
            ),
        ),
        ([{"exists": "yes"}], 'filters[0].body.kind[0].exists is "yes"; it is true or false; write one of them'),
        ([{"prefix": 1}], "filters[0].body.kind[0].prefix is 1; it takes text; write it in quotes"),
        (
            [{"anything-but": None}],
            "filters[0].body.kind[0].anything-but is null; it takes a value or a list; correct it",
        ),
        *(
            (
                [{"numeric": operand}],
                (
                    f'filters[0].body.kind[0].numeric is {shown}; it reads like ["=", 100] or [">", 10, "<=", 20] '
                    f"{SYNTAX}; "
                    "correct it"
                ),
            )
            for operand, shown in (
                (100, "100"),
                (["=", "100"], '["=", "100"]'),
                (["=", True], '["=", true]'),
                (["!=", 1], '["!=", 1]'),
                ([">", 1, "<"], '[">", 1, "<"]'),
                ([], "[]"),
            )
        ),
        (
            {"$or": {"a": ["b"]}},
            (
                f'filters[0].body.kind.$or is {{"a": ["b"]}}; $or takes a list of patterns {SYNTAX}; write one '
                "pattern for "
                "each"
            ),
        ),
        (
            {"$or": [{"a": "b"}]},
            f'filters[0].body.kind.$or[0].a is "b"; what matches is a list, even of one value {SYNTAX}; write ["b"]',
        ),
    ],
)
def test_what_lambda_would_not_take(values: Any, sentence: str) -> None:
    assert refusal({"body": {"kind": values}}) == sentence


def test_what_is_in_no_record_would_drop_all_of_them() -> None:
    dropped = f"a record has {QUEUE_FIELDS}, so the filter would match none, and all of them would be dropped"
    assert refusal({"kind": ["order"]}, {"$or": [{"body": {"kind": ["order"]}}, {"data": ["x"]}]}) == (
        f'filters[0] begins with "kind"; {dropped}; put what is in the record\'s data below body\n'
        f'filters[1].$or[1] begins with "data"; {dropped}; put what is in the record\'s data below body'
    )
    assert refusal({}) == "filters[0] is empty; a pattern names what a record must hold; remove it"


def test_numbers_of_a_table_are_text() -> None:
    with pytest.raises(ConfigError) as refused:
        TableSourceConfig.parse({"filters": [{"dynamodb": {"NewImage": {"price": {"N": [{"numeric": ["=", 1]}]}}}}]})
    assert str(refused.value) == (
        "filters[0].dynamodb.NewImage.price.N[0] is numeric; a DynamoDB record holds numbers as text, which no numeric "
        "operator matches (Lambda guide, DynamoDB filtering); list the numbers as text, or filter in the code"
    )
    inserted = {"eventName": ["INSERT"], "dynamodb": {"NewImage": {"price": {"N": ["1"]}}}}
    assert TableSourceConfig(filters=(inserted,)).filters == (inserted,)


def test_five_filters_or_as_many_as_the_quota_allows() -> None:
    pattern = {"body": {"kind": ["order"]}}
    assert refusal(*[pattern] * 6) == (
        "filters has 6 entries; an event source has at most 5 (Lambda guide, filtering); join some of them with $or, "
        "or request a higher quota and set filter_quota up to 10"
    )
    assert len(QueueSourceConfig(filters=(pattern,) * 10, filter_quota=10).filters) == 10
    assert refusal(*[pattern] * 11, filter_quota=10) == (
        "filters has 11 entries; an event source has at most 10 (Lambda guide, filtering); join some of them with $or"
    )
    assert refusal(filter_quota=11) == (
        "filter_quota is 11; an event source's quota takes 5 to 10 filters (Lambda guide, filtering); "
        "set a value from 5 to 10"
    )


def test_a_pattern_has_a_length() -> None:
    assert QueueSourceConfig(filters=({"body": {"kind": ["x" * 4_074]}},))
    assert refusal({"body": {"kind": ["x" * 4_075]}}) == (
        "filters[0] has 4097 characters as JSON; a pattern has at most 4096 (lambda API model, Pattern); split it, or "
        "filter in the code"
    )
