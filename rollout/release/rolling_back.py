"""Back to the version before: a running deployment is stopped, else one is started that goes back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from modules.core.errors import ConfigError, Problem
from rollout.readback.check import Clients
from rollout.release.aws import asking
from rollout.release.errors import ReleaseError, UnsettledError
from rollout.release.fleet import Fleet
from rollout.release.functions import LATEST, AliasState, published_versions, read_alias
from rollout.release.groups import Group, read_group, revision_of
from rollout.release.model import Observer, Outcome, Result, Silent
from rollout.release.options import Clock, ShiftOptions, SystemClock
from rollout.release.returning import Unheard, Way, begin_return
from rollout.release.revision import Revision
from rollout.release.target import ReleaseTarget
from rollout.release.watching import Watch

_ASKED = "a rollback was asked for"


class Step(StrEnum):
    """What takes the traffic back."""

    STOP = "stop the deployment"
    WAIT = "wait for the rollback that runs"
    UNWEIGH = "take the alias's weights away"
    SHIFT = "shift back at once"


@dataclass(frozen=True)
class RollbackPlan:
    """What a rollback would do for one alias.

    Attributes:
        target: the alias.
        step: what takes the traffic back.
        from_version: version that has traffic and should not.
        to_version: version that gets all traffic.
        deployment_id: the deployment that is stopped or waited for; empty for none.
        alias: the alias as it is now.
        then_version: version that gets all traffic afterwards; empty where `to_version` keeps it.
    """

    target: ReleaseTarget
    step: Step
    from_version: str
    to_version: str
    deployment_id: str
    alias: AliasState
    then_version: str = ""

    def __str__(self) -> str:
        """One line."""
        what = f"{self.step} {self.deployment_id}" if self.deployment_id else str(self.step)
        then = f", then at version {self.then_version}" if self.then_version else ""
        return f"{self.target.name}: {what}; all traffic at version {self.to_version}{then}"


def plan_rollback(clients: Clients, targets: Sequence[ReleaseTarget], *, to: int | None = None) -> list[RollbackPlan]:
    """What a rollback of these aliases would do.

    Args:
        clients: service name to boto3 client.
        targets: the aliases.
        to: the version to go back to, for one alias only; by default the version before.

    Raises:
        ConfigError: a version was given for several aliases.
        ReleaseError: there is no version to go back to; all such aliases at once.
    """
    if to is not None and len(targets) != 1:
        raise ConfigError(
            [Problem("release rollback", f"--to is given for {len(targets)} aliases", "versions belong to one function",
                     "name the function with --function")]
        )  # fmt: skip
    plans, problems = [], []
    for target in targets:
        with asking(target.name):
            try:
                plans.append(_planned(clients, target, to))
            except _NoWayError as error:
                problems.append(str(Problem(target.name, *error.args)))
    if problems:
        raise ReleaseError("\n".join(problems))
    return plans


def rollback(
    clients: Clients,
    targets: Sequence[ReleaseTarget],
    *,
    to: int | None = None,
    options: ShiftOptions | None = None,
    observer: Observer | None = None,
    clock: Clock | None = None,
) -> list[Result]:
    """Take each alias back to the version before, and wait until all its traffic is there.

    What AWS refuses for one alias does not keep the others from going back.

    Raises:
        ConfigError: as `plan_rollback`.
        ReleaseError: as `plan_rollback`; nothing was changed.
        UnsettledError: not all traffic of an alias is where it should be.
    """
    chosen, told, time = options or ShiftOptions(), observer or Silent(), clock or SystemClock()
    plans = plan_rollback(clients, targets, to=to)
    fleet, results, refused = Fleet(chosen, told, time), list[Result](), list[str]()
    for planned in plans:
        try:
            if planned.step is Step.UNWEIGH:
                results.append(_unweighed(clients, planned))
                told.finished(results[-1])
            else:
                fleet.watches.append(_begun(clients, planned, chosen, told))
        except ReleaseError as error:
            refused.append(str(error))
    try:
        fleet.wait(chosen.timeout_seconds or chosen.settle_seconds)
    except ReleaseError as error:
        raise UnsettledError("\n".join((*refused, str(error)))) from error
    again = [watch.target for watch in fleet.watches if _came_too_late(watch, plans, to) or _goes_on(watch, plans)]
    for watch in fleet.watches:
        if watch.target not in again:
            results.append(_judged(watch))
            told.finished(results[-1])
    if again:
        try:
            results += rollback(clients, again, to=to, options=options, observer=observer, clock=clock)
        except ReleaseError as error:
            refused.append(str(error))
    if bad := [*refused, *(str(result) for result in results if not result.held)]:
        raise UnsettledError("\n".join(bad))
    return results


def version_before(
    clients: Clients, target: ReleaseTarget, alias: AliasState, group: Group, versions: Sequence[int]
) -> int | None:
    """The version that had the traffic before the present one; None when there is none.

    That is what the group's last successful deployment shifted from, where it brought the alias to its present
    version; else the next lower version. A rollback does not count: the version that it left is never the one before.
    """
    present = int(alias.version)
    revision = revision_of(clients, group.last_successful) if group.last_successful else None
    if revision is not None and revision.target_version == alias.version and revision.current_version.isdigit():
        before = int(revision.current_version)
        same = (revision.function_name, revision.alias) == (target.function_name, target.alias)
        if same and before < present and before in versions:
            return before
    return max((version for version in versions if version < present), default=None)


class _NoWayError(Exception):
    """Arguments: what was found, what is allowed, what to do."""


def _planned(clients: Clients, target: ReleaseTarget, to: int | None) -> RollbackPlan:
    alias, group = read_alias(clients, target), read_group(clients, target)
    if (active := group.active) is not None:
        if to is not None and to not in (versions := published_versions(clients, target.function_name)):
            raise _no_other(to, versions)
        shifts = active.revision
        before = shifts.current_version if shifts else alias.version
        wanted = shifts.target_version if shifts else ""
        if before.isdigit() and wanted.isdigit() and int(wanted) < int(before):
            return RollbackPlan(target, Step.WAIT, before, wanted, active.deployment_id, alias, _then(to, wanted))
        return RollbackPlan(target, Step.STOP, wanted, before, active.deployment_id, alias, _then(to, before))
    if alias.weights and to is None:
        return RollbackPlan(target, Step.UNWEIGH, ", ".join(sorted(alias.weights)), alias.version, "", alias)
    if alias.version == LATEST:
        raise _NoWayError(f"the alias points to {LATEST}", "CodeDeploy shifts traffic between published versions",
                          "let the alias point to a published version first")  # fmt: skip
    versions = published_versions(clients, target.function_name)
    before_it = to if to is not None else version_before(clients, target, alias, group, versions)
    if to is not None and (to not in versions or str(to) == alias.version):
        raise _no_other(to, versions)
    if before_it is None:
        raise _NoWayError(
            f"there is no version before {alias.version}",
            f"the function has the versions {', '.join(map(str, versions))}",
            "publish a version that holds what should run, and shift to it",
        )
    return RollbackPlan(target, Step.SHIFT, alias.version, str(before_it), "", alias)


def _no_other(to: int, versions: Sequence[int]) -> _NoWayError:
    has = f"the function has the versions {', '.join(map(str, versions))}"
    return _NoWayError(f"version {to} is no other version", has, "name another of them")


def _then(to: int | None, first: str) -> str:
    return "" if to is None or str(to) == first else str(to)


def _begun(clients: Clients, planned: RollbackPlan, options: ShiftOptions, observer: Observer) -> Watch:
    target = planned.target
    if planned.step is Step.SHIFT:
        way = Way(target, planned.from_version, planned.to_version)
        return begin_return(clients, way, _ASKED, observer=observer, settle_seconds=options.settle_seconds)
    ends = (planned.from_version, planned.to_version)
    current, wanted = ends if planned.step is Step.WAIT else ends[::-1]
    watch = Watch(
        clients,
        target,
        Revision(target.function_name, target.alias, current, wanted),
        planned.deployment_id,
        observer=Unheard(observer),
        settle_seconds=options.settle_seconds,
    )
    if planned.step is Step.STOP:
        watch.stop(_ASKED)
    observer.started(target.name, f"{planned.step} {planned.deployment_id}")
    return watch


def _unweighed(clients: Clients, planned: RollbackPlan) -> Result:
    """No deployment runs: the alias itself is changed, unless somebody else changed it meanwhile."""
    client: Any = clients("lambda")  # Any: clients are made from models at run time
    target = planned.target
    with asking(target.name):
        client.update_alias(
            FunctionName=target.function_name,
            Name=target.alias,
            RoutingConfig={"AdditionalVersionWeights": {}},
            **({"RevisionId": planned.alias.revision_id} if planned.alias.revision_id else {}),
        )
    said = f"all traffic is at version {planned.to_version}; the weights of {planned.from_version} are gone"
    return Result(target, Outcome.SHIFTED, said, planned.from_version, planned.to_version)


def _came_too_late(watch: Watch, plans: Sequence[RollbackPlan], to: int | None) -> bool:
    """Whether a deployment succeeded before it could be stopped, and brought the alias elsewhere than wanted."""
    stopped = {planned.target for planned in plans if planned.step is Step.STOP}
    succeeded = watch.result is not None and watch.result.outcome is Outcome.SHIFTED
    return watch.target in stopped and succeeded and watch.to_version != str(to)


def _goes_on(watch: Watch, plans: Sequence[RollbackPlan]) -> bool:
    """Whether what ran is over, and the version that was named is yet to get the traffic."""
    (then,) = (planned.then_version for planned in plans if planned.target == watch.target)
    return bool(then) and watch.to_version != then and _judged(watch).held


def _judged(watch: Watch) -> Result:
    """What its end means for a rollback: a deployment that was stopped and rolled back has done what was asked."""
    ended = watch.result
    if ended is None:
        said = f"the rollback of {watch.deployment_id} has not ended; run the command again, which waits for it"
        return Result(watch.target, Outcome.UNSETTLED, said, deployment_id=watch.deployment_id)
    if watch.is_stopping and ended.outcome is Outcome.ROLLED_BACK:
        return Result(
            ended.target, Outcome.SHIFTED, ended.sentence, ended.to_version, ended.from_version, ended.deployment_id
        )
    return ended
