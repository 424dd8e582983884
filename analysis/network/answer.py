"""Answers of three kinds: yes, no, and what cannot be told from a plan."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Answer(StrEnum):
    """Whether something holds."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Check:
    """One question to a plan, answered.

    Attributes:
        answer: yes, no or unknown.
        note: what lets it pass; what is missing; or what is unknown.
        address: the resource that decides it; empty for what AWS gives.
        fix: what to do, where the answer is no or unknown.
    """

    answer: Answer
    note: str = ""
    address: str = ""
    fix: str = ""

    @property
    def passes(self) -> bool:
        """Whether the answer is a certain yes."""
        return self.answer is Answer.YES


def yes(note: str = "", address: str = "") -> Check:
    """It holds."""
    return Check(Answer.YES, note, address)


def no(note: str, fix: str, address: str = "") -> Check:
    """It does not hold: `note` is missing."""
    return Check(Answer.NO, note, address, fix)


def unknown(note: str, fix: str = "", address: str = "") -> Check:
    """It cannot be told: `note` is unknown."""
    return Check(Answer.UNKNOWN, note, address, fix)


def either(left: Answer, right: Answer) -> Answer:
    """Whether one of two holds."""
    if Answer.YES in (left, right):
        return Answer.YES
    return Answer.UNKNOWN if Answer.UNKNOWN in (left, right) else Answer.NO


def both(left: Answer, right: Answer) -> Answer:
    """Whether both hold."""
    if Answer.NO in (left, right):
        return Answer.NO
    return Answer.UNKNOWN if Answer.UNKNOWN in (left, right) else Answer.YES
