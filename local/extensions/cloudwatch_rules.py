"""Rules of composite alarms: what they say of the states of other alarms (PutCompositeAlarm, AlarmRule)."""

from __future__ import annotations

import re
from collections.abc import Mapping

_TOKEN = re.compile(r"\s*(?:(?P<word>AND|OR|NOT|TRUE|FALSE)\b|(?P<sign>[()])|(?P<state>ALARM|OK|INSUFFICIENT_DATA)\s*\("
                    r"\s*(?:\"(?P<quoted>(?:[^\"\\]|\\.)+)\"|(?P<plain>[^\s()\"]+))\s*\))")  # fmt: skip
_STATES = frozenset({"ALARM", "OK", "INSUFFICIENT_DATA"})

Token = tuple[str, str]


class RuleError(ValueError):
    """A rule that does not read like one."""


def names_in(rule: str) -> frozenset[str]:
    """The alarms that a rule names, by name or ARN as it gives them.

    Raises:
        RuleError: it does not read like a rule.
    """
    return frozenset(name for kind, name in _tokens(rule) if kind in _STATES)


def holds(rule: str, states: Mapping[str, str]) -> bool:
    """Whether a rule holds; an alarm that does not exist is in no state.

    Args:
        rule: the rule.
        states: state of each alarm, by name or ARN.

    Raises:
        RuleError: it does not read like a rule.
    """
    reader = _Reader(_tokens(rule), states)
    value = reader.either()
    if reader.rest:
        raise RuleError(rule)
    return value


class _Reader:
    """Reads a rule from left to right; NOT binds tighter than AND, and AND than OR."""

    def __init__(self, tokens: list[Token], states: Mapping[str, str]) -> None:
        self.rest, self._states = tokens, states

    def either(self) -> bool:
        """Terms with OR between them."""
        value = self._both()
        while self._takes("OR"):
            value = self._both() or value  # reads on, whatever the value
        return value

    def _both(self) -> bool:
        value = self._single()
        while self._takes("AND"):
            value = self._single() and value
        return value

    def _single(self) -> bool:
        if not self.rest:
            raise RuleError("the rule ends too early")
        kind, name = self.rest.pop(0)
        if kind == "NOT":
            return not self._single()
        if kind == "(":
            value = self.either()
            if not self._takes(")"):
                raise RuleError("a bracket is not closed")
            return value
        if kind in _STATES:
            return self._states.get(name) == kind
        if kind in {"TRUE", "FALSE"}:
            return kind == "TRUE"
        raise RuleError(f"{kind} stands where a condition should")

    def _takes(self, kind: str) -> bool:
        if self.rest and self.rest[0][0] == kind:
            self.rest.pop(0)
            return True
        return False


def _tokens(rule: str) -> list[Token]:
    tokens, at = [], 0
    text = rule.rstrip()
    while at < len(text):
        found = _TOKEN.match(text, at)
        if found is None:
            raise RuleError(f"{text[at:]} is no part of a rule")
        name = found["quoted"] or found["plain"] or ""
        tokens.append((found["word"] or found["sign"] or found["state"], re.sub(r"\\(.)", r"\1", name)))
        at = found.end()
    return tokens
