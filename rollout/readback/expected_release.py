"""What the configuration says about the release of a function, as plain values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

_ROUTING = {"canary": ("TimeBasedCanary", "timeBasedCanary"), "linear": ("TimeBasedLinear", "timeBasedLinear")}


@dataclass(frozen=True)
class ReleaseExpected:
    """Settings of the release; fields read as in its configuration.

    Attributes:
        traffic: how traffic is moved, as CodeDeploy describes it in `trafficRoutingConfig`.
        existing_alarms: alarms of other stacks that stop a shift, too.
        ignore_alarm_polling_failure: whether a shift goes on while alarms cannot be read.
        rollback_on: ends of a shift after which CodeDeploy goes back.
        notify_on: what the topic is told.
    """

    traffic: Mapping[str, Any]
    existing_alarms: tuple[str, ...]
    ignore_alarm_polling_failure: bool
    rollback_on: tuple[str, ...]
    notify_on: tuple[str, ...]

    @classmethod
    def from_config(cls, config: Mapping[str, Any]) -> ReleaseExpected | None:
        """Take the values out of a stack's checked configuration, dumped; None where CodeDeploy moves no alias."""
        if (config["function"]["alias"] or {}).get("shift") != "codedeploy":
            return None
        release = config["release"]
        own = {name: release[name] for name in cls.__dataclass_fields__ if name != "traffic"}
        return cls(**own, traffic=_routing(release["traffic"]))


def _routing(traffic: Mapping[str, Any]) -> dict[str, Any]:
    """A `TrafficConfig`, dumped, as CodeDeploy describes it (codedeploy API model, TrafficRoutingConfig)."""
    kind = traffic["kind"]
    if kind == "all_at_once":
        return {"type": "AllAtOnce"}
    name, field = _ROUTING[kind]
    shares = {f"{kind}Percentage": traffic["percent"], f"{kind}Interval": traffic["interval_minutes"]}
    return {"type": name, field: shares}
