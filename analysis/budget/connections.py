"""Connections of databases: what functions may open at once against what a proxy's pool and the database hold.

Every environment of a function is counted with one connection. A proxy shares one among several only while they are
neither in a transaction nor pinned (RDS guide, RDS Proxy), so that each is counted with its own.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from analysis.budget.callers import Callers, callers
from analysis.budget.capacities import capacity
from analysis.budget.claims import Claim, Scope
from analysis.budget.concurrency import Side
from analysis.budget.environments import Environments
from analysis.budget.functions import FUNCTION
from analysis.budget.model import Limit
from analysis.budget.states import After
from analysis.budget.targets import DATABASES, PROXY, Targets
from analysis.budget.view import number_at
from analysis.finding import Finding, Level
from analysis.plan import UNKNOWN, Resource
from modules.core.limits import PROXY_CONNECTIONS_PERCENT
from modules.database.connection_budgets import KEPT_CONNECTIONS, Capacity
from modules.database.connections import pool_size

POOL, DATABASE = "proxy-connections", "database-connections"
UNBOUNDED = "which only the account's quota bounds"
"""How what is not known of a function's connections ends, where nothing bounds how often it runs at once."""
_PERCENT = "connection_pool_config.max_connections_percent"


@dataclass
class Connections:
    """Connections of all plans.

    Attributes:
        sides: the plans, after and before.
        limits: connections of pools and databases, by rule and key of the scope; filled by `claims`.
        findings: functions without a bound; filled by `claims`.
        told: what `findings` say is not known.
    """

    sides: Sequence[tuple[Side, Side]]
    limits: dict[tuple[str, str], Limit] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    told: set[str] = field(default_factory=set)

    def claims(self) -> Iterator[Claim]:
        """What functions and pools may open."""
        for after, before in self.sides:
            if isinstance(after.state, After):
                yield from _Plan(self, after.state, after, before).claims()


