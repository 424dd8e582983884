"""Findings about rows: what does not fit, nearly does not, or cannot be told."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from analysis.budget.claims import Counted, Scope
from analysis.budget.limits import KINDS, WARN_PERCENT, request
from analysis.budget.model import Row, Verdict
from analysis.finding import Finding, Level

_MOST_NAMED = 5
_WHOLE = 100
_SNAPSHOT = "take a snapshot of the account's quotas with `lambdanet quotas snapshot`"
_OUTSIDE = "is no resource of the plan"
_LOOK_UP = "read it with a data source, such as aws_subnet or aws_ec2_managed_prefix_list"
_SET = "set max_connections to a number in a parameter group of the plan"
_KNOWN = "write it so that the plan tells it: as a reference to a resource, or as a known value"


def findings(rows: Iterable[Counted], told_elsewhere: Iterable[str] = ()) -> tuple[Finding, ...]:
    """One for each row that does not fit, and one for each thing that is not known.

    Args:
        rows: rows.
        told_elsewhere: what is not known, and is told by findings of its own.
    """
    told = set(told_elsewhere)
    return tuple(finding for counted in rows for finding in _of(counted, told))


def address_of(row: Row, scope: Scope) -> str:
    """The resource that a row is about: its own, else who grows most."""
    return scope.address or (row.shares[0].address if row.shares else row.scope)


def who(row: Row) -> str:
    """Who adds what; who has what where nothing is added."""
    named = row.growers or row.shares
    texts = [str(share) for share in named[:_MOST_NAMED]]
    rest = f" and {len(named) - _MOST_NAMED} more" if len(named) > _MOST_NAMED else ""
    return f"{', '.join(texts)}{rest}"


def used(row: Row) -> str:
    """Such as `aws_vpc.main has 36 network interfaces after the plan and had 4 before`."""
    return f"{row.scope} has {row.after} {row.unit} after the plan and had {row.before} before"


def _of(counted: Counted, told: set[str]) -> Iterator[Finding]:
    row, scope, most = counted.row, counted.scope, counted.row.limit.value
    if row.verdict is Verdict.OVER:
        wanted = request(row.rule, scope.place, row.after)
        fix = f"{KINDS[row.rule].fix}{f', or {wanted}' if wanted else ''}"
        yield _finding(row, scope, Level.ERROR, f"{used(row)}, and at most {row.limit} fit: {who(row)}", fix)
    elif row.verdict is Verdict.UNDECIDABLE and most is not None and row.after > most:
        message = f"{used(row)}, more than {row.limit}, which may have been raised for the account: {who(row)}"
        yield _finding(row, scope, Level.UNDECIDABLE, message, f"{KINDS[row.rule].fix}, or {_SNAPSHOT}")
    elif row.verdict is Verdict.UNDECIDABLE:
        yield from (_not_told(counted, unknown) for unknown in row.unknown if unknown not in told)
        told.update(row.unknown)
    elif KINDS[row.rule].warns and row.limit.warns and _is_nearly_used(row.after, most):
        message = f"{used(row)}, {WARN_PERCENT} percent or more of the {row.limit} that fit: {who(row)}"
        yield _finding(row, scope, Level.WARNING, message, KINDS[row.rule].fix)


def _is_nearly_used(after: int, most: int | None) -> bool:
    return most is not None and after > 0 and after * _WHOLE >= most * WARN_PERCENT


def _not_told(counted: Counted, unknown: str) -> Finding:
    row = counted.row
    address = counted.askers.get(unknown) or address_of(row, counted.scope)
    if row.limit.value is None:
        question = f"the most {row.unit} that {row.scope} may have"
    else:
        question = f"whether the {row.unit} of {row.scope} stay within {row.limit}"
    message = f"{question} cannot be told, as the plan does not tell {unknown}"
    fix = _LOOK_UP if unknown.endswith(_OUTSIDE) else _SET if unknown.startswith("max_connections") else _KNOWN
    return Finding(row.rule, Level.UNDECIDABLE, address, unknown, message, fix)


def _finding(row: Row, scope: Scope, level: Level, message: str, fix: str) -> Finding:
    missing = f"{row.after} of {row.limit.value} {row.unit}"
    return Finding(row.rule, level, address_of(row, scope), missing, message, fix)
