"""What has gone wrong with synthesized JSON before, looked for in ours."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import PurePosixPath, PureWindowsPath
from typing import Any

import pytest

from analysis.metrics import metric_problems
from tests.synth.bindings import misuses
from tests.synth.inventory import elements

pytestmark = pytest.mark.synth


def leaves(value: Any, where: str = "") -> Iterator[tuple[str, Any]]:
    if isinstance(value, dict):
        for key, member in value.items():
            yield from leaves(member, f"{where}.{key}")
    elif isinstance(value, list):
        for number, member in enumerate(value):
            yield from leaves(member, f"{where}.{number}")
    else:
        yield where, value


def test_no_value_was_lost_on_the_way_to_node(document: dict[str, Any]) -> None:
    assert [where for where, value in leaves(document) if value is None] == []
    assert next(leaves({"a": [{"b": None}]})) == (".a.0.b", None)


def test_no_value_stays_an_unresolved_token(document: dict[str, Any]) -> None:
    assert [where for where, value in leaves(document) if "TfToken[" in str(value)] == []


def test_nothing_is_counted_by_terraform(document: dict[str, Any]) -> None:
    assert [where for where, _ in leaves(document) if where.rpartition(".")[2] in {"count", "for_each"}] == []


def test_the_state_lies_at_a_relative_path(document: dict[str, Any]) -> None:
    path = document["terraform"]["backend"]["local"]["path"]

    assert not PurePosixPath(path).is_absolute()
    assert not PureWindowsPath(path).is_absolute()


def test_everything_synthesized_suits_provider_5_100(document: dict[str, Any]) -> None:
    found = {address: body for address, body in elements(document).items() if address.startswith(("aws_", "data."))}
    assert len(found) > 50

    assert [line for address, body in found.items() for line in misuses(address.rpartition(".")[0], dict(body))] == []


@pytest.mark.parametrize(
    ("kind", "body", "sentences"),
    [
        ("aws_nat_gateway", {"allocation_id": "x"}, ["aws_nat_gateway.subnet_id is required"]),
        (
            "aws_nat_gateway",
            {"subnet_id": "x", "availability_mode": "regional"},
            ["aws_nat_gateway.availability_mode is not known"],
        ),
        (
            "aws_db_proxy",
            {"name": "x", "engine_family": "POSTGRESQL", "role_arn": "x", "vpc_subnet_ids": ["x"]},
            ["aws_db_proxy.auth is required"],
        ),
        (
            "aws_cloudwatch_metric_alarm",
            {"alarm_name": "x", "region": "eu-west-1"},
            [
                "aws_cloudwatch_metric_alarm.comparison_operator is required",
                "aws_cloudwatch_metric_alarm.evaluation_periods is required",
                "aws_cloudwatch_metric_alarm.region is not known",
            ],
        ),
        (
            "aws_lambda_function",
            {"function_name": "x", "role": "x", "vpc_config": {"subnet_ids": ["x"], "mode": 1}},
            [
                "aws_lambda_function.vpc_config.security_group_ids is required",
                "aws_lambda_function.vpc_config.mode is not known",
            ],
        ),
        (
            "data.aws_iam_policy_document",
            {"statement": [{"sid": "x", "conditions": []}]},
            ["data.aws_iam_policy_document.statement.conditions is not known"],
        ),
    ],
)
def test_what_only_provider_6_accepts_would_be_found(kind: str, body: dict[str, Any], sentences: list[str]) -> None:
    assert misuses(kind, body) == sentences


def test_an_alarm_watches_a_metric_or_an_expression(document: dict[str, Any]) -> None:
    alarms = document["resource"]["aws_cloudwatch_metric_alarm"]
    assert len(alarms) > 10

    assert [name for name, body in alarms.items() if ("metric_query" in body) == ("metric_name" in body)] == []


def test_every_metric_is_in_the_table_and_every_alarm_tells_somebody(document: dict[str, Any]) -> None:
    assert metric_problems(document) == ()
