"""Counts what functions borrow from a proxy's pool. Nothing here knows Terraform."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from modules.core.concurrency import Concurrency
from modules.core.errors import ConfigError, Problem
from modules.core.tokens import is_token
from modules.database.connection_budgets import (
    CANNOT_BE_JUDGED,
    CONNECTIONS_PER_VCPU,
    WHOLE,
    Capacity,
    DatabaseBudget,
    Warn,
    ignore,
)
from modules.database.connection_demands import Demand, demand_of, listed, total
from modules.database.connections import percent_for, pool_size


class PoolBudget:
    """The pool of one proxy, which every function behind it borrows from.

    Attributes:
        where: the proxy's construct path.
        percent: `max_connections_percent`; a token where it is known only later.
    """

    def __init__(
        self,
        where: str,
        *,
        database: DatabaseBudget,
        percent: float,
        oversubscription_reason: str = "",
        warn: Warn = ignore,
        oversubscribed: Callable[[], None] = lambda: None,
    ) -> None:
        """Take a share of the database's connections.

        Args:
            where: the proxy's construct path.
            database: what the pool is a share of.
            percent: `max_connections_percent`.
            oversubscription_reason: why functions may want more connections than there are, and wait for them.
            warn: told of what is allowed and may still hurt.
            oversubscribed: called when functions may want more connections than there are.

        Raises:
            ConfigError: other pools and direct connections leave too few.
        """
        self.where, self.percent = where, percent
        self._database, self._reason, self._warn = database, oversubscription_reason, warn
        self._oversubscribed = oversubscribed
        self._demands: tuple[Demand, ...] = ()
        if is_token(percent):
            warn("max_connections_percent is known only later", CANNOT_BE_JUDGED, "write the number itself")
        database.join(self)

    @property
    def size(self) -> int | None:
        """Connections that the pool may open; None where that is not known."""
        most = self._database.capacity.most
        return None if most is None or is_token(self.percent) else pool_size(most, int(self.percent))

    @property
    def in_use(self) -> int:
        """Connections borrowed at once at worst."""
        return self._borrowed(total(self._demands))

    def admit(self, concurrency: Concurrency, *, connections_per_environment: int) -> None:
        """Count in a function that connects through the proxy.

        Raises:
            ConfigError: more connections may be borrowed at once than the pool holds, or the processors serve.
        """
        most, size = concurrency.most, self.size
        demand = demand_of(concurrency, each=connections_per_environment, where=self.where)
        if self._database.capacity.most is None:
            self._database.warn_unknown()
        if most is None:
            self._oversubscribed()
            self._warn_unbounded(demand)
            return
        wanted = total(self._demands) + demand.connections
        if size is not None and wanted > size:
            self._refuse(demand, wanted, size)
        in_use = self._database.in_use - self.in_use + self._borrowed(wanted)
        self._database.require_processors(demand, in_use, self.where, otherwise=self._smaller_pool())
        self._demands = (*self._demands, demand)

    def _borrowed(self, wanted: int) -> int:
        return wanted if self.size is None else min(wanted, self.size)

    @property
    def _words(self) -> str:
        return f"the pool holds {self.size} ({self.percent} percent of {self._database.capacity.words})"

    def _warn_unbounded(self, demand: Demand) -> None:
        size = self.size
        self._warn(
            f"only the account's quota bounds the environments of {demand.function}",
            "what exceeds the pool waits for connection_borrow_timeout_seconds and then fails"
            + ("" if size is None else f"; {self._words}"),
            f"set the reserved_concurrency of {demand.function}"
            if size is None
            else demand.fix(size - total(self._demands), "enlarge the pool"),
        )

    def _refuse(self, demand: Demand, wanted: int, size: int) -> None:
        """Refuse, or with a reason tell, that functions may want more than the pool holds."""
        given = f"{wanted} connections may be borrowed at once ({listed((*self._demands, demand))})"
        if self._reason:
            self._oversubscribed()
            self._warn(given, self._words, f"the rest waits, for a reason: {self._reason}")
            return
        percent = percent_for(self._database.capacity.most or 1, pool=wanted)
        fits = percent <= WHOLE and wanted <= (self._database.room_for(self) or 0)
        fewer = demand.fix(size - total(self._demands), "choose a larger database")
        fix = f"set max_connections_percent to at least {percent}" if fits else fewer
        raise ConfigError.single(self.where, given, self._words, fix)

    def _smaller_pool(self) -> str:
        most, vcpus = self._database.capacity.most, self._database.capacity.vcpus
        if not most or not vcpus:
            return ""
        percent = max(vcpus * CONNECTIONS_PER_VCPU * WHOLE // most, 1)
        return f", or let the rest wait: max_connections_percent {percent} or less, with an oversubscription_reason"


def pool_problems(
    capacity: Capacity, percent: float, functions: Iterable[Concurrency], *, oversubscription_reason: str = ""
) -> Iterator[Problem]:
    """What a `DatabaseProxy` would refuse of the functions behind it, for a stack's `cross_checks`.

    Args:
        capacity: of the database, by `capacity_of`.
        percent: the proxy's `max_connections_percent`.
        functions: each opens one connection in each environment; `function` is its place in the configuration.
        oversubscription_reason: the proxy's.
    """
    database = DatabaseBudget("", capacity)
    pool = PoolBudget("", database=database, percent=percent, oversubscription_reason=oversubscription_reason)
    for concurrency in functions:
        try:
            pool.admit(concurrency, connections_per_environment=1)
        except ConfigError as error:
            yield from error.problems
