"""What polls for a function, counted together: against its reserved concurrency, and for what must have room for it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from modules.core.errors import ConfigError, Problem


@dataclass(frozen=True)
class SourceBound:
    """How many invocations one event source of a function may make at once; all numbers are literals.

    Attributes:
        source: the event source's construct path, for sentences.
        reads: what it reads, as a construct path.
        maximum: invocations at once at most; None where nothing but the function bounds them.
        is_queue: whether it reads a queue: what it cannot invoke at once is received again, and dead in the end.
        takes_rest: whether the maximum is all of the function's reserved concurrency, as none was told.
    """

    source: str
    reads: str
    maximum: int | None
    is_queue: bool = False
    takes_rest: bool = False

    def __str__(self) -> str:
        """The source with its number."""
        return f"{self.source} {'without one' if self.maximum is None else self.maximum}"


class EventSources:
    """The event sources of one function.

    They may be added before or after something counts on their maximum, and are refused alike.

    Attributes:
        bounds: those so far, in the order of their paths.
    """

    def __init__(self, function: str, *, reserved: int | None) -> None:
        """Begin without any.

        Args:
            function: the function's construct path.
            reserved: its reserved concurrency; None without one.
        """
        self._function, self._reserved = function, reserved
        self._bounds: dict[str, SourceBound] = {}
        self._readers: dict[str, str] = {}
        self._others: tuple[str, ...] = ()
        self._told: int | None = None

    @property
    def bounds(self) -> tuple[SourceBound, ...]:
        """Those so far, in the order of their paths."""
        return tuple(self._bounds[path] for path in sorted(self._bounds))

    @property
    def maximum(self) -> int | None:
        """Invocations at once of all of them; None where one has no maximum."""
        maximums = [bound.maximum for bound in self.bounds]
        return None if None in maximums else sum(maximum for maximum in maximums if maximum is not None)

    def add(self, bound: SourceBound) -> None:
        """Count an event source in.

        Raises:
            ConfigError: the function reads that already, its queues together exceed its reserved concurrency, or
                something counts on less than its event sources have together.
        """
        self.read(bound.reads, by=bound.source)
        self._bounds[bound.source] = bound
        problems = (*self._queue_problems(), *self._told_problems())
        if problems:
            raise ConfigError(problems).within(bound.source)

    def read(self, reads: str, *, by: str) -> None:
        """Note an event source, which need not poll: Lambda keeps its mapping all the same.

        Args:
            reads: what it reads, as a construct path.
            by: the event source's construct path.

        Raises:
            ConfigError: the function reads that already.
        """
        reader = self._readers.setdefault(reads, by)
        if reader != by:
            raise ConfigError.single(
                by,
                f"{reads} is read for {self._function} by {reader} already",
                "Lambda keeps one event source mapping for a source and a function (CreateEventSourceMapping)",
                "remove one of them",
            )

    def expect(self, told: int | None) -> None:
        """Hold the function to being invoked by its event sources alone, and to at most so many at once.

        Args:
            told: the number that somebody counts on; None for none.

        Raises:
            ConfigError: its event sources may invoke more at once, or something else invokes it too.
        """
        if told is None:
            return
        self._told = told if self._told is None else min(told, self._told)
        problems = tuple(self._told_problems())
        if problems:
            raise ConfigError(problems).within(self._function)

    def invoked_by(self, other: str) -> None:
        """Note that something else invokes the function.

        Args:
            other: what it is, such as `the statement "topic"`.

        Raises:
            ConfigError: somebody counts on its event sources alone.
        """
        self._others = (*self._others, *(() if other in self._others else (other,)))
        self.expect(self._told)

    def _queue_problems(self) -> Iterator[Problem]:
        queues = [bound for bound in self.bounds if bound.is_queue]
        if self._reserved is None or any(bound.maximum is None for bound in queues):
            return
        shared = [bound for bound in queues if bound.takes_rest]
        if shared and len(queues) > 1:
            yield Problem(
                "",
                f"{len(queues)} queues are read for {self._function}, and "
                f"{' and '.join(bound.source for bound in shared)} {'has' if len(shared) == 1 else 'have'} no "
                "maximum_concurrency",
                f"only a queue that is alone may take all of its reserved_concurrency, {self._reserved}",
                "set maximum_concurrency of each",
            )
            return
        total = sum(bound.maximum or 0 for bound in queues)
        if total > self._reserved:
            yield Problem(
                "",
                f"the queues of {self._function} may invoke it {total} times at once ({', '.join(map(str, queues))}) "
                f"and its reserved_concurrency is {self._reserved}",
                "messages beyond it would be received, throttled, and become dead letters although nothing is wrong "
                "with them (Lambda guide, maximum concurrency)",
                f"set maximum_concurrency of each to {self._reserved} in all, or reserved_concurrency to at least "
                f"{total}",
            )

    def _told_problems(self) -> Iterator[Problem]:
        if self._told is None:
            return
        given = f"event_source_maximum of {self._function} is {self._told}"
        if self._others:
            yield Problem(
                "",
                f"{given}, and {' and '.join(self._others)} invokes it too",
                "the number holds only for a function that nothing but its event sources invokes",
                "remove event_source_maximum where the function connects, and set its reserved_concurrency",
            )
        total = self.maximum
        if total is None or total > self._told:
            sources = ", ".join(map(str, self.bounds))
            yield Problem(
                "",
                f"{given}, and its event sources may invoke it {'without bound' if total is None else f'{total} times'}"
                f"{' at once' if total is not None else ''} ({sources})",
                "what it connects to would have too little room for it",
                "set the maximum of each source, or event_source_maximum to their sum",
            )
