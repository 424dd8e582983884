"""A function reserves concurrency, and not none."""

from __future__ import annotations

from collections.abc import Iterator

from analysis.plan import UNKNOWN
from policies.policy import Policy, Severity, Verdict, failed, passed, unknown
from policies.samples import LATER, LATER_RESOURCE, function, merged
from policies.shared.concurrency import reserved
from policies.shared.databases_samples import known_later, later
from policies.view import View


def judge(view: View) -> Iterator[Verdict]:
    """Each function by `reserved_concurrent_executions`; AWS takes -1 and nothing for no reservation."""
    for entry in view.functions:
        if view.setting(entry, "capacity_provider_config") not in (None, []):
            continue  # it runs on instances of the account, whose number its capacity provider bounds
        value = reserved(view, entry)
        if value is UNKNOWN:
            yield unknown(entry, "reserved_concurrent_executions is known only after apply", "write a number from 1")
        elif value is None:
            message = (
                "reserved_concurrent_executions is not set, so that the function may take all that the account has, "
                "and others may leave it nothing"
            )
            yield failed(entry, message)
        elif value == 0:
            message = "reserved_concurrent_executions is 0, so that Lambda refuses every invocation of the function"
            yield failed(entry, message, "set it to 1 or more")
        else:
            yield passed(entry)


POLICY = Policy(
    id="CKV2_LNET_402",
    title="Function reserves concurrency, and not none",
    severity=Severity.MEDIUM,
    types=("aws_lambda_function",),
    why="A function without a reservation shares what the account has with all others: one that is busy stops the "
    "rest, and nothing bounds the connections it opens. One that reserves 0 never runs.",
    source="Lambda guide, configuring reserved concurrency for a function",
    fix="Set reserved_concurrent_executions to the most environments that it and what it calls can bear.",
    judge=judge,
    samples=(
        merged(
            LATER_RESOURCE,
            later(none=-1),
            function("passes_with_reservation", reserved_concurrent_executions=5),
            function("fails_by_default"),
            function("fails_with_minus_one", reserved_concurrent_executions=-1),
            function("fails_with_none", reserved_concurrent_executions=0),
            function("unknown_then_passes_by_variable", reserved_concurrent_executions=LATER.format("small")),
            function("unknown_then_fails_by_variable", reserved_concurrent_executions=known_later("none")),
        ),
    ),
    replaces={
        "CKV_AWS_115": "It passes every function of a plan, where the provider writes -1 for no reservation, and the "
        "number -1 and 0 in JSON."
    },
)
