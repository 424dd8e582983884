"""One deployment, watched until all traffic is at one version."""

from __future__ import annotations

from rollout.readback.check import Clients
from rollout.release.aws import asking
from rollout.release.deployments import Deployment, read_deployment, stop_deployment
from rollout.release.functions import AliasState, read_alias
from rollout.release.groups import read_group
from rollout.release.model import Observer, Outcome, Result
from rollout.release.revision import Revision
from rollout.release.target import ReleaseTarget

_GOES_ON = "the deployment goes on in CodeDeploy; run the command again, which joins it"


class Watch:
    """A deployment on its way; it is looked at, and answers with a result once it is over.

    Attributes:
        target: the alias.
        deployment_id: the deployment.
        from_version: version that had the traffic before.
        to_version: version that is to have it.
        result: how it ended; None until it has.
    """

    def __init__(
        self,
        clients: Clients,
        target: ReleaseTarget,
        revision: Revision,
        deployment_id: str,
        *,
        observer: Observer,
        settle_seconds: float,
    ) -> None:
        self.target, self.deployment_id = target, deployment_id
        self.from_version, self.to_version = revision.current_version, revision.target_version
        self.result: Result | None = None
        self._clients, self._observer, self._settle_seconds = clients, observer, settle_seconds
        self._stop_reason = ""
        self._failure = ""
        self._settled_by: float | None = None

    def look(self, now: float) -> None:
        """See how far it is, and end when all traffic is at one version.

        Raises:
            ReleaseError: AWS could not be asked.
        """
        with asking(self.target.name, _GOES_ON):
            deployment = read_deployment(self._clients, self.deployment_id)
            alias = read_alias(self._clients, self.target)
            if deployment.is_active:
                self._tell(deployment, alias)
            elif deployment.status == "Succeeded":
                self._succeeded(alias, now)
            else:
                self._settle(deployment, alias, now)

    def stop(self, reason: str) -> None:
        """Have CodeDeploy stop it and roll it back; `look` sees the rest.

        Raises:
            ReleaseError: AWS could not be asked.
        """
        with asking(self.target.name, _GOES_ON):
            stop_deployment(self._clients, self.deployment_id)
        self._stop_reason = reason

    @property
    def is_stopping(self) -> bool:
        """Whether it was stopped from here."""
        return bool(self._stop_reason)

    def end(self, outcome: Outcome, sentence: str) -> None:
        """End watching, and tell."""
        self.result = Result(self.target, outcome, sentence, self.from_version, self.to_version, self.deployment_id)
        self._observer.finished(self.result)

    def _tell(self, deployment: Deployment, alias: AliasState) -> None:
        what = f"{deployment.status}, {deployment.event}" if deployment.event else deployment.status
        self._observer.progressed(self.target.name, alias.share_of(self.to_version) * 100, what)

    def _succeeded(self, alias: AliasState, now: float) -> None:
        """With provisioned concurrency Lambda leaves weights until environments of the new version are ready."""
        if self._settled_by is None:
            self._settled_by = now + self._settle_seconds
        if alias.version == self.to_version and alias.weights and now < self._settled_by:
            share = alias.share_of(self.to_version) * 100
            self._observer.progressed(self.target.name, share, "Succeeded, Lambda moves the rest")
            return
        if alias.is_at(self.to_version):
            self._observer.progressed(self.target.name, 100.0, "Succeeded")
            self.end(
                Outcome.SHIFTED,
                f"all traffic went from version {self.from_version} to {self.to_version} (deployment "
                f"{self.deployment_id})",
            )
            return
        self.end(
            Outcome.UNSETTLED,
            f"deployment {self.deployment_id} succeeded, but the alias points to {_pointing(alias)} instead of only "
            f"version {self.to_version}; something else moves it; see who calls UpdateAlias, and run the command again",
        )

    def _settle(self, deployment: Deployment, alias: AliasState, now: float) -> None:
        """It did not succeed: wait until all traffic is back."""
        if self._settled_by is None:
            self._settled_by = now + self._settle_seconds
            self._failure = self._why(deployment)
        rollback = read_deployment(self._clients, deployment.rollback_id) if deployment.rollback_id else None
        by = f" (rolled back by {rollback.deployment_id})" if rollback else ""
        if alias.is_at(self.from_version) and not (rollback and rollback.is_active):
            self.end(Outcome.ROLLED_BACK, f"{self._failure}; all traffic is at version {self.from_version}{by}")
            return
        expected = deployment.rolls_back or self.is_stopping or rollback is not None
        if not expected or now >= self._settled_by:
            self.end(Outcome.UNSETTLED, f"{self._failure}; {self._not_back(deployment, rollback, alias)}")
            return
        self._observer.progressed(
            self.target.name, alias.share_of(self.to_version) * 100, f"{deployment.status}, rolling back"
        )

    def _why(self, deployment: Deployment) -> str:
        firing = [alarm.name for alarm in read_group(self._clients, self.target).alarms if alarm.state == "ALARM"]
        shifting = f"{deployment.deployment_id} from version {self.from_version} to {self.to_version}"
        parts = [
            f"{shifting} ended as {deployment.status}",
            f"({deployment.error})" if deployment.error else "",
            f"because {self._stop_reason}" if self._stop_reason else "",
        ]
        said = "deployment " + " ".join(filter(None, parts))
        if deployment.failed_events:
            said += f"; {', '.join(deployment.failed_events)}"
        return f"{said}; in ALARM: {', '.join(firing)}" if firing else said

    def _not_back(self, deployment: Deployment, rollback: Deployment | None, alias: AliasState) -> str:
        what = f"the alias points to {_pointing(alias)}, and nothing rolls it back"
        if rollback is not None:
            said = f" ({rollback.error})" if rollback.error else ""
            what = (
                f"the alias points to {_pointing(alias)}; its rollback {rollback.deployment_id} {rollback.status}{said}"
            )
        elif deployment.rollback_message:
            what += f" ({deployment.rollback_message})"
        return f"{what}; go back with `lambdanet release rollback`"


def _pointing(alias: AliasState) -> str:
    shares = "".join(f", {share:.0%} to version {number}" for number, share in sorted(alias.weights.items()))
    return f"version {alias.version}{shares}"
