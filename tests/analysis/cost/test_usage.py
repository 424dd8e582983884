"""Declared usage: names, patterns, and refusals as whole sentences."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from analysis.cost import Usage, read_usage
from analysis.cost.items import DECLARED_IN, ITEMS
from analysis.cost.usage import KINDS, use_of
from modules.core.errors import ConfigError

FUNCTION = {"requests": 1, "duration_ms": 1}


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        (
            {"functions": {"a": {"requests": -1, "duration_ms": 1}}},
            "usage: functions.a.requests is -1; it takes 0 to 1000000000000000 a month; set a number in this range",
        ),
        (
            {"keys": {"a": {"requests": "few"}}},
            'usage: keys.a.requests is "few"; it takes 0 to 1000000000000000 a month; write the number without quotes',
        ),
        (
            {"functions": {"a": {"requests": 1, "duration_ms": 900_001}}},
            "usage: functions.a.duration_ms is 900001; it takes 0 to 900000 ms; set a number in this range",
        ),
        ({"functions": {"a": {"requests": 1}}}, "usage: functions.a.duration_ms is missing; it has no default; set it"),
        ({"lambdas": {}}, "usage: lambdas is not a field; remove it, or check its spelling"),
        ({"internet_gb": True}, "usage: internet_gb is True; it takes 0 to 1000000000000000 GB a month; set a number"),
        ({"functions": []}, "usage: functions is []; it maps names to values; write one name: value in each line"),
    ],
)
def test_refusals(given: dict[str, Any], sentence: str) -> None:
    with pytest.raises(ConfigError) as refused:
        Usage.parse(given, where="usage")
    assert str(refused.value) == sentence


def test_the_most_exact_name_wins() -> None:
    usage = Usage.parse({
        "queues": {
            "*": {"requests": 1},
            "aws_sqs_queue.*": {"requests": 2},
            'module.m["eu"].aws_sqs_queue.q[0]': {"requests": 3},
        }
    })  # fmt: skip
    found = [
        use_of(usage.queues, address)
        for address in ("module.x.aws_sqs_queue.q", "aws_sqs_queue.q", 'module.m["eu"].aws_sqs_queue.q[0]')
    ]
    assert [int(each.requests) if each else None for each in found] == [1, 2, 3]
    assert use_of(usage.keys, "aws_kms_key.k") is None


def test_a_file(tmp_path: Path) -> None:
    path = tmp_path / "usage.yaml"
    path.write_text("functions: {aws_lambda_function.api: {requests: 10, duration_ms: 2.5}}\n", encoding="utf-8")
    assert str(read_usage(path).functions["aws_lambda_function.api"].duration_ms) == "2.5"


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("- a\n", "the file holds a list; usage is a mapping such as functions or nat_gateways; correct it"),
        ("", "the file holds a NoneType; usage is a mapping such as functions or nat_gateways; correct it"),
    ],
)
def test_files_that_are_no_usage(tmp_path: Path, text: str, sentence: str) -> None:
    path = tmp_path / "usage.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError) as refused:
        read_usage(path)
    assert str(refused.value) == f"{path}: {sentence}"


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as refused:
        read_usage(tmp_path / "none.yaml")
    assert str(refused.value) == (
        f"{tmp_path / 'none.yaml'}: the file cannot be read: No such file or directory; name another"
    )


def test_every_kind_of_usage_is_asked_for_by_its_name() -> None:
    assert set(DECLARED_IN.values()) == KINDS
    assert set(DECLARED_IN) <= {item.partition(".")[0] for item in ITEMS}
