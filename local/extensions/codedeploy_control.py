"""The way to the deployments' clock for the process that started the emulator."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

from local.deployments import FIRST_MINUTE_SECONDS
from local.extensions.codedeploy_deployments import CLOCK, waiting_hooks


def control(request: Any, _url: str, _headers: Any) -> tuple[int, dict[str, str], str]:
    """Set the clock, or let minutes pass, and answer the hooks that deployments wait for.

    A POST takes `minute_seconds` or `pass_minutes`; a DELETE sets the length of a minute back.
    """
    if request.method == "POST":
        values = json.loads(request.get_data())
        if "minute_seconds" in values:
            CLOCK.set_minute(values["minute_seconds"])
        CLOCK.pass_minutes(values.get("pass_minutes", 0.0))
    elif request.method == "DELETE":
        CLOCK.set_minute(FIRST_MINUTE_SECONDS)
    hooks = [asdict(hook) for hook in waiting_hooks()]
    return 200, {"Content-Type": "application/json"}, json.dumps(hooks)
