"""Reserved concurrency of an account and region fits into its quota."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from analysis.budget import Row
from analysis.budget.callables import is_reservation_unknown, reserved_of
from analysis.budget.concurrency import PER_REGION, Side
from analysis.budget.provisions import most_of
from analysis.budget.sentences import who
from analysis.plan import Resource
from policies.policy import Policy, Severity, Verdict, failed, passed, unknown
from policies.samples import LATER, LATER_RESOURCE, function, merged
from policies.shared.concurrency import side_of
from policies.view import View


def judge(view: View) -> Iterator[Verdict]:
    """Each function that reserves something; of those that are too many together the one that reserves most."""
    rows = {row.scope: row for row in view.budget.rows if row.rule == PER_REGION}
    own = side_of(view)
    for place, functions in _by_place(own).items():
        yield from _verdicts(own, functions, rows[place])


def _by_place(own: Side) -> dict[str, list[Resource]]:
    """Functions that claim something, or may, by account and region; what claims most first."""
    found = dict[str, list[Resource]]()
    for entry in own.state.of("aws_lambda_function"):
        if reserved_of(entry) is not None or is_reservation_unknown(entry) or own.by_function.get(entry):
            found.setdefault(own.state.view.place(entry).words, []).append(entry)
    return {
        place: sorted(entries, key=lambda entry: (-_claimed(own, entry), entry.address))
        for place, entries in found.items()
    }


def _claimed(own: Side, entry: Resource) -> int:
    return max(reserved_of(entry) or 0, most_of(own.by_function.get(entry, [])))


def _verdicts(own: Side, functions: Sequence[Resource], row: Row) -> Iterator[Verdict]:
    is_over = row.limit.value is not None and row.after > row.limit.value
    unsure = [entry for entry in functions if _is_unknown(own, entry)]
    who_does = f" ({who(row)})" if row.shares else ""
    said = f"reserved and provisioned concurrency of {row.scope} add up to {row.after} executions{who_does}"
    for entry in functions:
        if is_over and row.limit.is_certain and entry is functions[0]:
            yield failed(entry, f"{said}, and at most {row.limit} fit")
        elif is_over and entry is functions[0]:
            yield unknown(
                entry, f"{said}, more than {row.limit}, which may have been raised for the account", _SNAPSHOT
            )
        elif not is_over and row.unknown and (entry in unsure or (not unsure and entry is functions[0])):
            missing = " and ".join(row.unknown)
            yield unknown(
                entry, f"{said}, and whether all stay within {row.limit} cannot be told without knowing {missing}"
            )
        else:
            yield passed(entry)


def _is_unknown(own: Side, entry: Resource) -> bool:
    return is_reservation_unknown(entry) or any(item.unknown for item in own.by_function.get(entry, []))


_SNAPSHOT = "take a snapshot of the account's quotas with `lambdanet quotas snapshot`"

POLICY = Policy(
    id="CKV2_LNET_401",
    title="Reserved concurrency of an account and region fits into its quota",
    severity=Severity.HIGH,
    types=("aws_lambda_function",),
    why="Lambda refuses a reservation that leaves fewer than 100 executions to the functions that reserve none, so "
    "that the apply fails half way.",
    source="Lambda guide, configuring reserved concurrency for a function",
    fix="Reserve less, or ask for a higher quota of concurrent executions.",
    judge=judge,
    samples=(
        merged(
            function("passes_with_part", reserved_concurrent_executions=50),
            function("passes_with_another_part", reserved_concurrent_executions=20),
            function("unreserved"),
        ),
        merged(
            function("fails_with_most", reserved_concurrent_executions=800),
            function("passes_beside_it", reserved_concurrent_executions=200),
        ),
        merged(
            LATER_RESOURCE,
            function("unknown_then_fails_by_variable", reserved_concurrent_executions=LATER.format("large")),
        ),
        merged(
            LATER_RESOURCE,
            function("unknown_then_passes_by_variable", reserved_concurrent_executions=LATER.format("small")),
        ),
    ),
)
