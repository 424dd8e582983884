"""One thing that was expected and what was found instead, as a sentence a person can read."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Any

from botocore.client import BaseClient
from botocore.exceptions import ClientError

Clients = Callable[[str], BaseClient]
"""Service name to boto3 client; the caller supplies region, endpoint and credentials."""

NOTHING = "(nothing)"
"""How an absent value reads."""


@dataclass(frozen=True)
class Check:
    """One fact that was read back.

    Attributes:
        subject: what was looked at, such as `function acme-dev-orders-api-api: timeout`.
        expected: what it should be, rendered.
        found: what it is, rendered.
        held: whether the two are equal.
    """

    subject: str
    expected: str
    found: str
    held: bool

    def __str__(self) -> str:
        """One line, such as `FAILED function x: timeout: expected 30, found 3`."""
        if self.held:
            return f"ok {self.subject}: {self.found}"
        return f"FAILED {self.subject}: expected {self.expected}, found {self.found}"


class MissingError(Exception):
    """Something that later checks need does not exist, or not exactly once."""


def equal(subject: str, expected: object, found: object) -> Check:
    """Compare two values by how they read: lists and sets without regard to order, `1`, `"1"` and `true` as different.

    So a failed check never shows the same text twice.
    """
    wanted, seen = render(expected), render(found)
    return Check(subject, wanted, seen, wanted == seen)


def render(value: object) -> str:
    """A value as text: collections sorted, plain strings without quotes unless they look like something else."""
    value = _normal(value)
    if value is None:
        return NOTHING
    if isinstance(value, str):
        return json.dumps(value) if not value or _reads_as_json(value) else value
    return json.dumps(value, sort_keys=True, ensure_ascii=False)


def guarded(subject: str, read: Callable[[], Iterable[Check]]) -> list[Check]:
    """The checks of one aspect; when it cannot be read, one failed check says why and the others go on."""
    try:
        return list(read())
    except ClientError as error:
        detail = error.response.get("Error", {})
        return [Check(subject, "readable", f"{detail.get('Code', '')}: {detail.get('Message', '')}", held=False)]
    except MissingError as error:
        return [Check(subject, "readable", str(error), held=False)]
    except KeyError as error:  # AWS leaves out what does not exist yet, such as the endpoint of a new database
        return [Check(subject, "readable", f"the answer lacks {error}", held=False)]


def only(items: Iterable[Any], what: str) -> Any:
    """The single item; `Any`, because boto3 describes its answers nowhere in types.

    Raises:
        MissingError: there is none, or more than one.
    """
    found = list(items)
    if len(found) != 1:
        raise MissingError(f"{what} exists {len(found)} times" if found else f"{what} does not exist")
    return found[0]


def pages(client: Any, operation: str, key: str, **parameters: Any) -> list[Any]:
    """All items of a listing, over all its pages; `Any`, because clients are made from models at run time."""
    if not client.can_paginate(operation):
        return list(getattr(client, operation)(**parameters).get(key) or [])
    return [item for page in client.get_paginator(operation).paginate(**parameters) for item in page.get(key) or []]


def tag(item: Mapping[str, Any], key: str) -> str:
    """The value of an EC2 resource's tag; empty when it has none."""
    return next((str(entry["Value"]) for entry in item.get("Tags") or [] if entry["Key"] == key), "")


def _normal(value: object) -> Any:
    if isinstance(value, Mapping):
        return {str(key): _normal(item) for key, item in value.items()}
    if isinstance(value, (list, tuple, AbstractSet)):
        return sorted((_normal(item) for item in value), key=lambda item: json.dumps(item, sort_keys=True))
    return value


def _reads_as_json(text: str) -> bool:
    try:
        json.loads(text)
    except ValueError:
        return text == NOTHING
    return True
