"""Reserved and provisioned concurrency of accounts and functions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from analysis.budget.callables import Callables, Named, is_reservation_unknown, reserved_of
from analysis.budget.claims import Claim, Scope, region_scope
from analysis.budget.functions import FUNCTION
from analysis.budget.model import Limit
from analysis.budget.places import Place
from analysis.budget.provisions import Provision, most_of, provisions
from analysis.budget.states import After, Before, State
from analysis.budget.view import number_at
from analysis.concurrency import AccountLedger, FunctionConcurrency
from analysis.concurrency.ledger import OUTSIDE
from analysis.plan import Resource
from analysis.quotas import Snapshots
from modules.core.limits import LAMBDA_UNRESERVED_CONCURRENCY as FLOOR

PER_REGION, BY_SOURCES, PROVISIONED = "concurrency-per-region", "event-source-concurrency", "provisioned-concurrency"
_MAXIMUM = "scaling_config.maximum_concurrency"


@dataclass
class Side:
    """Functions of a plan, after or before it, with what is provisioned for them.

    Attributes:
        state: the plan.
        callables: functions by what names them.
        provisions: all that provisions.
        by_function: what provisions for each function of the plan.
    """

    state: State
    callables: Callables
    provisions: tuple[Provision, ...]
    by_function: dict[Resource, list[Provision]] = field(default_factory=dict)


def side(state: State) -> Side:
    """Read a plan, after or before it."""
    callables = Callables(state)
    found = Side(state, callables, tuple(provisions(state, callables)))
    for entry in found.provisions:
        if entry.named.function is not None:
            found.by_function.setdefault(entry.named.function, []).append(entry)
    return found


@dataclass
class Concurrency:
    """Reserved and provisioned concurrency of plans.

    Attributes:
        sides: the plans, after and before.
        snapshots: quotas of accounts.
        limits: what follows from each scope, by rule and key of the scope; filled by `claims`.
    """

    sides: Sequence[tuple[Side, Side]]
    snapshots: Snapshots
    limits: dict[tuple[str, str], Limit] = field(default_factory=dict)

    def claims(self) -> Iterator[Claim]:
        """What functions, event sources and provisioned concurrency use."""
        places: dict[str, tuple[Place, list[FunctionConcurrency]]] = {}
        for pair in self.sides:
            for entry in pair:
                for place, claimed, claim in self._claimed(entry):
                    yield claim
                    if isinstance(entry.state, After):
                        places.setdefault(region_scope(place).key, (place, []))[1].append(claimed)
                yield from self._of_sources(entry)
                yield from self._of_provisions(entry)
        for place, functions in places.values():
            yield from self._account(place, functions)

    def _claimed(self, entry: Side) -> Iterator[tuple[Place, FunctionConcurrency, Claim]]:
        view = entry.state.view
        for function in entry.state.of(FUNCTION):
            provided = entry.by_function.get(function, [])
            unknown = next((item.unknown for item in provided if item.unknown), "")
            if is_reservation_unknown(function):
                unknown = f"reserved_concurrent_executions of {view.address(function)}"
            yield self._claim(entry, function, reserved_of(function), most_of(provided), unknown)
        outside: dict[str, list[Provision]] = {}
        for item in entry.provisions:
            if item.named.function is None:
                outside.setdefault(item.named.name or f"?{item.resource.address}", []).append(item)
        for items in outside.values():
            unknown = next((item.unknown for item in items if item.unknown), "")
            yield self._claim(entry, items[0].resource, None, most_of(items), unknown)

    def _claim(
        self, entry: Side, resource: Resource, reserved: int | None, provisioned: int, unknown: str
    ) -> tuple[Place, FunctionConcurrency, Claim]:
        view, after = entry.state.view, isinstance(entry.state, After)
        place, address = view.place(resource), view.address(resource)
        claimed = FunctionConcurrency(place.account, place.region, address, reserved, provisioned)
        before, will = (0, claimed.claimed) if after else (claimed.claimed, 0)
        note = "provisioned without a reservation" if reserved is None and provisioned else ""
        asked = unknown if after else ""
        return place, claimed, Claim(PER_REGION, region_scope(place), address, before, will, asked, note)

    def _account(self, place: Place, functions: list[FunctionConcurrency]) -> Iterator[Claim]:
        """The limit of an account and region, and what is taken outside the plans."""
        snapshot = self.snapshots.get((place.account, place.region))
        if snapshot is None:
            return
        scope = region_scope(place)
        ledger = AccountLedger(place.account, place.region, tuple(functions), snapshot)
        source = (
            f"Concurrent executions, read on {snapshot.taken.isoformat()}: {snapshot.concurrent_executions}, of which "
            f"{FLOOR} stay unreserved"
        )
        most = max(0, snapshot.concurrent_executions - FLOOR)
        self.limits[PER_REGION, scope.key] = Limit(most, source)
        elsewhere = ledger.reserved_elsewhere + ledger.provisioned_elsewhere
        if elsewhere:
            yield Claim(PER_REGION, scope, OUTSIDE, elsewhere, elsewhere)

    def _of_sources(self, entry: Side) -> Iterator[Claim]:
        view, after = entry.state.view, isinstance(entry.state, After)
        for source in entry.state.of("aws_lambda_event_source_mapping"):
            if source.get(_MAXIMUM) is None or source.get("enabled") is False:
                continue
            named, most = entry.callables.named(source, "function_name"), number_at(source, _MAXIMUM, 0)
            address = view.address(source)
            unknown = named.unknown or ("" if most is not None else f"{_MAXIMUM} of {address}")
            scope = self._function_scope(entry, named, BY_SOURCES, source)
            if scope is not None:
                count = most or 0
                before, will = (0, count) if after else (count, 0)
                yield Claim(BY_SOURCES, scope, address, before, will, unknown if after else "")

    def _of_provisions(self, entry: Side) -> Iterator[Claim]:
        after = isinstance(entry.state, After)
        for function, items in entry.by_function.items():
            scope = self._function_scope(entry, Named(function), PROVISIONED, function)
            if scope is not None:
                most = most_of(items)
                before, will = (0, most) if after else (most, 0)
                address = entry.state.view.address(items[0].resource)
                unknown = next((item.unknown for item in items if item.unknown), "") if after else ""
                yield Claim(PROVISIONED, scope, address, before, will, unknown)

    def _function_scope(self, entry: Side, named: Named, rule: str, asker: Resource) -> Scope | None:
        """The function, with what it reserves as the limit; None where it reserves nothing or is outside the plan."""
        view, function = entry.state.view, named.function
        if function is None:
            address = view.address(asker)
            return (
                Scope(f"function of {address}", f"the function of {address}", view.place(asker))
                if named.unknown
                else None
            )
        address = view.address(function)
        scope = Scope(f"function {address}", address, view.place(function), address)
        path = f"reserved_concurrent_executions of {address}"
        if isinstance(entry.state, Before):
            return scope if (rule, scope.key) in self.limits else None
        if is_reservation_unknown(function):
            self.limits[rule, scope.key] = Limit(None, path)
            return scope
        reserved = reserved_of(function)
        if reserved is None:
            return None
        self.limits[rule, scope.key] = Limit(reserved, path)
        return scope
