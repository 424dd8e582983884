"""A reason that a configuration gives is told of the findings that its choice makes, and of no others."""

from __future__ import annotations

import importlib
import inspect
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from modules.core.config import ConfigModel
from modules.core.target import Target
from policies.check import CheckOptions, check
from policies.checkov import Checkov
from policies.finding import Status
from policies.inputs import CheckInput, find_inputs, read_input
from policies.result import CheckResult
from stacks.base import App, TargetStack
from tests.apply.harness import REPLACED, TARGET
from tests.modules.reasons.base import why
from tests.modules.reasons.stacks import STACKS
from tests.modules.reasons.table import DECLARED, OWN_REASONS, SKIPPED, STILL_FAILED, UNSEEN

MODULES = Path(__file__).parents[3] / "modules"
WITHOUT_REASON = {Status.FAILED, Status.UNKNOWN}


@dataclass(frozen=True)
class Runs:
    """One run over all stacks, and one over the same without what they skip; findings by `place: check`."""

    result: CheckResult
    bare: CheckResult
    paths: dict[tuple[str, str], str]

    def told(self, result: CheckResult, *statuses: Status) -> dict[str, str]:
        """Reasons of findings."""
        return {
            f"{self.paths[entry.target, entry.resource]}: {entry.id}": entry.reason
            for entry in result.findings
            if entry.status in statuses
        }


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> Runs:
    app = App(outdir=str(tmp_path_factory.mktemp("reasons")))
    names = dict[str, str]()
    for build in STACKS:
        where = {"stack": build.__name__, "aws_provider_version": ">= 6.69, < 7"}
        target = Target.parse({**TARGET, **where})
        build(TargetStack(app, target))
        names[target.name] = build.__name__
    app.synth()
    folder = Path(app.outdir) / "stacks"
    inputs = [read_input(entry) for entry in find_inputs([folder])]
    options = CheckOptions(exceptions=())
    with Checkov() as checkov:
        reports = checkov.scan([entry.scanned for entry in inputs], without=REPLACED)
    result, bare = (
        check(entries, options, scan=lambda *_, **__: reports)
        for entries in (inputs, [replace(entry, skips={}) for entry in inputs])
    )
    return Runs(result, bare, dict(_paths(folder, inputs, names)))


def _paths(folder: Path, inputs: Sequence[CheckInput], names: dict[str, str]) -> Iterator[tuple[tuple[str, str], str]]:
    for entry in inputs:
        document = json.loads((folder / entry.target / "cdk.tf.json").read_text(encoding="utf-8"))
        for kind, named in document["resource"].items():
            for name, body in named.items():
                path = body["//"]["metadata"]["path"].partition("/")[2]
                yield (entry.target, f"{kind}.{name}"), f"{names[entry.target]}/{path}"


def lines(text: str) -> set[str]:
    """`place: check` for every check of every line."""
    placed = (line.strip().partition(": ") for line in text.strip().splitlines())
    return {f"{place}: {check_id}" for place, _, ids in placed for check_id in ids.split()}


def test_each_reason_is_told_of_exactly_what_its_choice_makes(runs: Runs) -> None:
    given = {line: why(field) for field, text in SKIPPED.items() for line in lines(text)}
    own = {line: reason for reason, text in OWN_REASONS.items() for line in lines(text)}

    assert runs.told(runs.result, Status.SKIPPED) == given | own


def test_nothing_else_fails(runs: Runs) -> None:
    assert set(runs.told(runs.result, Status.FAILED)) == lines(STILL_FAILED)


def test_no_skip_is_without_a_finding(runs: Runs) -> None:
    assert runs.result.summary.unneeded_skips == ()


def test_what_is_skipped_would_be_told_without_the_skip(runs: Runs) -> None:
    skipped = set(runs.told(runs.result, Status.SKIPPED))
    failed = set(runs.told(runs.bare, Status.FAILED))
    of_an_unchecked_role = lines(SKIPPED["ExistingRoleConfig.unchecked_reason"])

    assert skipped - failed == of_an_unchecked_role
    assert of_an_unchecked_role <= set(runs.told(runs.bare, Status.UNKNOWN))
    assert runs.bare.summary.unneeded_skips == ()


def test_every_reason_of_the_modules_is_told_or_known_to_concern_no_check() -> None:
    told = {_declared(field) for field in SKIPPED}

    assert told.isdisjoint(UNSEEN)
    assert sorted(told | set(UNSEEN)) == sorted(set(_reason_fields()))


def _declared(field: str) -> str:
    return DECLARED.get(field, "AlarmsConfig.reason" if field.endswith(".alarms.reason") else field)


def _reason_fields() -> Iterator[str]:
    for file in sorted(MODULES.rglob("*.py")):
        if "config" in file.stem or file.parent.name == "code":
            importlib.import_module(".".join(file.relative_to(MODULES.parent).with_suffix("").parts))
    for model in _models(ConfigModel):
        if model.__module__.startswith("modules."):
            for field, annotation in inspect.get_annotations(model).items():
                if annotation == "Reason":
                    yield f"{model.__name__}.{field}"


def _models(model: type[Any]) -> Iterator[type[Any]]:
    for each in model.__subclasses__():
        yield each
        yield from _models(each)
