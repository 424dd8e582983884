"""Price tables: what AWS asks in a region, as it was on a day.

    environments/prices/<region>.yaml

Prices are text in USD for each unit, so that they are exact. `lambdanet prices refresh` writes a region's table from
the AWS price list; the tables are checked in, so that costs are known without credentials. What a table does not hold
has no price known, and none is taken from another region.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from pathlib import Path
from typing import Annotated

from pydantic import Field

from analysis.cost.fields import Amount, Region, Usd
from analysis.cost.items import is_item, title_of, unit_of
from analysis.yaml_file import mapping_in
from modules.core.config import ConfigModel
from modules.core.errors import ConfigError, Problem
from modules.core.fields import Text

FOLDER = "prices"
"""Folder of the tables below the environments folder."""


class Confidence(StrEnum):
    """How sure a price is."""

    HIGH = "high"
    """Read in AWS's own price list or pricing page."""

    MEDIUM = "medium"
    """Quoted by someone else, or read in an older copy."""

    LOW = "low"
    """Not confirmed."""


_DOUBTS = {Confidence.MEDIUM: " (quoted by others)", Confidence.LOW: " (not confirmed)"}


class Tier(ConfigModel):
    """A price that holds from a quantity on.

    Raises:
        ConfigError: with every refused field.
    """

    start: Annotated[Decimal, Amount("units")] = Field(description="Quantity a month above which the price holds.")
    price: Usd = Field(description="Price of a unit, in USD.")


class Price(ConfigModel):
    """What a unit of an item costs.

    Raises:
        ConfigError: with every refused field.
    """

    unit: Text = Field(description="Unit that is billed.")
    price: Usd = Field(description="Price of a unit, in USD; of the first tier where there are several.")
    above: tuple[Tier, ...] = Field(default=(), description="Prices of larger quantities a month, in ascending order.")
    known_to: Annotated[Decimal, Amount("units")] | None = Field(
        default=None, description="Quantity a month above which no price is known."
    )
    source: Text = Field(description="Document that states the price.")
    dated: date = Field(description="Day that the document, or the price in it, is of.")
    confidence: Confidence = Field(description="high: AWS's own text; medium: quoted by others; low: not confirmed.")

    def cross_checks(self) -> Iterator[Problem]:
        """Tiers in ascending order."""
        starts = [Decimal(0), *(tier.start for tier in self.above)]
        if starts != sorted(set(starts)):
            yield Problem("", "above is not in ascending order", "each tier starts above the one before", "sort it")

    def amount(self, quantity: Decimal, start: Decimal = Decimal(0)) -> Decimal | None:
        """What a quantity costs that follows after `start` units of the same month; None where no price is known."""
        end = start + quantity
        if self.known_to is not None and end > self.known_to:
            return None
        total = Decimal(0)
        tiers = [(Decimal(0), self.price), *((tier.start, tier.price) for tier in self.above)]
        for index, (begins, price) in enumerate(tiers):
            ends = tiers[index + 1][0] if index + 1 < len(tiers) else end
            total += max(Decimal(0), min(end, ends) - max(start, begins)) * price
        return total

    @property
    def basis(self) -> str:
        """Document and day, such as `AWS price list 2026-09-19`, and what makes it less sure."""
        return f"{self.source} {self.dated.isoformat()}{_DOUBTS.get(self.confidence, '')}"


class RegionPrices(ConfigModel):
    """Prices of a region.

    Raises:
        ConfigError: with every refused field.
    """

    region: Region = Field(description="Region.")
    items: dict[str, Price] = Field(description="Price of each item.")

    def cross_checks(self) -> Iterator[Problem]:
        """Items that are known, each by its own unit."""
        for name, price in self.items.items():
            if not is_item(name):
                yield Problem(
                    "", f"items.{name} is no item", "nothing would read it", "remove it, or check its spelling"
                )
            elif price.unit != unit_of(name):
                allowed = f"{title_of(name)} is billed by {unit_of(name)}"
                yield Problem("", f'items.{name}.unit is "{price.unit}"', allowed, "state the price by this unit")

    def text(self) -> str:
        """The file: the same for the same prices."""
        lines = [
            "# Prices of a region in USD for each unit, without taxes; `lambdanet prices refresh` writes it anew.",
            "# confidence: high is AWS's own text, medium is quoted by others, low is not confirmed.",
            f"region: {self.region}",
            "items:",
        ]
        for name in sorted(self.items):
            price = self.items[name]
            lines += [f"  {name}:", f"    unit: {price.unit}", f'    price: "{price.price:f}"']
            if price.above:
                lines.append("    above:")
                lines += [f'      - {{start: {tier.start:f}, price: "{tier.price:f}"}}' for tier in price.above]
            if price.known_to is not None:
                lines.append(f"    known_to: {price.known_to:f}")
            lines.append(f"    source: {price.source}")
            lines += [f"    dated: {price.dated.isoformat()}", f"    confidence: {price.confidence}"]
        return "\n".join(lines) + "\n"

    def write(self, environments: Path) -> Path:
        """Write the file below an environments folder, and return its path."""
        path = environments / table_path(self.region)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(self.text(), encoding="utf-8")
        return path


@dataclass(frozen=True)
class Prices:
    """Price tables of several regions.

    Attributes:
        regions: table of each region.
    """

    regions: Mapping[str, RegionPrices] = field(default_factory=dict)

    def find(self, region: str, item: str) -> Price | None:
        """The price of an item in a region; None where none is known."""
        table = self.regions.get(region)
        return None if table is None else table.items.get(item)


def table_path(region: str) -> Path:
    """Where the table of a region stands, below the environments folder."""
    return Path(FOLDER, f"{region}.yaml")


def read_prices(environments: Path) -> Prices:
    """Every price table below an environments folder.

    Raises:
        ConfigError: with every refused field of every file, and every file that is not YAML or is in the wrong place.
    """
    found: dict[str, RegionPrices] = {}
    problems: list[Problem] = []
    for path in sorted((environments / FOLDER).glob("*.yaml")):
        shown = path.relative_to(environments).as_posix()
        try:
            table = RegionPrices.parse(mapping_in(path, shown, fix="write it anew"), where=shown)
        except ConfigError as error:
            problems.extend(error.problems)
            continue
        place = table_path(table.region).as_posix()
        if shown != place:
            given = f"it holds the prices of {table.region}"
            problems.append(Problem(shown, given, f"these stand in {place}", "move it, or write it anew"))
        found[table.region] = table
    if problems:
        raise ConfigError(problems)
    return Prices(found)
