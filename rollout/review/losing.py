"""What is destroyed, replaced or forgotten, with what it loses or hangs on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from analysis.finding import Finding, Level
from analysis.forecast import Forecast
from rollout.review.changes import GONE, KeptChanges
from rollout.review.masking import Mask
from rollout.review.model import Action, Loss, Notice, Section

_LEVELS = (Level.ERROR, Level.WARNING, Level.UNDECIDABLE)
_Key = tuple[Action, str, tuple[str, ...], tuple[str, ...], int | None, bool]


def losses_of(
    changes: Mapping[str, KeptChanges], forecasts: Mapping[str, Forecast], masks: Mapping[str, Mask]
) -> tuple[Loss, ...]:
    """Resources that are destroyed, replaced or forgotten; those that lose data or fail first."""
    found: dict[_Key, set[str]] = {}
    for target, entry in changes.items():
        said = _by_address(forecasts[target])
        waits = {step.address: step.wait.minutes for step in forecasts[target].steps if step.wait}
        for change in entry.prints:
            if change.action in GONE:
                findings = said.get(change.address, ())
                notes = tuple(masks[target].text(finding.message) for finding in findings)
                is_error = any(finding.level is Level.ERROR for finding in findings)
                paths = entry.forced[change.address]
                key = (change.action, change.address, paths, notes, waits.get(change.address), is_error)
                found.setdefault(key, set()).add(target)
    losses = [
        Loss(address, action, paths, notes, minutes, is_error, tuple(sorted(targets)))
        for (action, address, paths, notes, minutes, is_error), targets in found.items()
    ]
    return tuple(
        sorted(
            losses,
            key=lambda loss: (not loss.is_error, not loss.notes, loss.action.rank, loss.address, loss.targets),
        )
    )


def forecast_section(
    after: Mapping[str, Forecast],
    base: Mapping[str, Forecast],
    masks: Mapping[str, Mask],
    losses: Iterable[Loss],
) -> Section:
    """What will hang, fail or be left behind that would not on the base branch.

    Args:
        after: forecast of each target.
        base: forecast of each target on the base branch; empty without one.
        masks: of each target.
        losses: resources whose forecast is told with them already.
    """
    lost = {(target, loss.address) for loss in losses for target in loss.targets}
    found: dict[tuple[Level, str, str, str], set[str]] = {}
    still = mended = 0
    for target, forecast in after.items():
        old = {_key(entry) for entry in base[target].findings} if target in base else set()
        now = {_key(entry) for entry in forecast.findings}
        still, mended = still + len(now & old), mended + len(old - now)
        for finding in forecast.findings:
            if _key(finding) not in old and (target, finding.address) not in lost:
                mask = masks[target]
                told = (finding.level, finding.address, mask.text(finding.message), mask.text(finding.fix))
                found.setdefault(told, set()).add(target)
    notices = (
        Notice(level.value, address, message, fix, tuple(sorted(targets)))
        for (level, address, message, fix), targets in found.items()
    )
    ordered = sorted(
        notices, key=lambda row: (_LEVELS.index(Level(row.kind)), -len(row.targets), row.address, row.message)
    )
    return Section(tuple(ordered), still, mended)


def _by_address(forecast: Forecast) -> dict[str, tuple[Finding, ...]]:
    found: dict[str, tuple[Finding, ...]] = {}
    for finding in forecast.findings:
        found[finding.address] = (*found.get(finding.address, ()), finding)
    return found


def _key(finding: Finding) -> tuple[str, str, str]:
    return finding.rule, finding.address, finding.missing
