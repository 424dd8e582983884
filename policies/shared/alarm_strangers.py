"""Names in dimensions that nothing of the plan has: mistakes where that is certain, else things made elsewhere.

An alarm on a function of another stack looks like one whose name is misspelt. It is a mistake where a name of the plan
is nearly the same and no alarm looks at that resource in the same way, and where a function is left without any alarm
on the metric.
"""

from __future__ import annotations

from collections.abc import Iterator
from difflib import SequenceMatcher

from analysis.plan import Resource
from policies.shared.alarm_targets import NAMES, Targets
from policies.shared.alarm_watches import Watch
from policies.shared.alarms import Alarms
from policies.view import View

_FUNCTION = "aws_lambda_function"
_OF_EVERY_FUNCTION = frozenset({"Duration", "Errors", "Throttles"})
"""Metrics that each function has an alarm on."""
_ALIKE = 0.85
"""Share of the letters that two names have in common, in the same order, from which on one is taken for the other."""


def strangers(view: View, alarms: Alarms, alarm: Resource) -> tuple[list[str], list[str]]:
    """What an alarm names wrongly, and what it names that may be made elsewhere."""
    wrong, doubts = list[str](), list[str]()
    for watch in alarms.watches(alarm):
        found = alarms.targets[watch]
        if found.wrong:
            wrong.append(f"{found.wrong}: {watch.metric} of it is never published")
        for name in found.names:
            if any(plan.owner(name, *found.types) is not None for plan in view.beside):
                continue
            mistake = _mistake(view, alarms, watch, found, name)
            if mistake:
                wrong.append(mistake)
            elif found.doubt:
                doubts.append(found.doubt)
            else:
                doubts.append(f'nothing of the plan is called "{name}" ({found.dimension} of {watch.metric})')
        if found.doubt and not found.names:
            doubts.append(found.doubt)
    return list(dict.fromkeys(wrong)), list(dict.fromkeys(doubts))


def _mistake(view: View, alarms: Alarms, watch: Watch, found: Targets, name: str) -> str:
    said = f'{found.dimension} is "{name}", which nothing of the plan is called'
    for entry, own in _candidates(view, found):
        if _are_alike(name, own) and not alarms.has_like(watch, entry):
            return f'{said}; {entry} is called "{own}", and no alarm watches {watch.metric} of it in this way'
    if found.types == (_FUNCTION,) and watch.metric in _OF_EVERY_FUNCTION:
        for entry, own in _candidates(view, found):
            if not alarms.has_any(watch.namespace, watch.metric, entry):
                return f'{said}; {entry} is called "{own}", and no alarm watches its {watch.metric}'
    return ""


def _candidates(view: View, found: Targets) -> Iterator[tuple[Resource, str]]:
    for entry in view.plan.of(*found.types):
        own = entry.get(NAMES[entry.type])
        if isinstance(own, str) and NAMES[entry.type] != "id":
            yield entry, own


def _are_alike(name: str, other: str) -> bool:
    matcher = SequenceMatcher(a=name, b=other, autojunk=False)
    return matcher.real_quick_ratio() >= _ALIKE and matcher.quick_ratio() >= _ALIKE and matcher.ratio() >= _ALIKE
