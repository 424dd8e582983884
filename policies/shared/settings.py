"""Whether something is set, where its value may be known only after apply."""

from __future__ import annotations

from collections.abc import Mapping

from analysis.plan import UNKNOWN, Block, Resource, Unknown
from analysis.plan.values import EMPTY
from policies.view import View


def is_set(view: View, resource: Resource, path: str) -> bool | Unknown:
    """Whether an attribute is set; UNKNOWN where only apply tells whether what is written there is nothing.

    What belongs to a resource of AWS, such as its ARN, is something, though it is not known yet.
    """
    value: object = view.setting(resource, path)
    if value is not UNKNOWN:
        return value not in EMPTY
    if any(" ? " in text for text in view.plan.texts(resource, path)):
        return UNKNOWN
    links = view.plan.links(resource, path)
    return True if any(entry.type.startswith("aws_") for entry, _ in links.sources) else UNKNOWN


def number(view: View, resource: Resource, path: str, default: int) -> int | Unknown:
    """A whole number, AWS's default where it is not set."""
    value = view.setting(resource, path, default)
    return UNKNOWN if value is UNKNOWN else int(value)


def blocks(resource: Resource, name: str) -> tuple[Block, ...]:
    """The blocks of a resource; JSON may write a single one as an object."""
    value = resource.get(name)
    return (Block(name, value),) if isinstance(value, Mapping) else resource.blocks(name)
