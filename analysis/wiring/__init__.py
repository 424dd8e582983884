"""Is each function of a synthesized stack fully wired to each store that it uses?"""

from __future__ import annotations

from analysis.wiring.gaps import Gap, wiring_gaps

__all__ = ["Gap", "wiring_gaps"]
