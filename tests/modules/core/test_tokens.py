"""What is known only later is recognised, whatever form it has, and nothing else is."""

from __future__ import annotations

import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from modules.core.tokens import is_token, region_of
from tests.modules.core.samples import CI, LIST_TOKEN, NUMBER_LIST_TOKEN, NUMBER_TOKEN, STRING_TOKEN


@pytest.mark.parametrize(
    "value",
    [
        STRING_TOKEN,
        f"arn:{STRING_TOKEN}:x",
        "${TfToken[Token.AWS.Id.12]}",
        LIST_TOKEN[0],
        "${var.x}",
        "a ${aws_vpc.main.id} b",
        "%{ if var.x }a%{ endif }",
        "$${x} and ${y}",
        NUMBER_TOKEN,
        NUMBER_LIST_TOKEN[0],
        LIST_TOKEN,
        NUMBER_LIST_TOKEN,
        ("a", STRING_TOKEN),
        {STRING_TOKEN},
        frozenset({"a", STRING_TOKEN}),
        {"a": STRING_TOKEN},
        {STRING_TOKEN: "a"},
        {"a": [{"b": (NUMBER_TOKEN,)}]},
    ],
)
def test_a_token_is_one(value: Any) -> None:
    assert is_token(value)


@pytest.mark.parametrize(
    "value",
    [
        "",
        "$${x}",
        "%%{ x }",
        "$ {x}",
        "{x}",
        "#{x}",
        "TfToken[TOKEN.3]",
        "cost: 5$",
        True,
        False,
        None,
        0,
        -1,
        -(10**300),
        10**400,
        -1.0,
        -1e280,
        1.8881545897087505e289,
        math.inf,
        -math.inf,
        math.nan,
        [],
        {},
        ["a"],
        {"a": {"b": ["c"]}},
        b"${x}",
        object(),
    ],
)
def test_a_literal_is_none(value: Any) -> None:
    assert not is_token(value)


@CI
@given(
    st.integers()
    | st.floats(min_value=-1e288, allow_infinity=False)
    | st.text("abc{}%#$ ").filter(lambda t: "{" not in t)
)
def test_no_number_and_no_text_without_braces_is_a_token(value: float | str) -> None:
    assert not is_token(value)


@CI
@given(st.integers(0, 2**32 - 1), st.sampled_from([0xFBFF, 0xFDFF]))
def test_every_number_that_the_engine_makes_is_a_token(index: int, first_bits: int) -> None:
    import struct  # noqa: PLC0415  # only here

    number = struct.unpack(">d", first_bits.to_bytes(2, "big") + index.to_bytes(6, "big"))[0]
    assert is_token(number)


def test_the_region_of_an_arn() -> None:
    assert region_of("arn:aws:sqs:us-east-1:123456789012:orders") == "us-east-1"
    assert region_of("arn:aws:s3:::orders") == region_of(STRING_TOKEN) == ""
