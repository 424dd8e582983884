"""SQS queues: the redrive policy as AWS writes it, the redrive allow policy, and a queue policy that stays.

moto 5.2.5 puts spaces into the redrive policy that it returns, does not know `RedriveAllowPolicy`, and deletes the
queue policy whenever another attribute is set.
"""

from __future__ import annotations

import json
from typing import Any

# moto is untyped: what comes from it is `Any` throughout this module.
from moto.sqs.models import Queue

from local.extensions.patching import MotoChangedError, add_attribute, wrap, wrap_property

_ALLOW = "RedriveAllowPolicy"


def install() -> None:
    """Extend moto."""
    if _ALLOW in Queue.BASE_ATTRIBUTES:
        raise MotoChangedError("moto.sqs.models.Queue.BASE_ATTRIBUTES", f"has {_ALLOW}", "does not have it")
    Queue.BASE_ATTRIBUTES.append(_ALLOW)
    add_attribute(Queue, "redrive_allow_policy", None)
    wrap_property(Queue, "attributes", _attributes)
    wrap(Queue, "_set_attributes", "self attributes now", _set)


def _attributes(by_moto: dict[str, Any], queue: Any) -> dict[str, Any]:
    if queue.redrive_policy:
        by_moto["RedrivePolicy"] = json.dumps(queue.redrive_policy, separators=(",", ":"))
    return by_moto


def _set(original: Any, queue: Any, attributes: dict[str, Any], *args: Any, **kwargs: Any) -> None:
    given = {**attributes, _ALLOW: attributes[_ALLOW] or None} if _ALLOW in attributes else attributes
    if "Policy" not in attributes:
        given = {**given, "Policy": getattr(queue, "policy", None)}
    original(queue, given, *args, **kwargs)
