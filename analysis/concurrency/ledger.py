"""The sum of one account and region, and what to do when it does not fit."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from analysis.quotas import CONCURRENT_EXECUTIONS, QUOTAS, QuotaSnapshot, Snapshots
from modules.core.errors import Problem
from modules.core.limits import LAMBDA_UNRESERVED_CONCURRENCY as FLOOR

OUTSIDE = "functions outside these stacks"
"""Those of the same account and region that the project has no target for."""


@dataclass(frozen=True, order=True)
class FunctionConcurrency:
    """What one function takes of its account's concurrency; all numbers are executions.

    Attributes:
        account_id: account.
        region: region.
        function: the function, for sentences, with its target's place.
        reserved: reserved concurrency; None where it takes what the account has left.
        provisioned: most provisioned concurrency of all its aliases and versions together, at any time of day.
    """

    account_id: str
    region: str
    function: str
    reserved: int | None = None
    provisioned: int = 0

    @property
    def claimed(self) -> int:
        """What nobody else can take: the reservation, which provisioned concurrency is part of, or else that."""
        return self.provisioned if self.reserved is None else self.reserved


@dataclass(frozen=True)
class AccountLedger:
    """The functions of one account and region against its quota.

    Attributes:
        account_id: account.
        region: region.
        functions: the project's functions there, sorted.
        snapshot: the quotas; None where no snapshot was taken.
    """

    account_id: str
    region: str
    functions: tuple[FunctionConcurrency, ...]
    snapshot: QuotaSnapshot | None = None

    @property
    def quota(self) -> int | None:
        """Concurrent executions of the account in the region; None where it is not known."""
        return None if self.snapshot is None else self.snapshot.concurrent_executions

    @property
    def reserved_elsewhere(self) -> int:
        """Reserved by functions outside the project's stacks."""
        return 0 if self.snapshot is None else self.snapshot.reserved_elsewhere

    @property
    def provisioned_elsewhere(self) -> int:
        """Provisioned by functions outside the project's stacks that reserve nothing."""
        return 0 if self.snapshot is None else self.snapshot.provisioned_elsewhere

    @property
    def reserved(self) -> int:
        """Reserved by all functions together."""
        return sum(function.reserved or 0 for function in self.functions) + self.reserved_elsewhere

    @property
    def provisioned_unreserved(self) -> int:
        """Provisioned by all functions that reserve nothing together: it comes out of what is left unreserved."""
        own = sum(function.provisioned for function in self.functions if function.reserved is None)
        return own + self.provisioned_elsewhere

    @property
    def claimed(self) -> int:
        """What is reserved or provisioned, each execution once."""
        return self.reserved + self.provisioned_unreserved

    @property
    def left_unreserved(self) -> int | None:
        """What is left for functions that reserve and provision nothing; below the floor AWS refuses."""
        return None if self.quota is None else self.quota - self.claimed

    @property
    def room(self) -> int | None:
        """What may still be reserved or provisioned; negative where it is too much already."""
        return None if self.quota is None else max(0, self.quota - FLOOR) - self.claimed

    @property
    def place(self) -> str:
        """Account and region, for sentences."""
        return f"account {self.account_id} in {self.region}"

    def problems(self) -> Iterator[Problem]:
        """One problem where the functions do not fit: each with its number, and both ways out.

        Functions that claim nothing always fit, whatever others have taken.
        """
        room, snapshot = self.room, self.snapshot
        if snapshot is None or room is None or room >= 0 or not self._claims:
            return
        quota = snapshot.concurrent_executions
        most = max(0, quota - FLOOR) or "nothing"
        allowed = (
            f"the quota of {quota} (read on {snapshot.taken.isoformat()}) has {most} to reserve, as {FLOOR} stay "
            "unreserved (Lambda guide, reserved concurrency)"
        )
        yield Problem(self.place, self._given(), allowed, f"{self._lower(-room)}, or {self._ask()}")

    @property
    def _claims(self) -> tuple[FunctionConcurrency, ...]:
        return tuple(function for function in self.functions if function.claimed)

    def _given(self) -> str:
        parts = [f"{claim.function} {_words(claim)}" for claim in self._claims]
        if self.reserved_elsewhere:
            parts.append(f"{OUTSIDE} reserve {self.reserved_elsewhere}")
        if self.provisioned_elsewhere:
            parts.append(f"{OUTSIDE} provision {self.provisioned_elsewhere} without a reservation")
        return f"{', '.join(parts)}, together {self.claimed} concurrent executions"

    def _lower(self, excess: int) -> str:
        """The largest claim that can give way alone; else all of them."""
        claims = self._claims
        largest = max(claims, key=lambda claim: (claim.claimed, claim.function))
        setting = "provisioned concurrency" if largest.reserved is None else "reserved_concurrency"
        if largest.claimed > excess:
            return f"lower the {setting} of {largest.function} to at most {largest.claimed - excess}"
        if len(claims) == 1:
            without = "set it to null, with unreserved_reason" if largest.reserved is not None else "go without"
            return f"take back the {setting} of {largest.function} ({without})"
        return f"lower them by {excess} together, or take reservations back (reserved_concurrency null)"

    def _ask(self) -> str:
        service, wanted = QUOTAS[CONCURRENT_EXECUTIONS].service, self.claimed + FLOOR
        return (
            f"ask for a quota of {wanted} by `aws service-quotas request-service-quota-increase "
            f"--service-code {service} --quota-code {CONCURRENT_EXECUTIONS} --desired-value {wanted} "
            f"--region {self.region}`"
        )


def ledgers(functions: Iterable[FunctionConcurrency], snapshots: Snapshots) -> tuple[AccountLedger, ...]:
    """The ledger of every account and region that a function is in, sorted."""
    places: dict[tuple[str, str], list[FunctionConcurrency]] = {}
    for function in functions:
        places.setdefault((function.account_id, function.region), []).append(function)
    return tuple(
        AccountLedger(account_id, region, tuple(sorted(members, key=_by_name)), snapshots.get((account_id, region)))
        for (account_id, region), members in sorted(places.items())
    )


def _by_name(claim: FunctionConcurrency) -> tuple[str, int, int]:
    return claim.function, -1 if claim.reserved is None else claim.reserved, claim.provisioned


def _words(claim: FunctionConcurrency) -> str:
    if claim.reserved is not None:
        return f"reserves {claim.reserved}"
    return f"provisions {claim.provisioned} without a reservation"
