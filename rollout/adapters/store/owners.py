"""Who holds the lock, as JSON and as a sentence."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from rollout.adapters.store.identity import host
from rollout.domain.errors import LockedError
from rollout.domain.ports import Owner


def this_process(run_id: str, by: str) -> Owner:
    """This process as the holder of the lock."""
    return Owner(run_id, by, host(), os.getpid(), datetime.now(UTC))


def owner_as_json(owner: Owner, **more: Any) -> bytes:
    """The holder as JSON, with further fields."""
    fields = {"run": owner.run, "by": owner.by, "host": owner.host, "pid": owner.pid, "since": owner.since.isoformat()}
    return json.dumps({**fields, **more}).encode()


def owner_from_json(fields: Mapping[str, Any]) -> Owner:
    """The holder of `owner_as_json`.

    Raises:
        ValueError, KeyError, TypeError: it is not one.
    """
    since = datetime.fromisoformat(fields["since"])
    return Owner(str(fields["run"]), str(fields["by"]), str(fields["host"]), int(fields["pid"]), since)


def held(place: str, owner: Owner | None) -> LockedError:
    """What is said of a lock that another rollout holds."""
    who = "another rollout" if owner is None else f"run {owner.run} by {owner.by}"
    since = "" if owner is None else f" on {owner.host}, process {owner.pid}, since {owner.since:%Y-%m-%d %H:%M:%S %Z}"
    return LockedError(
        f"{place}: {who} holds the lock{since}; one rollout of a store runs at a time; wait for its end, or pause it "
        "with `lambdanet rollout pause`"
    )
