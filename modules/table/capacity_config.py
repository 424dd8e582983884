"""Configuration of a table's capacity: paid by request, or provisioned and scaled."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import Field

from modules.core import limits
from modules.core.config import ConfigModel
from modules.core.errors import Problem
from modules.core.fields import Within
from modules.core.kinds import ByKind

_Units = Annotated[int, Within(limits.DYNAMODB_CAPACITY_UNITS, literal=True)]
_RequestUnits = Annotated[int, Within(limits.DYNAMODB_REQUEST_UNITS)]


class OnDemandConfig(ConfigModel):
    """Paid by request; nothing to scale.

    Raises:
        ConfigError: with every refused field.
    """

    kind: Literal["on_demand"] = Field(default="on_demand", description="Paid by request.")
    max_read_request_units: _RequestUnits | None = Field(
        default=None, description="Most read request units a second, of the table and of each index; null for no bound."
    )
    max_write_request_units: _RequestUnits | None = Field(
        default=None, description="Most write request units a second; null for no bound."
    )


class ScaledUnitsConfig(ConfigModel):
    """Capacity units that Application Auto Scaling moves between two bounds.

    Raises:
        ConfigError: with every refused field.
    """

    minimum_units: _Units = Field(description="Fewest units, which the table starts with. 1 to 40000.")
    maximum_units: _Units = Field(description="Most units; the same as the fewest means that nothing scales.")
    target_utilization_percent: Annotated[int, Within(limits.DYNAMODB_TARGET_UTILIZATION_PERCENT)] = Field(
        default=70, description="Share of the units that is used at most before there are more. 20 to 90."
    )

    def cross_checks(self) -> Iterator[Problem]:
        """Bounds in order."""
        if self.minimum_units > self.maximum_units:
            yield Problem(
                "",
                f"minimum_units is {self.minimum_units} and maximum_units is {self.maximum_units}",
                "the fewest units are not more than the most",
                "swap them",
            )

    @property
    def scales(self) -> bool:
        """Whether there is anything between the bounds."""
        return self.minimum_units < self.maximum_units


class ProvisionedConfig(ConfigModel):
    """Paid by capacity units, used or not.

    Raises:
        ConfigError: with every refused field.
    """

    kind: Literal["provisioned"] = Field(description="Paid by capacity units.")
    read: ScaledUnitsConfig = Field(description="Read capacity units.")
    write: ScaledUnitsConfig = Field(description="Write capacity units.")


Capacity = Annotated[OnDemandConfig | ProvisionedConfig, ByKind(default="on_demand")]
"""How a table's throughput is paid for; plain data without `kind` is on_demand."""
