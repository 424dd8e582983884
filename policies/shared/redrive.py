"""Where a queue's messages go that nobody could work on."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from analysis.iam.templates import parsed
from analysis.plan import UNKNOWN, Links, Plan, Resource
from analysis.plan.values import EMPTY
from policies.shared.per_plan import per_plan

_POLICY = "redrive_policy"
_ON_ITS_OWN = "aws_sqs_queue_redrive_policy"
_QUEUE = "aws_sqs_queue"


@dataclass(frozen=True)
class Redrive:
    """A redrive policy.

    Attributes:
        holder: resource that holds it.
        target: where messages go; nothing where it names no queue.
        receives: `maxReceiveCount`; None where it is not known.
        unknown: what is not known of the policy as a whole; empty where it can be read.
    """

    holder: Resource
    target: Links = field(default_factory=Links)
    receives: int | None = None
    unknown: str = ""


def redrive_of(plan: Plan, resource: Resource) -> Redrive | None:
    """The redrive policy of a queue or a subscription; None where it has none."""
    own = _read(plan, resource)
    if own is not None:
        return own
    found = _others(plan)
    for entry in found.get(resource, ()):
        read = _read(plan, entry)
        if read is not None:
            return read
    if resource.type == _QUEUE and None in found:
        entry = found[None][0]
        return Redrive(entry, unknown=f"which queue {entry} belongs to")
    return None


def _read(plan: Plan, resource: Resource) -> Redrive | None:
    value = resource.get(_POLICY)
    if value is UNKNOWN and not plan.is_configured(resource, _POLICY):
        return None
    if value is not UNKNOWN and (value in EMPTY or value == "{}"):
        return None
    texts = [value] if isinstance(value, str) else plan.texts(resource, _POLICY)
    for text in texts:
        body = _body(text, is_template=value is UNKNOWN)
        if isinstance(body, Mapping) and isinstance(body.get("deadLetterTargetArn"), str):
            target = plan.text_links(resource, body["deadLetterTargetArn"], _QUEUE)
            return Redrive(resource, target, _count(body.get("maxReceiveCount")))
    links = plan.links(resource, _POLICY, _QUEUE)
    if links.only is not None:  # written in HCL: what it names is told, what else it holds is not
        return Redrive(resource, links)
    return Redrive(resource, unknown=f"{_POLICY} of {resource} is known only after apply")


def _body(text: str, *, is_template: bool) -> Any:
    if is_template:
        return parsed(text)
    try:
        return json.loads(text)
    except ValueError:
        return None


def _count(value: Any) -> int | None:
    return int(value) if isinstance(value, int) or (isinstance(value, str) and value.isdecimal()) else None


@per_plan
def _others(plan: Plan) -> Mapping[Resource | None, tuple[Resource, ...]]:
    """Redrive policies that are resources of their own, by their queue; by None where it is not known."""
    found = dict[Resource | None, list[Resource]]()
    for entry, owner in _owners(plan):
        found.setdefault(owner, []).append(entry)
    return {owner: tuple(entries) for owner, entries in found.items()}


def _owners(plan: Plan) -> Iterator[tuple[Resource, Resource | None]]:
    for entry in plan.of(_ON_ITS_OWN):
        links = plan.links(entry, "queue_url", _QUEUE)
        if links.only is not None or links.unresolved or len(links.resources) > 1:
            yield entry, links.only
