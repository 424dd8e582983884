"""A synthesized stack (`cdk.tf.json`) as resources that refer to each other."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

_REFERENCE = re.compile(r"(?<![\w.])(?!data\.|var\.|local\.|each\.|module\.)([a-z][a-z0-9]*_\w+)\.([A-Za-z_][\w-]*)")
_EXPRESSION = re.compile(r"\$\{([^}]*)\}")

Resource = Mapping[str, Any]


class Document:
    """The managed resources of one stack, by their Terraform address."""

    def __init__(self, document: Mapping[str, Any]) -> None:
        self._resources: dict[str, Resource] = {
            f"{kind}.{name}": body
            for kind, named in document.get("resource", {}).items()
            for name, body in named.items()
        }

    def __getitem__(self, address: str) -> Resource:
        """The arguments of a resource."""
        return self._resources[address]

    def of_type(self, *kinds: str) -> Iterator[tuple[str, Resource]]:
        """Resources of some types with their addresses, sorted."""
        return ((address, self[address]) for address in sorted(self._resources) if kind_of(address) in kinds)

    def references(self, value: object) -> frozenset[str]:
        """Addresses of the resources that a value refers to, directly or anywhere inside."""
        return frozenset(found for found in _references(value) if found in self._resources)

    def related(self, kind: str, argument: str, address: str) -> Iterator[Resource]:
        """Resources of a type whose argument refers to a resource."""
        return (body for _, body in self.of_type(kind) if address in self.references(body.get(argument)))


def kind_of(address: str) -> str:
    """The resource type of an address."""
    return address.partition(".")[0]


def policy_statements(text: str) -> tuple[Mapping[str, Any], ...]:
    """The statements of a policy that is written as JSON, with references inside; none if it is no JSON.

    An expression may hold quotes of its own, as in `${split(":", …)}`, which the text does not escape.
    """
    try:
        found = json.loads(_EXPRESSION.sub(lambda expression: expression[0].replace('"', "'"), text))["Statement"]
    except (KeyError, TypeError, ValueError):
        return ()
    return tuple(found if isinstance(found, list) else [found])


def listed(value: object) -> tuple[Any, ...]:
    """A value that may be one or a list, as a list."""
    if value is None:
        return ()
    return tuple(value) if isinstance(value, list | tuple) else (value,)


def _references(value: object) -> Iterator[str]:
    if isinstance(value, str):
        for expression in _EXPRESSION.findall(value):
            for kind, name in _REFERENCE.findall(expression):
                yield f"{kind}.{name}"
    elif isinstance(value, Mapping):
        for member in value.values():
            yield from _references(member)
    elif isinstance(value, list | tuple):
        for member in value:
            yield from _references(member)
