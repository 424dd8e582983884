"""IAM policy documents that come as text: read into statements, and judged as far as they can be."""

from __future__ import annotations

import fnmatch
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from modules.core.errors import Problem
from modules.core.statements import Condition, Statement
from modules.core.tokens import is_token


@dataclass(frozen=True)
class Clause:
    """A statement of a document as it stands there.

    Attributes:
        sid: its Sid; empty without one.
        effect: Allow or Deny.
        actions: patterns of Action, or of NotAction.
        resources: patterns of Resource, or of NotResource.
        conditions: all must hold.
        other_actions: whether it is about every action but these (NotAction).
        other_resources: likewise (NotResource).
        names_principal: whether it has a Principal, so that it belongs to a resource.
    """

    sid: str
    effect: str
    actions: tuple[str, ...]
    resources: tuple[str, ...]
    conditions: tuple[Condition, ...]
    other_actions: bool = False
    other_resources: bool = False
    names_principal: bool = False

    def is_about(self, action: str, resource: str) -> bool:
        """Whether it speaks of an action on a resource; of an ARN that is known only later it is assumed to."""
        named = any(fnmatch.fnmatchcase(action.lower(), pattern.lower()) for pattern in self.actions)
        on = is_token(resource) or any(is_token(known) or _matches(resource, known) for known in self.resources)
        return named is not self.other_actions and (on is not self.other_resources)


def read_clauses(text: str) -> tuple[Clause, ...]:
    """The statements of a document.

    Raises:
        ValueError: it is no policy document; the message says why.
    """
    try:
        document = json.loads(text)
    except ValueError as error:
        raise ValueError(f"it is no JSON ({error})") from None
    if not isinstance(document, Mapping) or "Statement" not in document:
        raise ValueError("it has no Statement")
    if document.get("Version") != "2012-10-17":
        raise ValueError('its Version is not "2012-10-17"')
    found = document["Statement"]
    return tuple(_clause(entry) for entry in (found if isinstance(found, list) else [found]))


def document_problems(field: str, documents: Iterable[str]) -> Iterator[Problem]:
    """Documents that cannot be read."""
    for index, text in enumerate(documents):
        where = f"{field}[{index}]"
        if is_token(text) and not text.lstrip().startswith("{"):
            yield Problem(
                "",
                f"{where} is known only later",
                "what it allows is checked before anything is made",
                "write the JSON",
            )
            continue
        try:
            read_clauses(text)
        except ValueError as error:
            yield Problem("", f"{where} is no policy document", str(error), "write it as IAM shows it")


def hand_written(field: str, documents: Iterable[str]) -> tuple[tuple[Statement, ...], tuple[Problem, ...]]:
    """Statements of readable documents that are to become part of a role, and what keeps others from it."""
    statements: list[Statement] = []
    problems: list[Problem] = []
    for index, text in enumerate(documents):
        for number, clause in enumerate(read_clauses(text)):
            where = f"{field}[{index}] statement {number + 1}"
            for given, word in (
                (clause.other_actions, "NotAction"),
                (clause.other_resources, "NotResource"),
                (clause.names_principal, "Principal"),
            ):
                if given:
                    allowed = "a role's policy names no principal" if word == "Principal" else f"{word} grows by itself"
                    problems.append(Problem(where, f"it has {word}", allowed, "name what it is about"))
            if not clause.sid:
                problems.append(Problem(where, "it has no Sid", "each statement is one reason", "name it by a Sid"))
            statements.append(
                Statement(
                    clause.sid, clause.actions, clause.resources, effect=clause.effect, conditions=clause.conditions
                )
            )
    return tuple(statements), tuple(problems)


def _clause(entry: Any) -> Clause:
    if not isinstance(entry, Mapping):
        raise ValueError("a statement is no object")  # noqa: TRY004 - a wrong document, not a wrong call
    unknown = sorted(set(entry) - _KEYS)
    if unknown:
        raise ValueError(f"a statement has {unknown[0]}, which IAM does not know")
    if entry.get("Effect") not in ("Allow", "Deny"):
        raise ValueError("a statement's Effect is neither Allow nor Deny")
    for one, other in (("Action", "NotAction"), ("Resource", "NotResource")):
        if (one in entry) is (other in entry):
            raise ValueError(f"a statement has not exactly one of {one} and {other}")
    return Clause(
        sid=str(entry.get("Sid", "")),
        effect=entry["Effect"],
        actions=_texts(entry.get("Action", entry.get("NotAction"))),
        resources=_texts(entry.get("Resource", entry.get("NotResource"))),
        conditions=tuple(_conditions(entry.get("Condition", {}))),
        other_actions="NotAction" in entry,
        other_resources="NotResource" in entry,
        names_principal="Principal" in entry or "NotPrincipal" in entry,
    )


def _conditions(block: Any) -> Iterator[Condition]:
    if not isinstance(block, Mapping) or not all(isinstance(keys, Mapping) for keys in block.values()):
        raise ValueError("a statement's Condition is not operators with keys")
    for test, keys in block.items():
        for variable, values in keys.items():
            yield Condition(test, variable, _texts(values))


def _texts(value: Any) -> tuple[str, ...]:
    members = value if isinstance(value, list) else [value]
    if not members or not all(isinstance(member, str | bool | int) for member in members):
        raise ValueError("a statement has neither text nor a list of texts where it needs one")
    return tuple(str(member).lower() if isinstance(member, bool) else str(member) for member in members)


def _matches(resource: str, pattern: str) -> bool:
    """IAM's own wildcards, of which brackets are none."""
    escaped = re.sub(r"([\[\]])", r"[\1]", pattern)
    return fnmatch.fnmatchcase(resource, escaped)


_KEYS = frozenset(
    {"Sid", "Effect", "Action", "NotAction", "Resource", "NotResource", "Condition", "Principal", "NotPrincipal"}
)
