"""What Checkov's checks say of an input, and whether it can be believed."""

from __future__ import annotations

import signal
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError

from modules.core.errors import PolicyError
from policies.exceptions import Framework
from policies.policy import Severity
from policies.scanned import ScannedInput

_SHOWN = 5
_CHARACTERS = 600


@dataclass(frozen=True)
class CheckovRecord:
    """One resource that fails one of Checkov's checks.

    Attributes:
        check: id of the check, such as `CKV_AWS_27`.
        title: what the check asks for, in Checkov's words.
        address: the resource; in a plan with modules and keys. A provider's begins with `provider.`.
        severity: how much it matters; None where the check does not tell.
        file: name of the file that was judged.
    """

    check: str
    title: str
    address: str
    severity: Severity | None
    file: str = ""


@dataclass(frozen=True)
class CheckovReport:
    """What Checkov's checks say of one input.

    Attributes:
        place: what was judged, such as `orders/cdk.tf.json`.
        failed: sorted by address and check.
        passed: how many times a check passed on a resource.
        resources_given: how many managed resources the input holds; every check of their types was run on each.
        resources_seen: on how many of them a check gave a verdict; types without any check give none.
        known: ids of all checks that Checkov has, those that were left out too.
    """

    framework: Framework
    place: str
    checkov_version: str
    failed: tuple[CheckovRecord, ...]
    passed: int
    resources_given: int
    resources_seen: int
    known: frozenset[str] = field(default=frozenset(), repr=False)


class _Answer(BaseModel):
    model_config = ConfigDict(extra="forbid")

    number: int
    failed: list[tuple[str, str, str, Severity | None, str]]
    passed: list[tuple[str, str]]
    handed_over: list[str]
    doubts: list[str]


def read_answer(scanned: ScannedInput, answer: Mapping[str, Any], version: str, said: str) -> CheckovReport:
    """The report that an answer of the runner is, when everything in it fits what was given.

    Args:
        scanned: what was given.
        answer: what the runner answered.
        version: Checkov's.
        said: what the runner wrote for people.

    Raises:
        PolicyError: something does not fit, so the checks prove nothing.
    """
    if ending := list(_ending(answer)):
        raise _refusal(scanned, ending, said)
    if doubts := list(answer.get("doubts", ())):
        raise _refusal(scanned, doubts)
    try:
        read = _Answer.model_validate(answer)
    except ValidationError as error:
        raise _refusal(scanned, [f"the runner's answer has another form ({error.errors()[0]['msg']})"]) from error
    if doubts := list(_missing(scanned, read)):
        raise _refusal(scanned, doubts)
    failed = sorted(
        (CheckovRecord(*entry) for entry in read.failed), key=lambda one: (one.address, one.check, one.file)
    )
    judged = {one.address for one in failed} | {address for _, address in read.passed}
    return CheckovReport(
        framework=scanned.framework,
        place=scanned.place,
        checkov_version=version,
        failed=tuple(failed),
        passed=len(read.passed),
        resources_given=len(scanned.addresses),
        resources_seen=len(scanned.addresses & judged),
    )


def _ending(answer: Mapping[str, Any]) -> Iterator[str]:
    """How a judging process ended that gave no answer."""
    code = answer.get("ended")
    if code == -signal.SIGALRM:
        yield "Checkov did not end in the time that it was given, and was killed"
    elif code is not None:
        yield f"Checkov ended with exit code {code} before its answer"


def _missing(scanned: ScannedInput, answer: _Answer) -> Iterator[str]:
    if missing := sorted((scanned.addresses | scanned.data_addresses) - set(answer.handed_over)):
        more = f" and {len(missing) - _SHOWN} more" if len(missing) > _SHOWN else ""
        yield f"Checkov did not see {', '.join(missing[:_SHOWN])}{more}"


def _refusal(scanned: ScannedInput, doubts: list[str], said: str = "") -> PolicyError:
    told = "; ".join(dict.fromkeys(doubts))
    shown = told if len(told) <= _CHARACTERS else f"{told[:_CHARACTERS]}…"
    return PolicyError(
        f"{scanned.place}: the {scanned.framework} scan of {len(scanned.addresses)} resources cannot be believed: "
        f"{shown}; it counts only when Checkov reads everything and every check runs; "
        f"{f'look at what Checkov said: {said}' if said else 'mend what is named, or leave the check out'}"
    )
