"""What resources use of limits, added up."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from math import ceil

from analysis.budget.limits import KINDS, limit_of
from analysis.budget.model import Limit, Row, Share, Verdict
from analysis.budget.places import Place
from analysis.quotas import Snapshots


@dataclass(frozen=True)
class Scope:
    """What a limit holds for.

    Attributes:
        key: the same for the same thing in every plan.
        label: how it stands in sentences.
        place: account and region.
        address: the resource, where it is one.
    """

    key: str
    label: str
    place: Place = field(compare=False)
    address: str = ""


def region_scope(place: Place) -> Scope:
    """An account and region."""
    return Scope(f"{place.account}/{place.region}/{place.plan}", place.words, place)


@dataclass(frozen=True)
class Claim:
    """What one resource uses of one limit.

    Attributes:
        rule: what is counted.
        scope: of what.
        address: the resource.
        before: used before the plan; a fraction where the resource spreads over several scopes.
        after: used after it.
        unknown: what the plan does not tell, so that it may be more; empty where it is all.
        note: how the number comes about.
    """

    rule: str
    scope: Scope
    address: str
    before: Fraction | int = 0
    after: Fraction | int = 0
    unknown: str = ""
    note: str = ""


@dataclass(frozen=True)
class Counted:
    """A row with what findings need beside it.

    Attributes:
        row: the row.
        scope: what it is of.
        askers: the resource of each thing that is not known.
    """

    row: Row
    scope: Scope
    askers: Mapping[str, str]


Limits = Mapping[tuple[str, str], Limit]
"""Limits that follow from the scope itself, by rule and key of the scope."""


def rows(claims: Iterable[Claim], limits: Limits, snapshots: Snapshots) -> tuple[Counted, ...]:
    """A row for each rule and scope, in the order of the rules and of the scopes' labels."""
    grouped: dict[tuple[str, str], list[Claim]] = {}
    for claim in claims:
        grouped.setdefault((claim.rule, claim.scope.key), []).append(claim)
    order = {rule: number for number, rule in enumerate(KINDS)}
    found = [_row(members, limits, snapshots) for members in grouped.values()]
    return tuple(sorted(found, key=lambda entry: (order[entry.row.rule], entry.row.scope)))


def _row(claims: list[Claim], limits: Limits, snapshots: Snapshots) -> Counted:
    rule, scope = claims[0].rule, claims[0].scope
    limit = limits.get((rule, scope.key)) or limit_of(rule, scope.place, snapshots)
    before, after = (ceil(sum(part)) for part in (map(_before, claims), map(_after, claims)))
    unknown = tuple(dict.fromkeys(claim.unknown for claim in claims if claim.unknown))
    verdict, unknown = _judged(before, after, limit, unknown, is_claimed=KINDS[rule].is_claimed)
    row = Row(
        rule=rule,
        scope=scope.label,
        unit=KINDS[rule].unit,
        before=before,
        after=after,
        limit=limit,
        shares=_shares(claims),
        verdict=verdict,
        unknown=unknown,
        note=scope.place.note,
    )
    return Counted(row, scope, {claim.unknown: claim.address for claim in reversed(claims) if claim.unknown})


def _judged(
    before: int, after: int, limit: Limit, unknown: tuple[str, ...], *, is_claimed: bool
) -> tuple[Verdict, tuple[str, ...]]:
    """What exists fits, unless it is only used later; and a default may have been raised for the account."""
    is_over = limit.value is not None and after > limit.value and (after > before or not is_claimed)
    if is_over and limit.is_certain:
        return Verdict.OVER, ()
    if is_over:
        return Verdict.UNDECIDABLE, ("the quota of the account, which may have been raised", *unknown)
    if limit.value is None and (after or unknown):
        return Verdict.UNDECIDABLE, (*unknown, *(() if unknown else (limit.source,)))
    return (Verdict.UNDECIDABLE if unknown else Verdict.FITS), unknown


def _shares(claims: list[Claim]) -> tuple[Share, ...]:
    by_address: dict[str, list[Claim]] = {}
    for claim in claims:
        by_address.setdefault(claim.address, []).append(claim)
    found = (
        Share(
            address,
            ceil(sum(map(_before, members))),
            ceil(sum(map(_after, members))),
            ", ".join(dict.fromkeys(claim.note for claim in members if claim.note)),
        )
        for address, members in by_address.items()
    )
    used = (share for share in found if share.before or share.after)
    return tuple(sorted(used, key=lambda share: (-share.growth, -share.after, share.address)))


def _before(claim: Claim) -> Fraction:
    return Fraction(claim.before)


def _after(claim: Claim) -> Fraction:
    return Fraction(claim.after)
