"""Whether an alarm tells anybody: by its own actions, or by those of a composite alarm that is made of it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from analysis.plan import UNKNOWN, Plan, Resource
from policies.shared.alarm_watches import ALARM

COMPOSITE = "aws_cloudwatch_composite_alarm"
_TYPES = (ALARM, COMPOSITE)
_CHILD = re.compile(
    r"(?<!\w)(?P<not>NOT\s*\(?\s*)?(?P<state>ALARM|OK|INSUFFICIENT_DATA)\(\s*\"?(?P<name>(?:\$\{[^}]*\}|[^\"()])+?)\"?\s*\)"
)
Answer = tuple[bool | None, str]
"""Whether it tells somebody (None: not known), and why it does not, or why that is not known."""


class Actions:
    """Who hears of the alarms of a plan.

    Args:
        plan: the plan.

    Attributes:
        members: alarms that a composite alarm is made of, in whatever way.
    """

    def __init__(self, plan: Plan) -> None:
        alarms = plan.of(*_TYPES)
        self.members = set[Resource]()
        self._own = {alarm: own_actions(plan, alarm) for alarm in alarms}
        self._above: dict[Resource, list[Resource]] = {}
        self._of: dict[Resource, Answer] = {}
        self._unread: list[Resource] = []
        by_name: dict[str, list[Resource]] = {}
        for alarm in alarms:
            name = alarm.get("alarm_name")
            if isinstance(name, str):
                by_name.setdefault(name, []).append(alarm)
        for composite in plan.of(COMPOSITE):
            for child in self._children(plan, composite, by_name):
                self._above.setdefault(child, []).append(composite)

    def of(self, alarm: Resource) -> Answer:
        """Whether an alarm tells somebody when it is raised."""
        if alarm not in self._of:
            self._of[alarm] = (False, "")  # until it is told: composite alarms that are made of each other end here
            self._of[alarm] = self._answer(alarm)
        return self._of[alarm]

    def _answer(self, alarm: Resource) -> Answer:
        own = self._own[alarm]
        if own[0]:
            return own
        above = [self.of(entry) for entry in self._above.get(alarm, ())]
        if any(acts for acts, _ in above):
            return True, ""
        doubts = [reason for acts, reason in (own, *above) if acts is None]
        if doubts:
            return None, doubts[0]
        if self._unread:
            return None, f"{self._unread[0]}.alarm_rule is known only after apply"
        return own

    def _children(
        self, plan: Plan, composite: Resource, by_name: Mapping[str, Iterable[Resource]]
    ) -> Iterator[Resource]:
        rule = composite.get("alarm_rule")
        texts = (rule,) if isinstance(rule, str) else plan.texts(composite, "alarm_rule")
        for found in (each for text in texts for each in _CHILD.finditer(text)):
            name = found["name"].rpartition(":alarm:")[2].strip()
            named = plan.text_links(composite, name, *_TYPES).resources if "${" in name else by_name.get(name, ())
            self.members.update(named)
            if not found["not"] and found["state"] == "ALARM":
                yield from named
        if not texts or not any(map(_CHILD.search, texts)):
            linked = plan.links(composite, "alarm_rule", *_TYPES)
            self.members.update(linked.resources)
            yield from linked.resources
            if not linked.resources and not linked.is_complete:
                self._unread.append(composite)


def own_actions(plan: Plan, alarm: Resource) -> Answer:
    """Whether an alarm has actions of its own that are enabled."""
    enabled = alarm.get("actions_enabled", True)
    if enabled is False:
        return False, "actions_enabled is false"
    actions = alarm.get("alarm_actions")
    if actions is UNKNOWN and plan.is_configured(alarm, "alarm_actions"):
        linked = plan.links(alarm, "alarm_actions")
        if not any(entry.type.startswith("aws_") for entry in linked.resources):
            return None, "alarm_actions is known only after apply"
    elif actions is UNKNOWN or not any(entry not in (None, "") for entry in actions or ()):
        return False, "alarm_actions is empty"
    return (None, "actions_enabled is known only after apply") if enabled is UNKNOWN else (True, "")
