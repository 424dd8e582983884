"""What is said of what was found before a rollout."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from modules.core.target import Target
from rollout.domain.preflight import Checked, PlaceFound, SubnetFree, TargetFound, Verdict
from rollout.domain.states import StateFound

WARN_PERCENT = 80
"""Percent of a quota from which a warning is given, as `lambdanet budget` does."""

LEAST_FREE_ADDRESSES = 8
"""Free addresses below which a subnet is warned of: what a load balancer asks of each of its subnets (Elastic Load
Balancing guide, Application Load Balancers, subnets)."""

_Told = tuple[str, Verdict, str]


def judged(target: Target, found: TargetFound) -> tuple[Checked, ...]:
    """Every check of a target, in a fixed order."""
    unread = {**found.place.unread, **found.unread}
    told = (
        *_roles(target, found.place),
        *_region(target, found.place),
        *_state(target, found.state),
        *_quotas(target, found.place),
        *_subnets(target, found.subnets),
        *(_fails(check, sentence) for check, sentence in sorted(found.place.refused.items())),
        *(_warns(check, sentence) for check, sentence in sorted(unread.items())),
    )
    return tuple(Checked(target.name, check, verdict, sentence) for check, verdict, sentence in told)


def _holds(check: str, told: str) -> _Told:
    return check, Verdict.HOLDS, told


def _warns(check: str, told: str) -> _Told:
    return check, Verdict.WARNS, told


def _fails(check: str, told: str) -> _Told:
    return check, Verdict.FAILS, told


def _roles(target: Target, place: PlaceFound) -> Iterator[_Told]:
    for purpose, reached in sorted(place.roles.items(), reverse=True):
        check = f"{purpose} role"
        if reached.problem:
            yield _fails(check, reached.problem)
        elif reached.account_id != target.account_id:
            who = f"role {reached.role} is" if reached.role else "the credentials at hand are"
            yield _fails(
                check,
                f"{target.name}: {who} in account {reached.account_id}; the target's account is {target.account_id}; "
                f"set roles.{purpose} in rollout.yaml, or use credentials of the account",
            )
        else:
            yield _holds(check, reached.role or "credentials at hand")


def _region(target: Target, place: PlaceFound) -> Iterator[_Told]:
    if place.opt_in == _NOT_ENABLED:
        yield _fails(
            "region",
            f"account {target.account_id}: region {target.region} is not enabled; AWS refuses every request there; "
            f"enable it by `aws account enable-region --region-name {target.region}`, which takes minutes to hours, or "
            "remove the targets there",
        )
    elif place.opt_in:
        yield _holds("region", place.opt_in)


_NOT_ENABLED = "not-opted-in"
"""OptInStatus of a region that the account has not enabled (EC2 API, DescribeRegions)."""


def _state(target: Target, state: StateFound | None) -> Iterator[_Told]:
    if state is None:
        return
    if state.problem:
        yield _fails("state", state.problem)
        return
    yield _holds("state", f"{state.place}{'' if state.exists else ' (nothing applied yet)'}")
    if state.lock is None:
        yield _holds("state lock", "free")
        return
    release = f"run `lambdanet rollout unlock {target.name} --lock-id {state.lock.id} --reason REASON`"
    yield _warns(
        "state lock",
        f"{target.name}: {state.place} is locked ({state.lock}); an apply waits for it; let that run end, or, if it is "
        f"surely dead, {'end its process' if state.place.is_local else release}",
    )


def _quotas(target: Target, place: PlaceFound) -> Iterator[_Told]:
    where = f"account {target.account_id} in {target.region}"
    for use in place.quotas:
        counted = f"{use.used} of {use.quota} {use.what}"
        more = f", and the plans make {use.needed} more" if use.needed else ""
        ask = use.ask or "ask for a higher quota"
        if use.needed > 0 and use.used + use.needed > use.quota:
            told = f"{where} has {counted}{more}; AWS refuses the last; remove some, or {ask}"
            yield _fails(use.what, told)
        elif 100 * (use.used + max(0, use.needed)) >= WARN_PERCENT * use.quota:
            told = f"{where} has {counted}{more}; little is left; remove some, or {ask}"
            yield _warns(use.what, told)
        else:
            yield _holds(use.what, f"{counted}{more}")


def _subnets(target: Target, subnets: Iterable[SubnetFree]) -> Iterator[_Told]:
    for subnet in subnets:
        check = "free addresses"
        needs = f", and the plan takes {subnet.needed}" if subnet.needed else ""
        counted = f"{target.name}: subnet {subnet.id} has {subnet.free} free addresses{needs}"
        if subnet.free is None:
            yield _fails(
                check,
                f"{target.name}: subnet {subnet.id} does not exist in account {target.account_id} in {target.region}; "
                "a network that stands outside the stack is named by what is there; correct the id",
            )
        elif subnet.free < max(1, subnet.needed):
            yield _fails(
                check,
                f"{counted}; a function takes one in each subnet for each set of security groups; choose a larger "
                "subnet, or free addresses",
            )
        elif subnet.free - subnet.needed < LEAST_FREE_ADDRESSES:
            yield _warns(
                check,
                f"{counted}; fewer than {LEAST_FREE_ADDRESSES} leave no room for a load balancer or a scaling proxy; "
                "choose a larger subnet",
            )
        else:
            yield _holds(check, f"{subnet.id}: {subnet.free}{needs}")
