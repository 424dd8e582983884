"""Log groups: how long they keep, and the key that encrypts them."""

from __future__ import annotations

from typing import Any

from rollout.readback.check import Check, Clients, equal, only, pages
from rollout.readback.keys import key_arn


def log_group_checks(clients: Clients, name: str, *, retention_days: int, prefix: str) -> list[Check]:
    """A log group exists under exactly this name, keeps for so many days, and is encrypted with the stack's key."""
    logs: Any = clients("logs")  # Any: clients are made from models at run time
    listed = pages(logs, "describe_log_groups", "logGroups", logGroupNamePrefix=name)
    group = only((each for each in listed if each["logGroupName"] == name), f"log group {name}")
    return [
        equal(f"log group {name}: days kept", retention_days, group.get("retentionInDays")),
        equal(f"log group {name}: key", key_arn(clients, prefix), group.get("kmsKeyId")),
    ]
