"""Samples of policies in all three inputs: synthesized JSON, a plan that creates, and a plan after apply.

All samples of an area are modules of one root folder, which is planned, applied to the emulator and planned again.
"""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from analysis.plan import Plan, synthesized_plan
from analysis.quotas import CONCURRENT_EXECUTIONS, QuotaSnapshot
from local.emulator import DEFAULT_ACCOUNT, Emulator
from policies.catalogue import catalogue
from policies.policy import Outcome, Policy
from policies.samples import CODE_BUCKET, CODE_KEY, REGION
from policies.view import View
from tests.provider_process import AttachedTerraform, ProviderProcesses

TODAY = date(2026, 11, 21)
"""The day that samples are judged on, whatever day it is."""

QUOTAS = {
    (DEFAULT_ACCOUNT, REGION): QuotaSnapshot(
        account_id=DEFAULT_ACCOUNT, region=REGION, taken=TODAY, quotas={CONCURRENT_EXECUTIONS: 1_000}
    )
}
"""What the account may run at once, so that a sum that exceeds it is certain to."""

CREATED, APPLIED = "create plan", "plan after apply"
_AT_ONCE = 64
"""Resources that Terraform makes at once: the time of an apply is what the provider waits, and hardly any work."""

_PREFIXES = {
    "passes_": (Outcome.PASSED, Outcome.PASSED),
    "fails_": (Outcome.FAILED, Outcome.FAILED),
    "unknown_then_passes_": (Outcome.UNKNOWN, Outcome.PASSED),
    "unknown_then_fails_": (Outcome.UNKNOWN, Outcome.FAILED),
}


@dataclass(frozen=True)
class Case:
    """One sample of one policy.

    Attributes:
        policy: whose sample it is.
        index: which of its samples.
    """

    policy: Policy
    index: int

    @property
    def name(self) -> str:
        """Name of its module, such as `lnet_301_0`."""
        return f"{self.policy.id.removeprefix('CKV2_').lower()}_{self.index}"

    @property
    def document(self) -> dict[str, Any]:
        """The sample with cloud names of its own."""
        text = json.dumps(self.policy.samples[self.index])
        document: dict[str, Any] = json.loads(text.replace("sample-", f"{self.name.replace('_', '-')}-"))
        return document

    def expected(self, *, applied: bool) -> dict[str, Outcome]:
        """What must be said of each resource, by its address in the sample."""
        return {
            f"{kind}.{name}": outcomes[applied]
            for kind, named in self.document.get("resource", {}).items()
            for name in named
            for prefix, outcomes in _PREFIXES.items()
            if name.startswith(prefix)
        }


def area_of(policy: Policy) -> str:
    """The folder that a policy lies in, such as `databases`."""
    return policy.judge.__module__.split(".")[-2]


def cases(area: str) -> tuple[Case, ...]:
    """Every sample of an area, such as `databases`."""
    return tuple(
        Case(policy, index) for policy in catalogue() if area_of(policy) == area for index in range(len(policy.samples))
    )


@dataclass(frozen=True)
class Judged:
    """The plans of an area's samples.

    Attributes:
        created: by name of the sample, the plan that creates it.
        applied: the plan after apply, without those that the emulator cannot hold.
    """

    created: Mapping[str, Plan]
    applied: Plan

    def outcomes(self, case: Case, given: str) -> dict[str, Outcome]:
        """What the policy says of its sample, by address in the sample."""
        module = f"module.{case.name}"
        plan = (self.created[case.name] if given == CREATED else self.applied).below(module)
        return _outcomes(case, plan, f"{module}.")


def synthesized_outcomes(case: Case) -> dict[str, Outcome]:
    """What the policy says of its sample as synthesized JSON, by address."""
    document = {"provider": {"aws": [{"region": REGION}]}, **case.document}
    return _outcomes(case, synthesized_plan(document, case.name), "")


def judged(
    area: str, *, unapplied: Collection[str], emulator: Emulator, providers: ProviderProcesses, work: Path
) -> Judged:
    """Plan the samples of an area, apply them, and plan again.

    Args:
        area: folder of the policies.
        unapplied: names of samples (`Case.name`) that the emulator cannot hold; they are planned only.
        emulator: where they are applied, emptied before.
        providers: running providers.
        work: an empty folder.
    """
    every = cases(area)
    strangers = set(unapplied) - {case.name for case in every}
    assert not strangers, f"no such samples: {strangers}"
    emulator.reset()
    _keep_code(emulator)
    environment = emulator.environment(REGION)
    created = dict[str, Plan]()
    only_planned = [case for case in every if case.name in unapplied]
    if only_planned:
        folder = _written(only_planned, work / "planned")
        with AttachedTerraform(folder, environment=environment, providers=providers) as terraform:
            terraform.init()
            created |= dict.fromkeys(unapplied, Plan(terraform.plan().document, "planned"))
    rest = [case for case in every if case.name not in unapplied]
    folder = _written(rest, work / "applied")
    with AttachedTerraform(folder, environment=environment, providers=providers, at_once=_AT_ONCE) as terraform:
        terraform.init()
        plan = terraform.plan()
        created |= dict.fromkeys((case.name for case in rest), Plan(plan.document, "created"))
        terraform.apply(plan)
        return Judged(created, Plan(terraform.plan().document, "applied"))


def _outcomes(case: Case, plan: Plan, prefix: str) -> dict[str, Outcome]:
    view = View(plan, today=TODAY, quotas=QUOTAS, account=DEFAULT_ACCOUNT, region=REGION)
    verdicts = list(case.policy.judge(view))
    for verdict in verdicts:
        assert bool(verdict.message) == (verdict.outcome is not Outcome.PASSED), f"a message is missing: {verdict}"
        assert not verdict.message.endswith("."), f"a full stop after the message: {verdict}"
        kind = verdict.address.removeprefix(prefix).partition(".")[0]
        assert kind in case.policy.types, f"{verdict.address} is of none of the types of {case.policy.id}"
    found = {verdict.address.removeprefix(prefix): verdict.outcome for verdict in verdicts}
    assert len(found) == len(verdicts), f"two verdicts on one resource: {verdicts}"
    return found


def _written(given: Collection[Case], folder: Path) -> Path:
    """A root folder with a module for each sample."""
    for case in given:
        (folder / case.name).mkdir(parents=True)
        (folder / case.name / "main.tf.json").write_text(json.dumps(case.document), encoding="utf-8")
    calls = {case.name: {"source": f"./{case.name}"} for case in given}
    root = {"module": calls, "provider": {"aws": [{"region": REGION}]}}
    (folder / "main.tf.json").write_text(json.dumps(root), encoding="utf-8")
    return folder


def _keep_code(emulator: Emulator) -> None:
    """Put the code of functions where samples take it from."""
    code = io.BytesIO()
    with zipfile.ZipFile(code, "w") as archive:
        archive.writestr("app.py", "def handler(event, context):\n    return event\n")
    storage = emulator.client("s3", REGION)
    storage.create_bucket(Bucket=CODE_BUCKET, CreateBucketConfiguration={"LocationConstraint": REGION})
    storage.put_object(Bucket=CODE_BUCKET, Key=CODE_KEY, Body=code.getvalue())
