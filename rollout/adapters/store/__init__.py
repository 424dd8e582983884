"""Where runs are kept: their definition, journal, and encrypted plans."""

from rollout.adapters.store.identity import identity
from rollout.adapters.store.opening import open_store

__all__ = ["identity", "open_store"]
