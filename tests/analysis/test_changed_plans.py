"""Failures that only a change shows: a zone added in the middle of a list, a function that leaves its VPC.

The plans are Terraform's, over a state in the emulator; `python -m tests.analysis.defects.changes.make` writes them.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from analysis.finding import Finding, Level
from analysis.forecast import Action, Forecast, forecast
from analysis.plan import Plan, read_plan
from tests.analysis.defects.changes.make import CHANGES, FOLDER, PLAN


def _plan(name: str) -> Plan:
    return read_plan(FOLDER / name / PLAN)


def _findings(result: Forecast) -> dict[tuple[str, str], Finding]:
    return {(finding.rule, finding.address): finding for finding in result.findings}


def test_a_zone_in_the_middle_replaces_what_follows() -> None:
    result = forecast(_plan("third_zone"))
    assert {step.address: step.action for step in result.steps} == {
        "aws_nat_gateway.this[1]": Action.REPLACE,
        "aws_subnet.private[1]": Action.REPLACE,
        "aws_subnet.public[1]": Action.REPLACE,
    }
    found = _findings(result)
    assert set(found) == {
        ("gateway-replaced", "aws_nat_gateway.this[1]"),
        ("key-moved", "aws_subnet.private[1]"),
        ("key-moved", "aws_subnet.public[1]"),
        ("subnet-in-use", "aws_subnet.private[1]"),
    }
    assert "because of subnet_id" in found["gateway-replaced", "aws_nat_gateway.this[1]"].message
    assert "aws_lambda_function.orders" in found["subnet-in-use", "aws_subnet.private[1]"].message


def test_a_function_that_leaves_its_vpc_with_its_policy_leaves_interfaces_behind() -> None:
    ((key, finding),) = _findings(forecast(_plan("detach"))).items()
    assert key == ("interface-permissions", "aws_lambda_function.orders")
    assert (finding.level, finding.missing) == (Level.ERROR, "ec2:DeleteNetworkInterface on the role")
    assert "aws_iam_role_policy.interfaces[0]" in finding.message


@pytest.mark.parametrize("name", sorted(CHANGES))
def test_a_changed_plan_stands_beside_its_terraform(name: str) -> None:
    assert (Path(FOLDER) / name / "main.tf").is_file()
    assert _plan(name).changes
