"""From seconds to ratios: those of processes that ran one after the other hold elsewhere too; seconds do not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median


@dataclass(frozen=True)
class Ratio:
    """How many times as long one variant takes as another.

    Attributes:
        median: median of the pairs' ratios.
        lowest: lowest of them.
        highest: highest of them.
        pairs: how many there are.
    """

    median: float
    lowest: float
    highest: float
    pairs: int

    def rounded(self) -> dict[str, float | int]:
        """For a report: two digits after the point."""
        digits = 2
        return {
            "median": round(self.median, digits),
            "lowest": round(self.lowest, digits),
            "highest": round(self.highest, digits),
            "pairs": self.pairs,
        }


def paired_ratio(seconds: Sequence[float], base: Sequence[float]) -> Ratio:
    """Ratio of two variants that were measured in pairs.

    Each pair is divided first, so that a busy minute, which slows both, does not count.

    Args:
        seconds: of the variant, one per pair.
        base: of what it is compared with, in the same order.

    Raises:
        ValueError: there is no pair, a member is missing, or a time is not positive.
    """
    if not seconds or len(seconds) != len(base):
        raise ValueError(f"{len(seconds)} times cannot be paired with {len(base)}")
    if min(*seconds, *base) <= 0:
        raise ValueError("a process takes more than 0 seconds")
    ratios = [one / other for one, other in zip(seconds, base, strict=True)]
    return Ratio(median(ratios), min(ratios), max(ratios), len(ratios))


def rounds(names: Sequence[str], pairs: int) -> list[list[str]]:
    """Order of the processes: every other round is reversed, so that none always runs after the same one."""
    return [list(names) if number % 2 == 0 else list(reversed(names)) for number in range(pairs)]
