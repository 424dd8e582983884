"""Why a shift would be refused before anything is changed."""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Set as AbstractSet

from modules.core.errors import Problem
from rollout.release.functions import not_shared
from rollout.release.plan_model import Action, ShiftPlan

_UNUSABLE = frozenset({"Failed"})


def problems(plan: ShiftPlan, ignored_alarms: AbstractSet[str]) -> tuple[str, ...]:
    """What stands in the way of carrying out `plan`, one sentence each; all of it at once.

    A deployment that is active already is joined whatever its alarms say: CodeDeploy watches them.
    """
    found = [*_versions(plan)]
    if plan.action is not Action.JOIN:
        found += [*_active(plan), *_weights(plan), *_alarms(plan, ignored_alarms), *_shared(plan)]
    return tuple(str(Problem(plan.target.name, *parts)) for parts in found)


Parts = tuple[str, str, str]
"""What was found, what is allowed, what to do."""


def _versions(plan: ShiftPlan) -> Iterator[Parts]:
    if plan.newest is None:
        yield (
            "the function has no published version",
            "CodeDeploy shifts traffic between published versions",
            "give the function an alias in its stack, and apply it",
        )
        return
    if plan.current is None:
        yield (
            f"the alias points to {plan.alias.version}",
            "CodeDeploy shifts traffic between published versions",
            "let the alias point to a published version first",
        )
    if plan.newest.state in _UNUSABLE:
        why = f" ({plan.newest.state_reason})" if plan.newest.state_reason else ""
        yield (
            f"version {plan.newest.number} is in the state {plan.newest.state}{why}",
            "traffic goes to an active version only",
            "correct that and publish another version",
        )


def _active(plan: ShiftPlan) -> Iterator[Parts]:
    active = plan.group.active
    if active is None or plan.newest is None:
        return
    what = "something else"
    if active.revision is not None:
        what = f"version {active.revision.current_version} to {active.revision.target_version}"
    yield (
        f"deployment {active.deployment_id} of the group shifts {what}, and version {plan.newest.number} is the newest",
        "a deployment group runs one deployment at a time",
        "wait for its end, or end it with `lambdanet release rollback`",
    )


def _weights(plan: ShiftPlan) -> Iterator[Parts]:
    if plan.group.active is not None or not plan.alias.weights:
        return
    shares = ", ".join(f"{share:.0%} to version {number}" for number, share in sorted(plan.alias.weights.items()))
    yield (
        f"the alias sends {shares}, and no deployment is active",
        "CodeDeploy starts from an alias without weights",
        "wait while Lambda moves provisioned concurrency, else take them away with `lambdanet release rollback`",
    )


def _alarms(plan: ShiftPlan, ignored: AbstractSet[str]) -> Iterator[Parts]:
    for alarm in plan.group.alarms:
        if alarm.name in ignored:
            continue
        if alarm.state == "ALARM":
            yield (
                f"alarm {alarm.name} is in the state ALARM",
                "it would stop the deployment at once",
                f"see what it reports, or shift with --ignore-alarm {alarm.name} and a --reason",
            )
        elif not alarm.state and not plan.group.ignores_unreadable:
            yield (
                f"alarm {alarm.name} of the deployment group does not exist",
                "CodeDeploy stops a deployment whose alarms it cannot read",
                "apply the stack that makes it",
            )


def _shared(plan: ShiftPlan) -> Iterator[Parts]:
    if plan.current is None or plan.newest is None or not plan.group.traffic.divides:
        return
    for what in not_shared(plan.current, plan.newest):
        yield (
            f"versions {plan.current.number} and {plan.newest.number} have not the same {what}",
            "Lambda divides traffic between versions that share it only",
            "release that change with CodeDeployDefault.LambdaAllAtOnce as the group's deployment configuration",
        )
