"""Names in a sentence, and sentences of many targets said once."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

_SHOWN = 5
_MOST = 20
"""How many sentences are told at all."""

_STATED = re.compile(r"(?P<subject>[^\s:]+(?:/[^\s:]+){3})(?= )|(?P<whole>(?:(?!: ).)+)(?=: )", re.DOTALL)
"""What a sentence is about: a target as configurations are called (`dev/main/us-east-1/orders_api network`), or what
stands before the first colon."""

_TARGET = re.compile(r"[A-Za-z0-9][\w-]*|[^\s:/]+(?:/[^\s:/]+){3}", re.ASCII)
_OWN = (
    (re.compile(r"--target [^\s`]+"), "--target <target>"),
    (re.compile(r"\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b"), "<id>"),
    (re.compile(r"\b\d{12}\b", re.ASCII), "<account>"),
    (re.compile(r"\b[a-z]{2}(?:-[a-z]+)+-\d\b"), "<region>"),
)
"""What is each target's own in a sentence that is otherwise the same: an id of AWS's or of a lock, account, region."""


def named(names: Sequence[str]) -> str:
    """The first few names, and how many more there are; `none` for none."""
    shown = ", ".join(names[:_SHOWN]) or "none"
    more = len(names) - _SHOWN
    return f"{shown} and {more:,} more" if more > 0 else shown


def said_once(sentences: Iterable[str], *, more: str = "", most_exact: int = 10) -> tuple[str, ...]:
    """Sentences, of which those that say the same of several targets, or accounts, stand together.

    Where more than `most_exact` are left, `<target>`, `<account>`, `<region>` and `<id>` stand for what is each
    target's own. What is left then beyond twenty is counted.

    Args:
        sentences: each begins with what it is about, and a colon.
        more: where the others are to be seen, such as a command.
        most_exact: how many sentences are told with each target's own account and region.
    """
    every = tuple(dict.fromkeys(sentences))
    groups = _grouped(every, is_exact=True)
    if len(groups) > most_exact:
        groups = _grouped(every, is_exact=False)
    told = [_sentence(reason, found) for reason, found in groups.items()]
    left = list(groups.values())[_MOST:]
    if not left:
        return tuple(told)
    count = sum(map(len, left))
    rest = f"and {count:,} more with {len(left):,} other reasons{f'; {more}' if more else ''}"
    return (*told[:_MOST], rest)


def _grouped(sentences: Iterable[str], *, is_exact: bool) -> Mapping[str, Mapping[str, str]]:
    """Sentences by reason and by what they are about."""
    groups: dict[str, dict[str, str]] = {}
    for sentence in sentences:
        found = _STATED.match(sentence)
        subject = found[0] if found else ""
        reason = sentence[len(subject) :]
        while subject and reason.startswith(f": {subject}: "):
            reason = reason[len(subject) + 2 :]
        groups.setdefault(reason if is_exact else _without_own(reason, subject), {})[subject] = sentence
    return groups


def _without_own(reason: str, subject: str) -> str:
    told = re.sub(rf"(?<![\w-]){re.escape(subject)}(?![\w-])", "<target>", reason) if subject else reason
    for own, placeholder in _OWN:
        told = own.sub(placeholder, told)
    return told


def _sentence(reason: str, found: Mapping[str, str]) -> str:
    subjects = tuple(found)
    if len(subjects) == 1:
        return found[subjects[0]]
    which = named(subjects)
    if all(map(_TARGET.fullmatch, subjects)):
        which = f"{len(subjects):,} targets ({which})"
    return f"{which}{reason}"
