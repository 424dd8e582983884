"""`lambdanet prices refresh`, with a price list that is told."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import boto3
import pytest
from typer.testing import CliRunner

from analysis.cost import read_prices
from cli import prices as command
from tests.rollout.test_prices import LAMBDA, NAT, REGION, answering, client


class _Session:
    def client(self, service: str, **options: Any) -> Any:
        assert (service, options["region_name"]) == ("pricing", "us-east-1")
        return client()


def test_a_table_is_written_and_what_is_missing_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    client()  # made before the session is replaced
    monkeypatch.setattr(boto3.session, "Session", _Session)
    arguments = ["refresh", "--region", REGION, "--environments", str(tmp_path)]
    with answering({"AWSLambda": [LAMBDA], "AmazonEC2": [NAT]}):
        result = CliRunner().invoke(command.prices, arguments, env={"COLUMNS": "300"})
    assert result.exit_code == 0, result.output
    path = tmp_path / "prices" / "eu-west-1.yaml"
    assert result.stdout.endswith(f"{path}: 5 prices read\n")
    assert (
        "prices/eu-west-1.yaml: dashboards was not read; its usage type is not documented; there is no price of it\n"
    ) in result.stderr
    assert sorted(read_prices(tmp_path).regions[REGION].items) == [
        "lambda.duration.arm64",
        "lambda.requests",
        "nat_gateway.gb",
        "nat_gateway.hours",
        "nat_gateway.regional_hours",
    ]


def test_a_region_that_has_no_prices_ends_with_2(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    client()  # made before the session is replaced
    monkeypatch.setattr(boto3.session, "Session", _Session)
    with answering({}):
        result = CliRunner().invoke(command.prices, ["refresh", "--region", REGION, "--environments", str(tmp_path)])
    assert result.exit_code == 2
    assert "prices of eu-west-1: the AWS price list has none" in result.stderr
    assert not (tmp_path / "prices").exists()
