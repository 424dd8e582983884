"""Environment variables: what Lambda refuses, and what must not be written there."""

from __future__ import annotations

import json
import re
from functools import cache
from typing import Any

import botocore.session
import pytest
from hypothesis import given
from hypothesis import strategies as st

from modules.function import FunctionConfig
from modules.function.environment import RESERVED_NAMES, environment_problems
from tests.modules.core.samples import CI, STRING_TOKEN, refusal

VALID: dict[str, Any] = {"code": {"source": "x"}, "reserved_concurrency": 5}
NAME = "a name is a letter, then one or more letters, digits or underscores (Lambda API); rename it"
SECRET = (
    "environment variables are readable by whoever can read the function; "
    "pass the secret's ARN in a variable that ends in _ARN"
)


def problems(variables: dict[str, str]) -> list[str]:
    return [str(problem) for problem in environment_problems(variables)]


@pytest.mark.parametrize("name", ["AB", "a1", "LOG_LEVEL", "x_", STRING_TOKEN])
def test_a_name_that_lambda_takes_is_taken(name: str) -> None:
    assert problems({name: "x"}) == []


@pytest.mark.parametrize("name", ["", "A", "1A", "_A", "A-B", "A.B", "A B", "ÄB", "AB\n"])
def test_a_name_that_lambda_refuses_is_refused(name: str) -> None:
    assert problems({name: "x"}) == [f'environment holds "{name}"; {NAME}']


@cache
def lambda_pattern() -> str:
    shape = botocore.session.get_session().get_service_model("lambda").shape_for("EnvironmentVariableName")
    return str(shape.metadata["pattern"])


@given(st.text("AZaz09_-ü .", max_size=4))
@CI
def test_names_are_judged_as_the_lambda_model_does(name: str) -> None:
    assert (problems({name: "x"}) == []) is bool(re.fullmatch(lambda_pattern(), name))


@pytest.mark.parametrize("name", sorted(RESERVED_NAMES))
def test_a_name_that_lambda_sets_itself_is_refused(name: str) -> None:
    assert problems({name: ""}) == [f'environment holds "{name}"; Lambda sets it itself; choose another name']


@pytest.mark.parametrize("name", ["AWS_LAMBDA_EXEC_WRAPPER", "AWS_LAMBDA_LOG_FORMAT", "TZ", "PYTHONPATH"])
def test_a_name_that_lambda_lets_one_set_is_taken(name: str) -> None:
    assert problems({name: "x"}) == []


@pytest.mark.parametrize(
    "name", ["DB_PASSWORD", "SECRET", "API_KEY", "apikey", "STRIPE_API_KEY", "PRIVATE_KEY", "auth_token", "MY_PASSWD"]
)
def test_what_looks_like_a_secret_in_clear_text_is_refused(name: str) -> None:
    assert problems({name: "hunter2"}) == [f'environment holds "{name}"; {SECRET}']


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DB_SECRET", "arn:aws:secretsmanager:eu-west-1:123456789012:secret:x"), ("DB_PASSWORD", ""),
        ("API_TOKEN", STRING_TOKEN), ("DB_SECRET_ARN", "x"), ("TOKENS_PER_MINUTE", "5"), ("MONKEY", "x"),
    ],
)  # fmt: skip
def test_what_names_a_secret_without_holding_it_is_taken(name: str, value: str) -> None:
    assert problems({name: value}) == []


def measured(variables: dict[str, str]) -> int:
    return len(json.dumps(variables, separators=(",", ":"), ensure_ascii=False).encode())


@pytest.mark.parametrize("filling", ["x", "ü", '"', "☃"])
def test_4096_bytes_as_json_are_taken_and_one_more_is_refused(filling: str) -> None:
    variables = {"AB": "", "CD": ""}
    width = measured({"": filling}) - measured({"": ""})
    variables["AB"] = filling * ((4_096 - measured(variables)) // width)
    variables["CD"] = "y" * (4_096 - measured(variables))
    assert measured(variables) == 4_096
    assert problems(variables) == []
    variables["CD"] += "y"
    assert problems(variables) == [
        (
            "environment takes 4097 bytes; Lambda takes 4096 for all names and values, as JSON (Lambda quotas); "
            "shorten it, or move values to SSM Parameter Store"
        )
    ]


def test_a_token_has_no_length_yet() -> None:
    assert problems({"AB": STRING_TOKEN * 300}) == []


def test_all_problems_of_all_variables_come_at_once_in_order() -> None:
    data = {**VALID, "environment": {"Z": "x", "AWS_REGION": "x", "DB_PASSWORD": "x"}}
    assert [problem.partition(";")[0] for problem in refusal(FunctionConfig, data)] == [
        'environment holds "AWS_REGION"',
        'environment holds "DB_PASSWORD"',
        'environment holds "Z"',
    ]


@pytest.mark.parametrize(
    ("environment", "expected"),
    [
        ({"AB": 5}, "environment.AB is 5; it takes text; write it in quotes"),
        ({"AB": True}, "environment.AB is True; it takes text; write it in quotes"),
        ({"AB": None}, "environment.AB is None; it takes text; write it in quotes, without control characters"),
        ({"AB": "a\0"}, r'environment.AB is "a\x00"; it takes text; write it in quotes, without control characters'),
        ({"AB": ["a"]}, "environment.AB is ['a']; it takes text; write it in quotes, without control characters"),
        (["AB=5"], "environment is ['AB=5']; it maps names to values; write one name: value in each line"),
        (None, "environment is None; it maps names to values; write one name: value in each line"),
    ],
)
def test_values_of_another_type_are_refused(environment: Any, expected: str) -> None:
    assert refusal(FunctionConfig, {**VALID, "environment": environment}) == [expected]
