"""SQS queues: redrive policies, a queue policy that stays, and one kind of encryption at a time.

moto 5.2.5 puts spaces into the redrive policy that it returns, does not know `RedriveAllowPolicy`, deletes the queue
policy whenever another attribute is set, and says of a queue with a KMS key that SQS's own key encrypts it too.
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
    if queue.kms_master_key_id:
        by_moto["SqsManagedSseEnabled"] = "false"
    return by_moto


def _set(original: Any, queue: Any, attributes: dict[str, Any], *args: Any, **kwargs: Any) -> None:
    given = dict(attributes)
    if _ALLOW in given:
        given[_ALLOW] = given[_ALLOW] or None
    if "Policy" not in given:
        given["Policy"] = queue.policy
    original(queue, given, *args, **kwargs)
