"""Provisioned concurrency follows the load, or a schedule."""

from __future__ import annotations

from collections.abc import Iterator

from analysis.budget.provisions import Provision
from analysis.plan import Resource
from policies.policy import Policy, Severity, Verdict, failed, passed, unknown
from policies.samples import merged
from policies.shared.concurrency import PROVISIONED_CONFIG, SCALING_TARGET, side_of
from policies.shared.concurrency_samples import provisioned, published, scaled
from policies.shared.databases_samples import known_later, later
from policies.view import View

_SCALING = ("aws_appautoscaling_policy", "aws_appautoscaling_scheduled_action")


def judge(view: View) -> Iterator[Verdict]:
    """Each provisioned concurrency by whether a scaling target of the same alias has a policy or a schedule."""
    side = side_of(view)
    targets = [entry for entry in side.provisions if entry.resource.type == SCALING_TARGET]
    for entry in side.provisions:
        if entry.resource.type == PROVISIONED_CONFIG and entry.count != 0:
            yield _verdict(view, entry, targets)


def _verdict(view: View, entry: Provision, targets: list[Provision]) -> Verdict:
    """The verdict on one: what scales the same alias passes it; what may scale it leaves it open."""
    may = ""
    for target in targets:
        answer = _same(entry, target)
        if answer is True:
            if any(view.plan.referrers(target.resource, kind) for kind in _SCALING) or _by_id(view, target.resource):
                return passed(entry.resource)
            return failed(
                entry.resource, f"{target.resource} has neither a policy nor a schedule, so that nothing scales it"
            )
        if answer is None:
            may = may or f"the alias that {target.resource} scales"
    if may:
        return unknown(entry.resource, f"whether something scales it cannot be told without knowing {may}")
    if entry.named.function is None and entry.named.unknown:
        return unknown(
            entry.resource, f"whether something scales it cannot be told without knowing {entry.named.unknown}"
        )
    count = "it" if entry.count is None else f"it keeps {entry.count} environments ready and"
    return failed(
        entry.resource, f"{count} has no aws_appautoscaling_target, so that it is paid for day and night, busy or not"
    )


def _same(entry: Provision, target: Provision) -> bool | None:
    """Whether a target scales the same alias; None where it cannot be told."""
    one, other = entry.named, target.named
    if target.resource.get("service_namespace", "lambda") != "lambda":
        return False
    if one.unknown or other.unknown:
        return None
    if (one.function, one.name) != (other.function, other.name):
        return False
    if entry.qualifier == target.qualifier:
        return True
    return None if "?" in (entry.qualifier[:1], target.qualifier[:1]) else False


def _by_id(view: View, target: Resource) -> bool:
    """Whether a policy or a schedule names a target by the same `resource_id`."""
    mine = (target.get("resource_id"), view.plan.texts(target, "resource_id"))
    found = ((entry.get("resource_id"), view.plan.texts(entry, "resource_id")) for entry in view.plan.of(*_SCALING))
    return any(
        (isinstance(mine[0], str) and value == mine[0]) or (mine[1] and texts == mine[1]) for value, texts in found
    )


POLICY = Policy(
    id="CKV2_LNET_407",
    title="Provisioned concurrency follows the load or a schedule",
    severity=Severity.MEDIUM,
    types=(PROVISIONED_CONFIG,),
    why="A number that stays the same is too small at the peak, where what exceeds it starts cold, and is paid for at "
    "night.",
    source="AWS Well-Architected, Serverless Applications Lens; Lambda guide, managing provisioned concurrency with "
    "Application Auto Scaling",
    fix="Add an aws_appautoscaling_target with a policy or a scheduled action for the alias, or skip the check with "
    "the reason why the number is fixed.",
    judge=judge,
    samples=(
        merged(
            published("busy"),
            provisioned("passes_with_target", "busy"),
            scaled("busy", "busy"),
            published("fixed"),
            provisioned("fails_with_fixed_number", "fixed"),
        ),
        merged(
            published("busy"),
            provisioned("unknown_then_passes_by_variable", "busy"),
            published("fixed"),
            provisioned("unknown_then_fails_by_variable", "fixed"),
            later(scaled="function:${aws_lambda_function.busy.function_name}:${aws_lambda_alias.of_busy.name}"),
            scaled("busy", "busy", 4, known_later("scaled")),
        ),
    ),
)
