"""Configuration of a network's alarms."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from modules.core import limits
from modules.core.fields import Within
from modules.observability import AlarmsConfig, AnomalyConfig


class NetworkAlarmsConfig(AlarmsConfig):
    """Alarms of the way out and of interface endpoints.

    Raises:
        ConfigError: with every refused field.
    """

    endpoint_packets_dropped_per_minute: Annotated[
        int, Within(limits.Range(0, 1_000_000_000, "packets a minute", "the endpoint alarm", "our bound"))
    ] = Field(
        default=100,
        description="Packets a minute that an interface endpoint may drop; AWS leaves it to the use.",
    )
    nat_bytes_anomaly: AnomalyConfig | None = Field(
        default=None,
        description="An alarm on unusually many bytes that go out by a NAT gateway, which are paid for; null for none.",
    )
