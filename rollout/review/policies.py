"""Findings of the policies, out of the JSON of `lambdanet check`: what is new against the base branch."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from modules.core.errors import PlanInputError
from policies.finding import Status
from policies.policy import Severity
from rollout.review.masking import Mask
from rollout.review.model import Notice, Section

_NEEDED = ("id", "severity", "resource", "target", "message", "fix", "status")
_NO_BASE = "no findings of the base branch were given, so each of them is told as new"


def policies_section(found: Any, base: Any | None, mask: Mask) -> Section:
    """What failed, new against the base, by severity.

    Args:
        found: the document that `lambdanet check --format json` writes.
        base: the same of the base branch; None where none is given.
        mask: takes out what is sensitive.

    Raises:
        PlanInputError: a document is none of `lambdanet check`.
    """
    now, then = _rows(found), () if base is None else _rows(base)
    known = {_key(row) for row in then if row["status"] == Status.FAILED}
    failed = [row for row in now if row["status"] == Status.FAILED]
    new = [row for row in failed if _key(row) not in known]
    return Section(
        new=_notices(new, mask),
        open=len(failed) - len(new),
        mended=len(known - {_key(row) for row in failed}),
        undecided=sum(row["status"] == Status.UNKNOWN for row in now),
        note=_NO_BASE if base is None else "",
    )


def _rows(document: Any) -> tuple[Mapping[str, str], ...]:
    findings = document.get("findings") if isinstance(document, Mapping) else None
    if not isinstance(findings, list):
        raise PlanInputError(
            "the findings of the policies hold no list `findings`; write them with `lambdanet check --format json`"
        )
    return tuple(_row(number, row) for number, row in enumerate(findings, start=1))


def _row(number: int, row: Any) -> Mapping[str, str]:
    missing = [name for name in _NEEDED if not isinstance(row, Mapping) or not isinstance(row.get(name), str)]
    wrong = [] if missing else [name for name, kind in _KINDS.items() if row[name] not in set(kind)]
    if missing or wrong:
        names = ", ".join(missing or wrong)
        raise PlanInputError(
            f"finding {number} of the policies has no {names} that is known; write the file anew with `lambdanet check "
            "--format json` of the same version"
        )
    return {**{name: str(row[name]) for name in _NEEDED}, "place": _place(row.get("place"))}


def _place(place: Any) -> str:
    """Such as `stacks/orders_api.py:24`; empty where it is not told."""
    told = isinstance(place, Mapping) and place.get("file")
    return f"{place['file']}:{place.get('line', 1)}" if told else ""


_KINDS: Mapping[str, type[Severity | Status]] = {"severity": Severity, "status": Status}


def _key(row: Mapping[str, str]) -> tuple[str, str, str]:
    return row["target"], row["id"], row["resource"]


def _notices(rows: Iterable[Mapping[str, str]], mask: Mask) -> tuple[Notice, ...]:
    """One for each finding, whichever targets have it."""
    targets: dict[tuple[str, ...], set[str]] = {}
    for row in rows:
        said = mask.text(row["message"]), mask.text(row["fix"])
        targets.setdefault((row["severity"], row["resource"], *said, row["id"], row["place"]), set()).add(row["target"])
    notices = (
        Notice(severity, resource, message, fix, tuple(sorted(names)), check, place)
        for (severity, resource, message, fix, check, place), names in targets.items()
    )
    return tuple(
        sorted(
            notices, key=lambda row: (-Severity(row.kind).rank, -len(row.targets), row.check, row.address, row.message)
        )
    )
