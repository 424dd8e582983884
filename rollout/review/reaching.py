"""What functions no longer reach, or of which it can no longer be told."""

from __future__ import annotations

from collections.abc import Mapping

from analysis.plan import Plan
from analysis.reach.model import Kind, Pair, Verdict
from analysis.reach.reach import reach
from rollout.review.before import plan_before
from rollout.review.masking import Mask
from rollout.review.model import Notice, Section

_Key = tuple[str, str, str, str, str]
Pairs = Mapping[_Key, Pair]
"""What each function needs, by function and destination."""

_WORSE = (Verdict.REACHABLE, Verdict.UNDECIDABLE, Verdict.UNREACHABLE)


def pairs_of(plan: Plan) -> Pairs:
    """What the functions of a plan need."""
    return {_key(pair): pair for pair in reach(plan).pairs}


def pairs_before(plan: Plan) -> Pairs:
    """What the functions needed before a plan."""
    return pairs_of(plan_before(plan)) if plan.before else {}


def reach_section(after: Mapping[str, Pairs], before: Mapping[str, Pairs], masks: Mapping[str, Mask]) -> Section:
    """Pairs that got worse, or are new and not reachable.

    Args:
        after: pairs of each target.
        before: pairs of each target in the base.
        masks: of each target.
    """
    found: dict[tuple[Verdict, str, str, str], set[str]] = {}
    still = mended = undecided = 0
    for target, pairs in after.items():
        old = before.get(target, {})
        for key, pair in pairs.items():
            was = old[key].verdict if key in old else Verdict.REACHABLE
            if _WORSE.index(pair.verdict) > _WORSE.index(was):
                sentence = masks[target].text(_sentence(pair, is_new=key not in old))
                told = (pair.verdict, pair.need.function.address, sentence, masks[target].text(pair.fix))
                found.setdefault(told, set()).add(target)
            elif pair.verdict is Verdict.UNREACHABLE:
                still += 1
            elif pair.verdict is Verdict.UNDECIDABLE:
                undecided += 1
            mended += pair.verdict is Verdict.REACHABLE and was is not Verdict.REACHABLE
    notices = (
        Notice(verdict.value, address, message, fix, tuple(sorted(targets)))
        for (verdict, address, message, fix), targets in found.items()
    )
    ordered = sorted(
        notices, key=lambda row: (-_WORSE.index(Verdict(row.kind)), -len(row.targets), row.address, row.message)
    )
    return Section(tuple(ordered), still, mended, undecided)


def _key(pair: Pair) -> _Key:
    need, to = pair.need, pair.need.destination
    return need.function.address, need.origin.resource.address, to.kind.value, to.name, to.region


def _sentence(pair: Pair, *, is_new: bool) -> str:
    to = pair.need.destination
    name = to.name or ("the internet" if to.kind is Kind.INTERNET else to.kind.value)
    since = "which it did not need before" if is_new else "which it reached before"
    if pair.verdict is Verdict.UNREACHABLE:
        return f"it cannot reach {name}, {since}: {pair.missing} is missing"
    return f"whether it reaches {name}, {since}, cannot be told: {pair.missing} is not known"
