"""Partial inventories: what of a synthesized stack must be so, how many of what there are, what must not be there.

    scope: network                  elements whose construct path begins with it; empty for the whole stack
    values:                         address → attributes, compared as a subset
      aws_vpc.network_vpc_4E8F0223:
        cidr_block: 10.20.0.0/16
    counts:                         elements per type in the scope; `total` for all of them
      aws_subnet: 6
    absent:                         patterns over `address.attribute…` and `address.attribute…=value`
      - aws_security_group.*.ingress

A mapping is compared key by key; a list as a whole, member by member. A mapping laid over a list picks statements by
their `Sid`. IAM policies, which are JSON in a string, are compared as what they hold. In patterns `*` stands for
anything, dots included, and a list's members are called by their number.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

import yaml

FOLDER = Path(__file__).with_name("inventories")
NAMES = tuple(sorted(path.stem for path in FOLDER.glob("*.yaml")))
ABSENT = object()


@dataclass(frozen=True)
class Inventory:
    """One file of `inventories/`."""

    name: str
    scope: str
    values: Mapping[str, Mapping[str, Any]]
    counts: Mapping[str, int]
    absent: tuple[str, ...]

    @classmethod
    def parse(cls, name: str, text: str) -> Inventory:
        """Read an inventory; an unknown section is an error, as it would never be compared."""
        data = yaml.safe_load(text)
        unknown = set(data) - {"scope", "values", "counts", "absent"}
        if unknown:
            raise ValueError(f"{name}: {', '.join(sorted(unknown))} is not a section of an inventory")
        return cls(name, data.get("scope", ""), data["values"], data["counts"], tuple(data.get("absent", ())))


def elements(document: Mapping[str, Any], scope: str = "") -> dict[str, Mapping[str, Any]]:
    """Address → body of everything in a Terraform JSON document, without the engine's metadata."""
    found: dict[str, Mapping[str, Any]] = {}
    for section, prefix in (("resource", ""), ("data", "data.")):
        for kind, members in document.get(section, {}).items():
            for name, body in members.items():
                path = body["//"]["metadata"]["path"].split("/")[1:]
                if not scope or path[0] == scope:
                    found[f"{prefix}{kind}.{name}"] = {k: _opened(value) for k, value in body.items() if k != "//"}
    if not scope:
        found |= {f"output.{name}": body for name, body in document.get("output", {}).items()}
        found |= {
            f"provider.{name}.{n}": body for name, all_ in document["provider"].items() for n, body in enumerate(all_)
        }
        found["terraform"] = document["terraform"]
    return found


def _opened(value: Any) -> Any:
    """A policy as what it holds; quotes inside Terraform's `${…}` are Terraform's, not JSON's."""
    if not isinstance(value, str) or not value.startswith('{"'):
        return value
    return json.loads(re.sub(r"\$\{[^}]*\}", lambda expression: expression[0].replace('"', '\\"'), value))


def counted(found: Mapping[str, Any]) -> dict[str, int]:
    """Elements per type, and `total`; outputs, providers and settings are not counted."""
    kinds = [address.rpartition(".")[0] for address in found if address.startswith(("aws_", "data."))]
    return {"total": len(kinds), **dict(sorted(Counter(kinds).items()))}


def differences(inventory: Inventory, document: Mapping[str, Any]) -> list[str]:
    """Everything in which a document does not hold to an inventory, one sentence each."""
    found = elements(document, inventory.scope)
    counts = counted(found)
    return [
        *(
            line
            for address, expected in inventory.values.items()
            for line in _unlike(address, expected, found.get(address, ABSENT))
        ),
        *(
            f"{kind}: there are {counts.get(kind, 0)}, not {number}"
            for kind, number in inventory.counts.items()
            if counts.get(kind, 0) != number
        ),
        *(
            f"{place} is there, against {pattern}"
            for pattern in inventory.absent
            for place in _places(found)
            if fnmatchcase(place, pattern)
        ),
    ]


def _unlike(where: str, expected: Any, actual: Any) -> Iterator[str]:
    if actual is ABSENT:
        yield f"{where} is missing"
    elif isinstance(expected, dict) and isinstance(actual, dict | list):
        members = actual if isinstance(actual, dict) else by_sid(actual)
        for key, value in expected.items():
            yield from _unlike(f"{where}.{key}", value, members.get(key, ABSENT))
    elif isinstance(expected, list) and isinstance(actual, list) and len(expected) == len(actual):
        for number, (one, other) in enumerate(zip(expected, actual, strict=True)):
            yield from _unlike(f"{where}.{number}", one, other)
    elif expected != actual or type(expected) is not type(actual):
        yield f"{where} is {actual!r}, not {expected!r}"


def by_sid(members: list[Any]) -> dict[str, Any]:
    """Members of a list of statements by their `Sid`."""
    return {member["Sid"]: member for member in members if isinstance(member, dict) and "Sid" in member}


def _places(found: Mapping[str, Any]) -> Iterator[str]:
    for address, body in found.items():
        yield from _places_in(address, body)


def _places_in(where: str, value: Any) -> Iterator[str]:
    yield where
    if isinstance(value, dict | list):
        members = value.items() if isinstance(value, dict) else enumerate(value)
        for key, member in members:
            yield from _places_in(f"{where}.{key}", member)
    else:
        yield f"{where}={value}"
