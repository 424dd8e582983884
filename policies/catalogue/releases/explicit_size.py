"""A function says what it runs on, how much memory it has and how long it may run."""

from __future__ import annotations

from collections.abc import Iterator

from analysis.plan import UNKNOWN, Resource, Unknown
from policies.policy import Policy, Severity, Verdict, failed, passed, unknown
from policies.samples import LATER, LATER_RESOURCE, function, merged
from policies.shared.callees import FUNCTION
from policies.view import View

_DEFAULTS = {"architectures": "x86_64", "memory_size": "128 MB", "timeout": "3 seconds"}
"""What Lambda takes where nothing is set (Lambda API, CreateFunction)."""


def judge(view: View) -> Iterator[Verdict]:
    """Each function by what its configuration sets, whatever the value."""
    for entry in view.functions:
        answers = {name: _is_explicit(view, entry, name) for name in _DEFAULTS}
        missing = [name for name, answer in answers.items() if answer is False]
        unclear = [name for name, answer in answers.items() if answer is UNKNOWN]
        if missing:
            verb = "is" if len(missing) == 1 else "are"
            defaults = " and ".join(f"{name} is {_DEFAULTS[name]}" for name in missing)
            yield failed(
                entry,
                f"{', '.join(missing)} {verb} not set, so that {defaults} by default, which nobody has chosen",
                f"set {', '.join(missing)}",
            )
        elif unclear:
            yield unknown(entry, f"whether {', '.join(unclear)} is null is known only after apply")
        else:
            yield passed(entry)


def _is_explicit(view: View, entry: Resource, name: str) -> bool | Unknown:
    if not view.plan.is_configured(entry, name):
        return False
    value: object = entry.get(name)
    written = view.plan.constants(entry, name)
    if value is UNKNOWN and any("null" in str(value) for value in written):
        return UNKNOWN
    return True


POLICY = Policy(
    id="CKV2_LNET_804",
    title="Function sets its architecture, memory and timeout",
    severity=Severity.LOW,
    types=(FUNCTION,),
    why="Three seconds, 128 MB and x86_64 fit few functions: the first timeouts and a fifth of the price are found out "
    "in production.",
    source="Lambda developer guide, configuring memory, timeout and instruction set architecture",
    fix='Set architectures (["arm64"] costs a fifth less), memory_size and timeout.',
    judge=judge,
    samples=(
        merged(
            LATER_RESOURCE,
            function("passes_explicit", architectures=["x86_64"], memory_size=128, timeout=3),
            function("passes_by_reference", timeout=LATER.format("small")),
            function("fails_without_architecture", architectures=None),
            function("fails_without_memory", memory_size=None),
            function("fails_without_all", architectures=None, memory_size=None, timeout=None),
            function(
                "unknown_then_passes_by_condition",
                memory_size='${terraform_data.later.output["true"] ? 512 : null}',
            ),
        ),
    ),
)
