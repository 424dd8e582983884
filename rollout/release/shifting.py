"""Traffic shifted to the newest version of each function, by CodeDeploy."""

from __future__ import annotations

from collections.abc import Sequence

from modules.core.errors import ConfigError
from rollout.readback.check import Clients
from rollout.release.aws import asking
from rollout.release.deployments import create_deployment
from rollout.release.errors import ReleaseError, UnsettledError
from rollout.release.fleet import OTHER_FAILED, Fleet
from rollout.release.functions import read_version
from rollout.release.groups import read_group
from rollout.release.model import Observer, Outcome, Result, Silent
from rollout.release.options import Clock, OnFailure, ShiftOptions, SystemClock
from rollout.release.plan_model import Action, ShiftPlan
from rollout.release.planning import plan
from rollout.release.returning import take_back
from rollout.release.revision import Revision
from rollout.release.target import ReleaseTarget
from rollout.release.watching import Watch

_HOOK_MINUTES = 60
"""How long a hook may take (CodeDeploy user guide, AppSpec hooks for Lambda)."""

_MARGIN_MINUTES = 10
_PENDING_SECONDS = 900.0
"""How long a new version may be pending; SnapStart takes minutes (Lambda guide)."""


def shift(
    clients: Clients,
    targets: Sequence[ReleaseTarget],
    options: ShiftOptions | None = None,
    *,
    observer: Observer | None = None,
    clock: Clock | None = None,
) -> list[Result]:
    """Shift each alias to the newest version of its function, and wait until it is there.

    A deployment that does so already is joined. Where the newest version has all traffic nothing is done.

    Args:
        clients: service name to boto3 client.
        targets: the aliases.
        options: how; see `ShiftOptions`.
        observer: told about everything as it happens.
        clock: the time, and waiting.

    Returns:
        How it ended for each alias; each is at its newest version.

    Raises:
        ConfigError: an alarm that is to be ignored is watched by none of the groups.
        ReleaseError: something stands in the way and nothing was started, or a deployment failed and all its
            traffic is back.
        UnsettledError: the traffic of an alias is neither back nor shifted.
    """
    chosen, told = options or ShiftOptions(), observer or Silent()
    plans = plan(clients, targets, ignored_alarms=chosen.ignored_alarms)
    _require_watched(plans, chosen.ignored_alarms)
    if refused := [problem for planned in plans for problem in planned.problems]:
        raise ReleaseError("\n".join(refused))
    return _Shift(clients, chosen, told, clock or SystemClock()).run(plans)


def _require_watched(plans: Sequence[ShiftPlan], ignored_alarms: Sequence[str]) -> None:
    """An alarm that no group watches is a mistake in its name: the one that is meant would stop the deployment."""
    watched = sorted({alarm.name for planned in plans for alarm in planned.group.alarms})
    if unknown := [name for name in ignored_alarms if name not in watched]:
        raise ConfigError.single(
            "release shift",
            f"--ignore-alarm names {', '.join(unknown)}",
            f"the deployment groups watch {', '.join(watched) or 'no alarm'}",
            "name one of those" if watched else "leave --ignore-alarm out",
        )