class _Plan:
    """Connections of one plan."""

    def __init__(self, all_plans: Connections, state: After, after: Side, before: Side) -> None:
        self._all, self._state, self._targets = all_plans, state, Targets(state)
        self._after, self._before = Environments(after), Environments(before)
        self._was = {entry.address: entry for entry in before.state.of(FUNCTION)}
        self._callers = callers(state, self._targets)
        self._existed = {state.view.address(entry) for entry in before.state.of(PROXY, *DATABASES)}

    def claims(self) -> Iterator[Claim]:
        found = self._callers
        pools: dict[Resource, list[tuple[Resource, int, int]]] = {}
        for proxy, functions in found.proxied.items():
            yield from self._pool(proxy, functions, pools)
        for database in self._state.of(*DATABASES):
            if database in found.direct or database in pools:
                yield from self._database(database, found, pools.get(database, []))

    def _pool(
        self, proxy: Resource, functions: list[Resource], pools: dict[Resource, list[tuple[Resource, int, int]]]
    ) -> Iterator[Claim]:
        limit = self._pool_limit(proxy)
        scope = self._scope(POOL, proxy, limit)
        claims = [self._of(POOL, scope, function, Level.WARNING, limit) for function in functions]
        yield from claims
        is_open = any(claim.unknown for claim in claims)
        wanted = sum(int(claim.after) for claim in claims)
        was = sum(int(claim.before) for claim in claims) if scope.address in self._existed else 0
        size = wanted if limit.value is None else limit.value
        opened = size if is_open else min(wanted, size)
        for database in self._targets.behind(proxy)[0]:
            pools.setdefault(database, []).append((proxy, min(was, size), opened))

    def _pool_limit(self, proxy: Resource) -> Limit:
        databases, unknown = self._targets.behind(proxy)
        group = self._targets.group_of(proxy)
        most = PROXY_CONNECTIONS_PERCENT.maximum
        percent = most if group is None else self._percent(group, most)
        if group is None and self._targets.stray_groups:
            return Limit(None, f"db_proxy_name of {self._state.view.address(self._targets.stray_groups[0])}")
        if unknown or len(databases) != 1:
            return Limit(None, unknown or f"the database behind {self._state.view.address(proxy)}")
        if percent is None:
            return Limit(None, f"max_connections_percent of {self._state.view.address(group or proxy)}")
        found = capacity(self._state, self._targets, databases[0])
        if found.most is None:
            return Limit(None, found.source)
        return Limit(pool_size(found.most, percent), f"{percent} percent of {found.words}")

    def _percent(self, group: Resource, most: int) -> int | None:
        """The share that a target group sets; AWS's own where it sets none."""
        is_set = self._state.view.plan.is_configured(group, _PERCENT)
        return most if group.get(_PERCENT) is UNKNOWN and not is_set else number_at(group, _PERCENT, most)

    def _database(self, database: Resource, found: Callers, pools: list[tuple[Resource, int, int]]) -> Iterator[Claim]:
        held, direct = capacity(self._state, self._targets, database), found.direct.get(database, [])
        limit = _limit(held, is_direct=bool(direct), pools=len(pools))
        scope = self._scope(DATABASE, database, limit)
        self._all.findings.extend(self._beside(database, direct))
        for function in direct:
            yield self._of(DATABASE, scope, function, Level.ERROR, limit)
        for proxy, before, after in pools:
            yield Claim(DATABASE, scope, self._state.view.address(proxy), before, after, note="its pool")

    def _scope(self, rule: str, resource: Resource, limit: Limit) -> Scope:
        address = self._state.view.address(resource)
        scope = Scope(f"connections of {address}", address, self._state.view.place(resource), address)
        self._all.limits[rule, scope.key] = limit
        return scope

    def _of(self, rule: str, scope: Scope, function: Resource, level: Level, limit: Limit) -> Claim:
        address, bound = self._state.view.address(function), self._after.most(function)
        was = self._was.get(function.address)
        before = (self._before.most(was).most or 0) if was is not None and scope.address in self._existed else 0
        unknown = bound.unknown
        if not unknown and not bound.is_kept:
            level = level if bound.most is None else Level.WARNING
            verb = "may connect" if function in self._callers.allowed else "connects"
            self._all.findings.append(_unbounded(rule, level, (address, verb, scope.label), limit, bound.most))
        if not unknown and bound.most is None:
            unknown = f"the concurrency of {address}, {UNBOUNDED}"
            self._all.told.add(unknown)
        return Claim(rule, scope, address, before, bound.most or 0, unknown)

    def _beside(self, database: Resource, functions: list[Resource]) -> Iterator[Finding]:
        """Functions that connect directly to what a proxy stands in front of."""
        proxies = [proxy for proxy in self._state.of(PROXY) if database in self._targets.behind(proxy)[0]]
        for function in functions:
            if proxies and not self._after.is_rotation(function):
                yield _beside(*map(self._state.view.address, (function, database, proxies[0])))


def _limit(held: Capacity, *, is_direct: bool, pools: int) -> Limit:
    if held.most is None:
        return Limit(None, held.source)
    kept = KEPT_CONNECTIONS if is_direct else 0
    source = f"{held.words}{f', of which {kept} are kept for administrators' if kept else ''}"
    is_shared = is_direct or pools > 1  # one pool alone keeps within its own percentage
    return Limit(held.most - kept, source, warns=is_shared)


def _unbounded(rule: str, level: Level, who: tuple[str, str, str], limit: Limit, sources: int | None) -> Finding:
    function, verb, target = who
    how, then = (
        ("through its pool", "waits and then fails")
        if rule == POOL
        else ("directly", "is refused, for everybody else too")
    )
    bound = (
        "only the account's quota bounds how often it runs at once"
        if sources is None
        else f"its event sources ask for {sources} at once, but nothing bounds others that invoke it"
    )
    most = "a number of connections that is not known" if limit.value is None else f"{limit} connections"
    return Finding(
        rule,
        level,
        target,
        f"a bound on the connections of {function}",
        f"{function} {verb} to {target} {how} and {bound}, while {target} holds {most}, so that what exceeds them "
        f"{then}",
        f"set reserved_concurrent_executions of {function}" + (f" to at most {limit.value}" if limit.value else ""),
    )


def _beside(function: str, database: str, proxy: str) -> Finding:
    return Finding(
        "connections-beside-proxy",
        Level.WARNING,
        function,
        proxy,
        f"{function} connects to {database} directly although {proxy} stands in front of it, so that its connections "
        "are not pooled and take from what the pool may open",
        f"give the function the endpoint of {proxy}",
    )
