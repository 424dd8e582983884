"""What is looked at in each account before a rollout, and what is said of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from rollout.domain.states import StateFound


class Verdict(StrEnum):
    """What a check found."""

    HOLDS = "ok"
    WARNS = "warning"
    FAILS = "problem"


@dataclass(frozen=True)
class Checked:
    """One check of one target.

    Attributes:
        target: name of the target.
        check: what was looked at, such as `plan role`; stable.
        verdict: what came of it.
        told: what was found; a whole sentence for a warning or a problem.
    """

    target: str
    check: str
    verdict: Verdict
    told: str


@dataclass(frozen=True)
class Reached:
    """What became of taking a role.

    Attributes:
        role: its name; empty for the credentials at hand.
        account_id: the account that was reached; empty where none was.
        problem: why not, as a sentence; empty otherwise.
    """

    role: str
    account_id: str = ""
    problem: str = ""


@dataclass(frozen=True)
class QuotaUse:
    """A quota of an account and region.

    Attributes:
        what: what is counted, such as `Elastic IP addresses`.
        quota: how many there may be.
        used: how many there are.
        needed: how many more the plans of a run make; 0 where no plan was looked at.
        ask: how a higher quota is asked for.
    """

    what: str
    quota: int
    used: int
    needed: int = 0
    ask: str = ""


@dataclass(frozen=True)
class SubnetFree:
    """A subnet that stands outside the stack.

    Attributes:
        id: subnet id.
        free: addresses that are free; None where there is no such subnet.
        needed: addresses that the plans of a run take; 0 where no plan was looked at.
    """

    id: str
    free: int | None
    needed: int = 0


@dataclass(frozen=True)
class PlaceFound:
    """What was found in an account and region; the same for all targets there.

    Attributes:
        roles: what became of each role, by purpose (`plan`, `apply`).
        opt_in: the region's status, as EC2 tells it: `opt-in-not-required`, `opted-in` or `not-opted-in`; empty where
            it is not known.
        quotas: what is used of quotas.
        refused: what does not fit, by check, as sentences.
        unread: why something could not be read, by check, as sentences.
    """

    roles: Mapping[str, Reached]
    opt_in: str = ""
    quotas: tuple[QuotaUse, ...] = ()
    refused: Mapping[str, str] = field(default_factory=dict)
    unread: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class TargetFound:
    """What was found for one target.

    Attributes:
        place: its account and region.
        state: where its state is kept; None where no role led there.
        subnets: subnets that stand outside its stack, by id.
        unread: why something could not be read, by check, as sentences.
    """

    place: PlaceFound
    state: StateFound | None = None
    subnets: tuple[SubnetFree, ...] = ()
    unread: Mapping[str, str] = field(default_factory=dict)
