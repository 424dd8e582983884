"""Defects of a sound stack in hand-written Terraform, and cases built from real failures: each is detected, and named.

The sound stack, each copy of it with one defect, and each failure are modules of one root folder, so that one plan
serves all.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from analysis.budget import Budget, budget
from analysis.finding import Finding, Level
from analysis.forecast import forecast
from analysis.plan import Plan
from analysis.quotas import QuotaSnapshot
from analysis.reach.reach import reach
from analysis.triggers import trigger_findings
from policies.catalogue import catalogue
from policies.policy import Outcome, Verdict
from policies.view import View
from tests.analysis.hcl import plan_of
from tests.provider_process import ProviderProcesses

FOLDER = Path(__file__).parent / "defects"
DEFECTS: Mapping[str, Mapping[str, Any]] = yaml.safe_load((FOLDER / "defects.yaml").read_text(encoding="utf-8"))
FAILURES: Mapping[str, Mapping[str, Any]] = yaml.safe_load((FOLDER / "failures.yaml").read_text(encoding="utf-8"))
CATALOGUE: Sequence[Mapping[str, str]] = yaml.safe_load((FOLDER / "catalogue.yaml").read_text(encoding="utf-8"))
SOUND = "sound"
ACCOUNT, REGION = "123456789012", "eu-west-1"
QUOTAS = {"L-B99A9384": 1000, "L-9FEE3D26": 500, "L-0263D0A3": 5, "L-29B6F2EB": 50, "L-DF5E4CA3": 5000}

_NAMES = re.compile(r'(\bname\s+= "|_name\s+= "|"/aws/lambda/)orders')

pytestmark = pytest.mark.plan


@pytest.fixture(scope="module")
def plan(tmp_path_factory: pytest.TempPathFactory, providers: ProviderProcesses) -> Plan:
    """The plan of the sound stack, of each defect and of each failure."""
    work = tmp_path_factory.mktemp("defects")
    root = work / "root"
    for name in (SOUND, *DEFECTS):
        stack = shutil.copytree(FOLDER / "stack", root / name)
        for change in DEFECTS[name]["change"] if name in DEFECTS else ():
            _change(stack / change["file"], change.get("old", ""), change.get("new", ""))
        for file in stack.iterdir():  # names are those of an account: each stack has its own
            file.write_text(
                _NAMES.sub(rf"\g<1>{name.replace('_', '-')[:40]}", file.read_text(encoding="utf-8")), "utf-8"
            )
    for name in FAILURES:
        shutil.copytree(FOLDER / "failures" / name, root / name)
    calls = [f'module "{name}" {{\n  source = "./{name}"\n}}\n' for name in (SOUND, *DEFECTS, *FAILURES)]
    (root / "main.tf").write_text("\n".join(calls), encoding="utf-8")
    return plan_of(root, work / "plan", providers)


def _change(path: Path, old: str, new: str) -> None:
    if not old:
        path.unlink()
        return
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1, f"{path.name} holds {old!r} {text.count(old)} times"
    path.write_text(text.replace(old, new), encoding="utf-8")


def _budget(plan: Plan, quotas: Mapping[str, int]) -> Budget:
    snapshot = QuotaSnapshot(account_id=ACCOUNT, region=REGION, taken=date(2026, 11, 1), quotas={**QUOTAS, **quotas})
    return budget([plan], {(ACCOUNT, REGION): snapshot}, account=ACCOUNT, region=REGION)


def _findings(plan: Plan, name: str, quotas: Mapping[str, int] | None = None) -> dict[str, tuple[Finding, ...]]:
    part = plan.below(f"module.{name}")
    return {
        "reach": reach(part).findings,
        "budget": _budget(part, quotas or {}).findings,
        "forecast": forecast(part).findings,
        "triggers": trigger_findings(part),
    }


def _verdicts(plan: Plan, name: str) -> list[tuple[str, Verdict]]:
    view = View(plan.below(f"module.{name}"), today=date(2026, 11, 21), account=ACCOUNT, region=REGION)
    return [(policy.id, verdict) for policy in catalogue() for verdict in policy.judge(view)]


def _assert_found(plan: Plan, name: str, case: Mapping[str, Any]) -> None:
    """Every finding of the table, and none beside."""
    found = _findings(plan, name, case.get("quotas"))
    rest = {(by, finding) for by, findings in found.items() for finding in findings}
    for line in case["found"]:
        address = f"module.{name}.{line['address']}"
        mine = [
            (by, finding)
            for by, finding in rest
            if (by, finding.rule, finding.address) == (line["by"], line["rule"], address)
            and line["missing"] in finding.missing
            and line.get("message", "") in finding.message
        ]
        assert len(mine) == 1, (line, found)
        assert mine[0][1].message
        assert mine[0][1].fix
        rest -= set(mine)
    assert not rest


def test_every_defect_of_the_catalogue_is_here() -> None:
    assert len({entry["defect"] for entry in CATALOGUE}) == len(CATALOGUE) == 35
    assert sorted(entry["here"] for entry in CATALOGUE) == sorted(DEFECTS)


def test_the_sound_stack_has_no_finding(plan: Plan) -> None:
    assert _findings(plan, SOUND) == {"reach": (), "budget": (), "forecast": (), "triggers": ()}


def test_the_sound_stack_fails_no_policy(plan: Plan) -> None:
    """What a first plan cannot tell is said to be unknown: a text that is put together from what is not there yet."""
    verdicts = [verdict for _, verdict in _verdicts(plan, SOUND)]
    assert [verdict for verdict in verdicts if verdict.outcome is Outcome.FAILED] == []
    unknown = {verdict.address: verdict.message for verdict in verdicts if verdict.outcome is Outcome.UNKNOWN}
    assert unknown == {
        f"module.{SOUND}.aws_sqs_queue.orders": (
            f"maxReceiveCount of module.{SOUND}.aws_sqs_queue.orders is known only after apply"
        ),
        f"module.{SOUND}.aws_lambda_function.orders": "the values of environment.variables are known only after apply",
    }


@pytest.mark.parametrize("name", sorted(DEFECTS))
def test_a_policy_tells_of_a_defect(plan: Plan, name: str) -> None:
    policy = DEFECTS[name]["policy"]
    address = f"module.{name}.{policy['address']}"
    found = {(judge, verdict.address): verdict for judge, verdict in _verdicts(plan, name)}
    assert found[policy["id"], address].outcome is Outcome.FAILED


def test_everything_that_the_sound_stack_needs_is_reachable(plan: Plan) -> None:
    pairs = reach(plan.below(f"module.{SOUND}")).pairs
    assert {pair.need.destination.name.removeprefix(f"module.{SOUND}."): str(pair.verdict) for pair in pairs} == {
        "aws_db_instance.orders": "reachable",
        "aws_db_proxy.orders": "reachable",
        "events": "reachable",
        "s3": "reachable",
        "secretsmanager": "reachable",
    }


@pytest.mark.parametrize("name", sorted(DEFECTS))
def test_a_defect_is_detected_and_nothing_else(plan: Plan, name: str) -> None:
    _assert_found(plan, name, DEFECTS[name])


@pytest.mark.parametrize("name", sorted(FAILURES))
def test_a_real_failure_is_detected_and_nothing_else(plan: Plan, name: str) -> None:
    _assert_found(plan, name, FAILURES[name])


def test_who_makes_the_number_of_interfaces_grow(plan: Plan) -> None:
    result = _budget(plan.below("module.interfaces"), FAILURES["interfaces"]["quotas"])
    row = next(row for row in result.rows if row.rule == "interfaces-per-vpc")
    assert (row.before, row.after) == (0, 36)
    assert len(row.shares) == 12
    assert {share.growth for share in row.shares} == {3}


def test_every_failure_has_an_error(plan: Plan) -> None:
    for name, case in FAILURES.items():
        levels = {entry.level for found in _findings(plan, name, case.get("quotas")).values() for entry in found}
        assert Level.ERROR in levels, name
