"""Traffic taken back to a version by a deployment of its own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from rollout.readback.check import Clients
from rollout.release.aws import asking
from rollout.release.deployments import create_rollback
from rollout.release.errors import ReleaseError
from rollout.release.fleet import Fleet
from rollout.release.model import Observer, Outcome, Result
from rollout.release.options import Clock, OnFailure, ShiftOptions
from rollout.release.revision import Revision
from rollout.release.target import ReleaseTarget
from rollout.release.watching import Watch


class Unheard:
    """Passes on all but how a watched deployment ended: what that means, only the caller knows."""

    def __init__(self, observer: Observer) -> None:
        self._observer = observer

    def started(self, name: str, sentence: str) -> None:
        """As the other's."""
        self._observer.started(name, sentence)

    def progressed(self, name: str, percent: float, sentence: str) -> None:
        """As the other's."""
        self._observer.progressed(name, percent, sentence)

    def finished(self, result: Result) -> None:
        """Nothing."""

    def noted(self, sentence: str) -> None:
        """As the other's."""
        self._observer.noted(sentence)


@dataclass(frozen=True)
class Way:
    """One alias on its way back.

    Attributes:
        target: the alias.
        from_version: version that has the traffic.
        to_version: version that had it before.
    """

    target: ReleaseTarget
    from_version: str
    to_version: str


def begin_return(clients: Clients, way: Way, reason: str, *, observer: Observer, settle_seconds: float) -> Watch:
    """Start the deployment that takes the traffic back.

    Raises:
        ReleaseError: AWS refused it.
    """
    revision = Revision(way.target.function_name, way.target.alias, way.from_version, way.to_version)
    with asking(way.target.name):
        deployment_id, _ = create_rollback(clients, way.target, revision, reason)
    observer.started(
        way.target.name, f"version {way.from_version} back to {way.to_version}, at once (deployment {deployment_id})"
    )
    return Watch(
        clients, way.target, revision, deployment_id, observer=Unheard(observer), settle_seconds=settle_seconds
    )


def take_back(
    clients: Clients, shifted: Sequence[Result], reason: str, *, options: ShiftOptions, observer: Observer, clock: Clock
) -> list[Result]:
    """Bring aliases back that were shifted, and say of each how that ended.

    One that cannot be brought back keeps no other from it.

    Raises:
        ReleaseError: AWS could not be asked.
    """
    fleet = Fleet(replace(options, timeout_seconds=None, on_failure=OnFailure.ROLL_BACK_FAILED), observer, clock)
    refused = dict[ReleaseTarget, str]()
    for result in reversed(shifted):
        way = Way(result.target, result.to_version, result.from_version)
        try:
            fleet.watches.append(
                begin_return(clients, way, reason, observer=observer, settle_seconds=options.settle_seconds)
            )
        except ReleaseError as error:
            refused[result.target] = str(error).removeprefix(f"{result.target.name}: ")
    fleet.wait(options.settle_seconds)
    ended = {watch.target: watch.result for watch in fleet.watches}
    return [
        _taken_back(result, ended.get(result.target), reason, refused.get(result.target, "its rollback has not ended"))
        for result in shifted
    ]


def _taken_back(result: Result, ended: Result | None, reason: str, otherwise: str) -> Result:
    if ended is not None and ended.held:
        sentence = f"{result.sentence}, and back to version {result.from_version}, as {reason}"
        return replace(result, outcome=Outcome.ROLLED_BACK, sentence=sentence)
    why = ended.sentence if ended is not None else otherwise
    return replace(result, outcome=Outcome.UNSETTLED, sentence=f"{result.sentence}; {why}")
