"""Can each function reach what it needs? Judged from a plan, before anything exists."""

from analysis.reach.model import Destination, Hop, Kind, Need, Origin, Pair, Reach, Verdict

__all__ = ["Destination", "Hop", "Kind", "Need", "Origin", "Pair", "Reach", "Verdict"]
