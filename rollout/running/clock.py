"""The machine's time."""

from __future__ import annotations

from datetime import UTC, datetime
from threading import Event


class SystemClock:
    """The machine's."""

    def now(self) -> datetime:
        """Now, in UTC."""
        return datetime.now(UTC)

    def wait(self, flag: Event, seconds: float) -> None:
        """Wait until the flag is set, but not longer than so many seconds."""
        flag.wait(max(0.0, seconds))
