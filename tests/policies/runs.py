"""Runs of the policies without Checkov: inputs in files, and a scan that says what a test wants."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from policies.check import CheckOptions, check
from policies.exceptions import Framework
from policies.finding import Status
from policies.inputs import CheckInput, find_inputs, read_input
from policies.policy import Policy, Severity, Verdict, failed, passed, unknown
from policies.result import CheckResult
from policies.scanned import ScannedInput
from policies.view import View
from tests.policies.scans import write_plan, write_synthesized

KNOWN = frozenset({"CKV_AWS_27", "CKV_AWS_115", "CKV2_AWS_5"})
QUEUES: Mapping[str, Any] = {"jobs": {"name": "jobs", "delay_seconds": 0}, "orders": {"name": "orders"}}
_LATER = "${aws_sqs_queue.orders.delay_seconds}"
SLOW: dict[str, Any] = {"jobs": {"name": "jobs", "delay_seconds": 5}, "orders": {"name": "orders"}}
UNTOLD: dict[str, Any] = {"jobs": {"name": "jobs", "delay_seconds": _LATER}, "orders": {"name": "orders"}}
KEY = ("CKV_AWS_27", "aws_sqs_queue.orders")


@dataclass(frozen=True)
class FakeRecord:
    check: str
    title: str
    address: str
    severity: Severity | None = None


@dataclass(frozen=True)
class FakeReport:
    framework: Framework
    place: str
    checkov_version: str = "3.3.30"
    failed: tuple[FakeRecord, ...] = ()
    passed: int = 5
    known: frozenset[str] = KNOWN


@dataclass
class FakeScan:
    """Says the same of each input: `(check, address)`."""

    failing: Sequence[tuple[str, str]] = ()
    without: list[str] = field(default_factory=list)

    def __call__(
        self,
        inputs: Sequence[ScannedInput],
        *,
        without: Collection[str],
        progress: Callable[[int, int], None] | None = None,
    ) -> Sequence[FakeReport]:
        self.without = list(without)
        if progress is not None:
            progress(len(inputs), len(inputs))
        told = "Ensure that queues are encrypted by"
        records = tuple(FakeRecord(name, f"{told} {name}", address) for name, address in self.failing)
        return [FakeReport(entry.framework, entry.place, failed=records) for entry in inputs]


def by_delay(view: View) -> Iterator[Verdict]:
    """A queue fails with a delay, is unknown where it is, and passes with 0."""
    for queue in view.plan.of("aws_sqs_queue"):
        delay = view.setting(queue, "delay_seconds")
        if isinstance(delay, int):
            yield failed(queue, f"delay_seconds is {delay}", "set it to 0") if delay else passed(queue)
        elif delay is not None:
            yield unknown(queue, "delay_seconds is known only after apply")


def policy(judge: Callable[[View], Any] = by_delay, **changed: Any) -> Policy:
    """A policy on queues."""
    settings: dict[str, Any] = {
        "id": "CKV2_LNET_901",
        "title": "Queue delivers at once",
        "severity": Severity.HIGH,
        "types": ("aws_sqs_queue",),
        "why": "A delay is paid for by whoever waits.",
        "source": "SQS developer guide",
        "fix": "Set delay_seconds = 0.",
        "judge": judge,
        "samples": (),
    }
    return Policy(**{**settings, **changed})


def stack(folder: Path, queues: Mapping[str, Any] = QUEUES, **more: Any) -> Path:
    """A synthesized stack of queues."""
    return write_synthesized(folder, {"aws_sqs_queue": dict(queues)}, **more)


def plan(file: Path, queues: Mapping[str, Any] = QUEUES) -> Path:
    """A plan of queues."""
    file.parent.mkdir(parents=True, exist_ok=True)
    return write_plan(file, {"aws_sqs_queue": dict(queues)})


def inputs(*paths: Path) -> list[CheckInput]:
    return [read_input(entry) for entry in find_inputs(paths)]


def run(
    *paths: Path,
    options: CheckOptions | None = None,
    policies: Sequence[Policy] | None = None,
    scan: FakeScan | None = None,
) -> CheckResult:
    """One run with one policy and without exceptions, but for what is given."""
    return check(
        inputs(*paths),
        options or CheckOptions(exceptions=()),
        policies=[policy()] if policies is None else policies,
        scan=scan or FakeScan(),
    )


def skips(*entries: tuple[str, str], key: str = "checkov") -> dict[str, Any]:
    """What `//` holds for skipped checks."""
    return {"//": {key: {"skip": [{"id": name, "comment": reason} for name, reason in entries]}}}


def read_json(file: Path) -> Any:
    return json.loads(file.read_text(encoding="utf-8"))


def told(result: CheckResult) -> list[tuple[str, str, Status]]:
    return [(finding.id, finding.resource, finding.status) for finding in result.findings]
