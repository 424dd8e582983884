"""Can each function reach what it needs? Judged from a plan, before anything exists."""

from analysis.reach.model import Destination, Hop, Kind, Need, Origin, Pair, Reach, Verdict
from analysis.reach.needs import ANY_SERVICE, needs

__all__ = ["ANY_SERVICE", "Destination", "Hop", "Kind", "Need", "Origin", "Pair", "Reach", "Verdict", "needs"]