class _Shift:
    def __init__(self, clients: Clients, options: ShiftOptions, observer: Observer, clock: Clock) -> None:
        self._clients, self._options, self._observer, self._clock = clients, options, observer, clock
        self._fleet = Fleet(options, observer, clock)
        self._others: list[Result] = []
        self._starting: tuple[ReleaseTarget, Revision] | None = None

    def run(self, plans: Sequence[ShiftPlan]) -> list[Result]:
        reason = "interrupted"
        try:
            self._start(plans)
            if not self._fleet.wait(self._seconds(plans)):
                reason = "no time is left"
                self._fleet.give_up(reason)
        except (KeyboardInterrupt, SystemExit):
            self._adopt()
            self._fleet.give_up(reason)
            raise
        except ReleaseError as error:
            self._fleet.give_up("AWS could not be asked")
            raise UnsettledError(str(error)) from error
        if self._failed and self._options.on_failure is OnFailure.ROLL_BACK_ALL:
            self._take_back()
        return self._judged()

    @property
    def _results(self) -> list[Result]:
        return [*self._others, *(watch.result for watch in self._fleet.watches if watch.result is not None)]

    @property
    def _failed(self) -> bool:
        return any(not result.held for result in self._results)

    def _start(self, plans: Sequence[ShiftPlan]) -> None:
        for planned in plans:
            if self._failed and self._options.on_failure is OnFailure.ROLL_BACK_ALL:
                self._ended(planned, Outcome.ROLLED_BACK, f"not started, as {OTHER_FAILED}")
            elif planned.action is Action.NOTHING:
                self._ended(planned, Outcome.NOTHING, f"all traffic is at version {planned.alias.version}, the newest")
            else:
                try:
                    self._begin(planned)
                except ReleaseError as error:
                    self._ended(planned, Outcome.ROLLED_BACK, str(error).removeprefix(f"{planned.target.name}: "))

    def _begin(self, planned: ShiftPlan) -> None:
        target, (current, newest) = planned.target, planned.versions
        revision = Revision.of(target, current, newest)
        if planned.action is Action.JOIN and planned.group.active is not None:
            deployment_id, joined = planned.group.active.deployment_id, True
        else:
            with asking(target.name):
                self._until_active(target, newest)
                self._starting = (target, revision)
                deployment_id, joined = create_deployment(
                    self._clients,
                    target,
                    revision,
                    planned.group,
                    ignored_alarms=self._options.ignored_alarms,
                    reason=self._options.reason,
                )
        self._watch(target, revision, deployment_id)
        self._starting = None
        how = "joined" if joined else "started"
        self._observer.started(
            target.name, f"version {current} to {newest}: {planned.group.traffic} (deployment {deployment_id} {how})"
        )

    def _adopt(self) -> None:
        """Watch the deployment that was asked for when the command was ended, before its id was known."""
        if self._starting is not None:
            target, revision = self._starting
            try:
                with asking(target.name, "see with `lambdanet release plan` whether a deployment was started"):
                    active = read_group(self._clients, target).active
            except ReleaseError as error:
                self._observer.noted(str(error))
                return
            if active is not None and active.revision == revision:
                self._watch(target, revision, active.deployment_id)

    def _until_active(self, target: ReleaseTarget, number: int) -> None:
        until = self._clock.now() + _PENDING_SECONDS
        while (version := read_version(self._clients, target.function_name, number)).state == "Pending":
            if self._clock.now() >= until:
                raise ReleaseError(
                    f"{target.name}: version {number} has been pending for {_PENDING_SECONDS / 60:.0f} minutes; "
                    "traffic goes to an active version only; see the function's state in Lambda"
                )
            self._observer.noted(f"{target.name}: version {number} is pending")
            self._clock.sleep(self._options.poll_seconds)
        if version.state == "Failed":
            raise ReleaseError(
                f"{target.name}: version {number} failed ({version.state_reason}); traffic goes to an active version "
                "only; correct that and publish another version"
            )

    def _watch(self, target: ReleaseTarget, revision: Revision, deployment_id: str) -> None:
        self._fleet.watches.append(
            Watch(
                self._clients,
                target,
                revision,
                deployment_id,
                observer=self._observer,
                settle_seconds=self._options.settle_seconds,
            )
        )

    def _take_back(self) -> None:
        """Bring those back that were shifted before another failed."""
        shifted = [result for result in self._results if result.outcome is Outcome.SHIFTED]
        if not shifted:
            return
        try:
            back = take_back(
                self._clients,
                shifted,
                OTHER_FAILED,
                options=self._options,
                observer=self._observer,
                clock=self._clock,
            )
        except ReleaseError as error:
            raise UnsettledError("\n".join(map(str, (*self._results, error)))) from error
        taken = {result.target: result for result in back}
        for watch in self._fleet.watches:
            watch.result = taken.get(watch.target, watch.result)
        for result in back:
            self._observer.finished(result)

    def _judged(self) -> list[Result]:
        results = self._results
        bad = [result for result in results if not result.held]
        if not bad:
            return results
        kind = UnsettledError if any(result.outcome is Outcome.UNSETTLED for result in bad) else ReleaseError
        raise kind("\n".join(str(result) for result in bad))

    def _seconds(self, plans: Sequence[ShiftPlan]) -> float:
        """The time that all deployments may take, when nobody says how long."""
        if self._options.timeout_seconds is not None:
            return self._options.timeout_seconds

        def minutes(planned: ShiftPlan) -> int:
            hooks = sum(map(bool, (planned.target.before_traffic, planned.target.after_traffic)))
            return planned.group.traffic.minutes + hooks * _HOOK_MINUTES + _MARGIN_MINUTES

        return 60.0 * max((minutes(planned) for planned in plans if planned.action is not Action.NOTHING), default=0)

    def _ended(self, planned: ShiftPlan, outcome: Outcome, sentence: str) -> None:
        result = Result(planned.target, outcome, sentence, planned.alias.version, planned.alias.version)
        self._others.append(result)
        self._observer.finished(result)
