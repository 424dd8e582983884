"""IAM policy documents as JSON text that names its reasons and keeps its references.

A document is text with Terraform references in it, not an `aws_iam_policy_document` data source: Terraform puts off
reading a data source until apply whenever a resource it refers to has a planned change, so a new log retention would
show as an unknown change of every role that may write to the log (docs/adr/0006-policy-documents.md).
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from modules.core.statements import Statement
from modules.core.tokens import is_token


class PolicyDocument:
    """Statements of one policy; each is known by its sid, so adding one twice adds it once."""

    def __init__(self, statements: Iterable[Statement] = ()) -> None:
        """Begin with some statements."""
        self._statements: dict[str, Statement] = {}
        self.add(*statements)

    @property
    def statements(self) -> tuple[Statement, ...]:
        """Statements so far, in the order they were first added."""
        return tuple(self._statements.values())

    @property
    def json(self) -> str:
        """The document as IAM takes it."""
        return json.dumps(
            {"Version": "2012-10-17", "Statement": [rendered(statement) for statement in self.statements]},
            separators=(",", ":"),
        )

    def add(self, *statements: Statement) -> None:
        """Add statements.

        Raises:
            ValueError: a different statement already has the same sid.
        """
        for statement in statements:
            known = self._statements.setdefault(statement.sid, statement)
            if known != statement:
                raise ValueError(f"two different statements share the sid {statement.sid}")


def rendered(statement: Statement) -> dict[str, Any]:
    """The statement as it stands in a document."""
    entry: dict[str, Any] = {"Sid": statement.sid, "Effect": statement.effect}
    if statement.principals:
        entry["Principal"] = {who.kind: list(who.identifiers) for who in statement.principals}
    entry["Action"] = list(statement.actions)
    if statement.resources:
        entry["Resource"] = list(statement.resources)
    conditions: dict[str, dict[str, list[str]]] = {}
    for condition in statement.conditions:
        conditions.setdefault(condition.test, {})[condition.variable] = list(condition.values)
    if conditions:
        entry["Condition"] = conditions
    return entry


def as_text(statements: Iterable[Statement]) -> str:
    """Statements for a reader, as IAM takes them; what is known only after apply is called that."""
    entries = []
    for statement in statements:
        entry = rendered(statement)
        for name in ("Action", "Resource"):
            if name in entry:
                entry[name] = ["(known after apply)" if is_token(member) else member for member in entry[name]]
        entries.append(entry)
    return json.dumps(entries, separators=(",", ":"))
