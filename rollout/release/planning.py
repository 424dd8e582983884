"""What a shift would do for each alias, and what stands in its way; nothing is changed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from rollout.readback.check import Clients
from rollout.release.aws import asking
from rollout.release.functions import (
    LATEST,
    AliasState,
    VersionState,
    differences,
    published_versions,
    read_alias,
    read_version,
)
from rollout.release.groups import ActiveDeployment, read_group
from rollout.release.judging import problems
from rollout.release.plan_model import Action, ShiftPlan
from rollout.release.target import ReleaseTarget


def plan(clients: Clients, targets: Sequence[ReleaseTarget], *, ignored_alarms: Sequence[str] = ()) -> list[ShiftPlan]:
    """What a shift of these aliases to the newest version of their functions would do.

    Args:
        clients: service name to boto3 client.
        targets: the aliases.
        ignored_alarms: names of alarms that may be in the state ALARM.

    Raises:
        ReleaseError: an alias or a group does not exist, or AWS refused a request.
    """
    return [_planned(clients, target, frozenset(ignored_alarms)) for target in targets]


def _planned(clients: Clients, target: ReleaseTarget, ignored: frozenset[str]) -> ShiftPlan:
    with asking(target.name):
        alias = read_alias(clients, target)
        group = read_group(clients, target)
        versions = published_versions(clients, target.function_name)
        newest = read_version(clients, target.function_name, versions[-1]) if versions else None
        latest = read_version(clients, target.function_name, None)
        action, before = _action(target, alias, group.active, newest)
        current = _version(clients, target, before, newest)
    notes = _notes(latest, newest)
    changed = differences(current, newest) if current and newest else ()
    found = ShiftPlan(target, action, alias, current, newest, changed, group, (), notes)
    return found if action is Action.NOTHING else replace(found, problems=problems(found, ignored))


def _action(
    target: ReleaseTarget, alias: AliasState, active: ActiveDeployment | None, newest: VersionState | None
) -> tuple[Action, str]:
    """What to do, and the version that traffic comes from."""
    revision = active.revision if active else None
    joined = (
        newest is not None
        and revision is not None
        and (revision.function_name, revision.alias) == (target.function_name, target.alias)
        and revision.target_version == str(newest.number)
    )
    if joined and revision is not None:
        return Action.JOIN, revision.current_version
    if active is None and newest is not None and newest.number is not None and alias.is_at(newest.number):
        return Action.NOTHING, alias.version
    return Action.START, alias.version


def _version(clients: Clients, target: ReleaseTarget, number: str, newest: VersionState | None) -> VersionState | None:
    if number == LATEST:
        return None
    if newest is not None and number == str(newest.number):
        return newest
    return read_version(clients, target.function_name, int(number))


def _notes(latest: VersionState, newest: VersionState | None) -> tuple[str, ...]:
    if newest is None or not differences(newest, latest):
        return ()
    changed = f"the function has changed since version {newest.number} was published"
    return (f"{changed}, and only published versions are shifted; apply the stack to publish it",)
