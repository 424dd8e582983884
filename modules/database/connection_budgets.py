"""Counts the connections that functions may open against what a database has for them.

    environments at once x connections of each  <=  pool of a proxy
    pools of all proxies + direct connections   <=  max_connections

Nothing here knows Terraform, so a configuration is judged before anything is synthesized. Every function is counted
at its worst: a proxy shares one connection among many functions only while these are neither in a transaction nor
pinned (RDS guide, RDS Proxy).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from modules.core.concurrency import Concurrency
from modules.core.errors import ConfigError, Problem
from modules.core.tokens import is_token
from modules.database.connection_demands import Demand, demand_of, listed, total
from modules.database.connections import instance_class_of, max_connections, pool_size

KEPT_CONNECTIONS = 5
"""Connections that direct users leave to others: PostgreSQL keeps 3 for superusers (superuser_reserved_connections,
PostgreSQL manual) and RDS 2 for rds_superuser (RDS guide); the same are left free in MySQL and MariaDB."""

CONNECTIONS_PER_VCPU = 250
"""More connections in use at once for each processor are refused. This bound is the module's own: `max_connections`
follows from memory alone, and a database with few processors stops answering long before it is reached."""

CANNOT_BE_JUDGED = "whether the connections of functions and proxies fit cannot be judged"
"""What a warning says of numbers that are not known."""

WHOLE = 100
"""Percent."""

Warn = Callable[[str, str, str], None]
"""Takes what was found, why it may hurt and what to do; `partial(modules.core.warnings.warn, scope)` is one."""


def ignore(given: str, allowed: str, fix: str) -> None:
    """Tell nobody."""


@dataclass(frozen=True)
class Capacity:
    """How many connections a database takes.

    Attributes:
        most: `max_connections`; None where it is not known.
        source: where the number comes from, in words, or what nothing is known of.
        vcpus: virtual processors; None where they are not known, or follow the load.
        field: where the number is told, when it is not known.
    """

    most: int | None
    source: str
    vcpus: int | None = None
    field: str = "max_connections"

    @property
    def words(self) -> str:
        """The number and its source, for sentences."""
        return f"{self.field} {'unknown' if self.most is None else self.most} ({self.source})"


def capacity_of(
    engine: str, *, instance_class: str = "", max_acu: float = 0, min_acu: float = 0, told: float | None = None
) -> Capacity:
    """How many connections a database takes: what it is told, else what AWS sets.

    Args:
        engine: as for `max_connections`, as are the next three.
        instance_class: such as `db.t4g.medium`.
        max_acu: most capacity units.
        min_acu: least capacity units.
        told: `max_connections` as the database reports it, when its configuration says so.
    """
    found = instance_class_of(instance_class)
    vcpus = found.vcpus if found and not max_acu else None
    if told is not None:
        return (
            Capacity(None, "a number that is known only later", vcpus)
            if is_token(told)
            else Capacity(int(told), "as configured", vcpus)
        )
    size = f"{max_acu:g} ACU" if max_acu else instance_class or "no class"
    source = f"{engine}, {'a class that is known only later' if is_token(size) else size}"
    most = max_connections(engine, instance_class=instance_class, max_acu=max_acu, min_acu=min_acu)
    is_formula = most is not None and not max_acu and engine != "aurora-mysql"
    return Capacity(most, f"{source}, at most, by its nominal memory" if is_formula else source, vcpus)


class Pool(Protocol):
    """A proxy's share of a database's connections."""

    where: str
    percent: float

    @property
    def size(self) -> int | None:
        """Connections it may open; None where that is not known."""
        ...

    @property
    def in_use(self) -> int:
        """Connections borrowed at once at worst."""
        ...


class DatabaseBudget:
    """The connections of one database: of functions that connect directly, and of proxies' pools.

    Attributes:
        where: the database's construct path.
        capacity: how many connections it takes.
    """

    def __init__(self, where: str, capacity: Capacity, *, warn: Warn = ignore) -> None:
        self.where, self.capacity = where, capacity
        self._warn, self._is_warned = warn, False
        self._direct: tuple[Demand, ...] = ()
        self._pools: tuple[Pool, ...] = ()

    def admit(self, concurrency: Concurrency, *, connections_per_environment: int) -> None:
        """Count in a function that connects directly.

        Raises:
            ConfigError: nothing bounds it, or the database has too few connections or processors.
        """
        most = concurrency.most
        demand = demand_of(concurrency, each=connections_per_environment, where=self.where)
        if self.capacity.most is None:
            self.warn_unknown()
        if most is None:
            raise ConfigError([self._unbounded(demand)]).within(self.where)
        if self.capacity.most is not None and demand.connections > self._room():
            raise ConfigError([self._too_many(demand)]).within(self.where)
        self.require_processors(demand, self.in_use + demand.connections, self.where)
        self._direct = (*self._direct, demand)

    def join(self, pool: Pool) -> None:
        """Count in a proxy's pool.

        Raises:
            ConfigError: pools and direct connections together exceed what the database has.
        """
        room = self.room_for(pool)
        if pool.size is not None and room is not None and pool.size > room:
            beside = (*(f"{other.where} has a pool of {other.size}" for other in self._pools), *self._direct_words())
            fitting = [
                percent
                for percent in range(1, int(pool.percent))
                if pool_size(self.capacity.most or 0, percent) <= room
            ]
            raise ConfigError.single(
                pool.where,
                f"max_connections_percent is {pool.percent}, which is {pool.size} connections",
                f"the database has {self.capacity.words}, and {', '.join(beside)}",
                f"set max_connections_percent to at most {fitting[-1]}" if fitting else "choose a larger database",
            )
        self._pools = (*self._pools, pool)

    @property
    def in_use(self) -> int:
        """Connections in use at once at worst."""
        return total(self._direct) + sum(pool.in_use for pool in self._pools)

    def room_for(self, pool: Pool) -> int | None:
        """Connections that a pool may have beside everything else; None where `max_connections` is not known."""
        if self.capacity.most is None:
            return None
        others = sum(other.size or 0 for other in self._pools if other is not pool)
        kept = KEPT_CONNECTIONS if self._direct else 0
        return self.capacity.most - kept - total(self._direct) - others

    def require_processors(self, demand: Demand, in_use: int, where: str, *, otherwise: str = "") -> None:
        """Refuse more connections in use at once than the processors serve.

        Args:
            demand: what is added.
            in_use: connections in use at worst with it.
            where: who refuses.
            otherwise: what else can be done.

        Raises:
            ConfigError: there are more than `CONNECTIONS_PER_VCPU` for each.
        """
        vcpus = self.capacity.vcpus
        if vcpus is None or in_use <= vcpus * CONNECTIONS_PER_VCPU:
            return
        served = vcpus * CONNECTIONS_PER_VCPU
        fix = demand.fix(served - in_use + demand.connections, "choose a class with more processors")
        raise ConfigError.single(
            where,
            f"{in_use} connections may be in use at once, {in_use // vcpus} for each of {vcpus} processors "
            f"({demand} among them)",
            f"{CONNECTIONS_PER_VCPU} for each are taken here, {served} in all, as {self.capacity.words} follows from "
            "memory and not from processors",
            f"{fix}{otherwise}",
        )

    def warn_unknown(self) -> None:
        """Say, once, that nothing can be judged."""
        if not self._is_warned:
            self._is_warned = True
            self._warn(
                f"{self.capacity.field} is not known ({self.capacity.source})",
                CANNOT_BE_JUDGED,
                f"set {self.capacity.field}; a database reports its number for SHOW VARIABLES LIKE 'max_connections', "
                "or in PostgreSQL SHOW max_connections",
            )

    def _room(self) -> int:
        """Connections that are left for one more direct function."""
        pools = sum(pool.size or 0 for pool in self._pools)
        return (self.capacity.most or 0) - KEPT_CONNECTIONS - total(self._direct) - pools

    def _direct_words(self) -> tuple[str, ...]:
        kept = f"{KEPT_CONNECTIONS} are kept for administrators"
        return (f"{listed(self._direct)} connect directly", kept) if self._direct else ()

    def _unbounded(self, demand: Demand) -> Problem:
        bound = f"set the reserved_concurrency of {demand.function}"
        fix = bound if self.capacity.most is None else demand.fix(self._room(), "")
        return Problem(
            "",
            f"{demand.function} connects directly, and only the account's quota bounds its environments",
            f"each opens {demand.each} of {self.capacity.words}",
            ", or ".join(part for part in (fix, "connect it through a DatabaseProxy") if part),
        )

    def _too_many(self, demand: Demand) -> Problem:
        demands = (*self._direct, demand)
        pools = "".join(f"; {pool.where} has a pool of {pool.size}" for pool in self._pools)
        fix = demand.fix(self._room(), "choose a larger database")
        return Problem(
            "",
            f"{total(demands)} direct connections may be open at once ({listed(demands)}){pools}",
            f"the database has {self.capacity.words}, of which {KEPT_CONNECTIONS} are kept for administrators",
            fix if self._pools else f"{fix}, or connect through a DatabaseProxy",
        )
