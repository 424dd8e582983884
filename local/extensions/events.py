"""EventBridge buses: changes of a bus, and policies that are replaced as a whole.

moto 5.2.5 does not know `UpdateEventBus`, and keeps the statements of a bus's policy that a new policy no longer has.
"""

from __future__ import annotations

import json
from typing import Any

# moto is untyped: what comes from it is `Any` throughout this module.
from moto.core.utils import unix_time
from moto.events.models import EventBus
from moto.events.responses import EventsHandler

from local.extensions.patching import add_action, wrap


def install() -> None:
    """Extend moto."""
    add_action(EventsHandler, update_event_bus)
    wrap(EventBus, "add_policy", "self policy", _replace_policy)


def update_event_bus(response: Any) -> tuple[str, dict[str, Any]]:
    """Set description, key and dead letters of a bus; what is not given is taken away."""
    name, description, key, dead_letters = (
        response._get_param(each)  # noqa: SLF001  # moto gives parameters no public name
        for each in ("Name", "Description", "KmsKeyIdentifier", "DeadLetterConfig")
    )
    bus = response.events_backend.describe_event_bus(name or "default")
    bus.description, bus.kms_key_identifier, bus.dead_letter_config = description, key, dead_letters
    bus.last_modified_time = unix_time()
    given = {"KmsKeyIdentifier": key, "Description": description, "DeadLetterConfig": dead_letters}
    answer = {"Arn": bus.arn, "Name": bus.name, **{field: value for field, value in given.items() if value}}
    return json.dumps(answer), response.response_headers


def _replace_policy(original: Any, bus: Any, policy: dict[str, Any]) -> Any:
    bus.remove_statements()
    return original(bus, policy)
