"""What works until something else fails or grows."""

from __future__ import annotations

from analysis.finding import Finding
from analysis.network.network import Network


def weak_spots(network: Network) -> tuple[Finding, ...]:
    """The weak spots of a plan's networks."""
    del network
    return ()
