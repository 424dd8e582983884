"""The steps of `lambdanet demo-release`."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from modules.core.errors import PlanError
from rollout.adapters.terraform import Terraform
from rollout.adapters.terraform_plan import Plan
from rollout.proof import Outcome
from rollout.proof.model import Observer
from rollout.readback.check import Check, Clients, equal, pages
from rollout.readback.leftovers import leftovers
from rollout.release import ReleaseError, ReleaseTarget, Result, ShiftOptions, plan, prune, release_targets, shift

Step = tuple[str, Callable[[], Outcome]]
_POLL_SECONDS = 0.5
_CANARY_PERCENT = 10
_OF_A_VERSION = {"aws_lambda_function", "aws_cloudwatch_metric_alarm"}
"""What another version changes: the function, and the alarm of its newest version; never alias or release."""


class ReleaseDemo:
    """A function's versions from the first to the third, the second of which an alarm rolls back.

    Attributes:
        facts: what was read back in the end, for whoever watches.
    """

    def __init__(
        self,
        terraform: Terraform,
        clients: Clients,
        prefix: str,
        synthesized: Callable[[int], Path],
        observer: Observer,
        expect: Callable[[int], None],
    ) -> None:
        """Prepare; nothing runs yet.

        Args:
            terraform: in the stack's folder.
            clients: service name to boto3 client.
            prefix: what every name of the stack begins with.
            synthesized: writes the stack with the code of a version.
            observer: shows progress.
            expect: told how many resources the next apply is about.
        """
        self._terraform, self._clients, self._prefix = terraform, clients, prefix
        self._synthesized, self._observer, self._expect = synthesized, observer, expect
        self._target: ReleaseTarget
        self.facts: dict[str, str] = {}

    def steps(self) -> Iterator[Step]:
        """Every step but the destroy, in order."""
        yield "apply version 1", self._apply_first
        yield "release the first version", self._release_first
        yield "apply version 2: publish, shift nothing", lambda: self._publish(2)
        yield "shift 10 percent, raise an alarm", self._shift_into_alarm
        yield "read back the rollback", lambda: self._read_back(version=1, versions=2)
        yield "apply version 3: publish, shift nothing", lambda: self._publish(3)
        yield "shift to the end", self._shift_to_the_end
        yield "read back the release", lambda: self._read_back(version=3, versions=3)
        yield "delete the version nothing names", self._prune
        yield "plan again", self._plan_again

    def destroy(self) -> Outcome:
        """Destroy everything, and look for what is left."""
        self._expect(len(self._terraform.state_addresses()))
        self._terraform.destroy()
        if held := self._terraform.state_addresses():
            raise PlanError(f"the state still holds {', '.join(held)} after destroy")
        left = leftovers(self._clients, prefix=self._prefix)
        return Outcome(f"{len(left)} resources left", tuple(f"left: {thing}" for thing in left))

    def _apply_first(self) -> Outcome:
        self._terraform.init()
        planned = self._apply()
        self._target = release_targets(self._terraform.outputs())[0]
        return Outcome(f"{len(_changed(planned))} resources; {self._target.name}")

    def _apply(self) -> Plan:
        planned = self._terraform.plan()
        self._expect(len(_changed(planned)))
        self._terraform.apply(planned)
        return planned

    def _release_first(self) -> Outcome:
        (result,) = self._shift(_Shown(self._observer))
        checks = self._checks(version=1, versions=1)
        return _judged(result.sentence, checks)

    def _publish(self, version: int) -> Outcome:
        self._synthesized(version)
        changed = _changed(self._apply())
        (planned,) = plan(self._clients, [self._target])
        checks = [
            equal("changed resources", _OF_A_VERSION, {change.type for change in changed}),
            equal("how they change", {("update",)}, {change.actions for change in changed}),
            equal("newest version", version, planned.newest.number if planned.newest else None),
            equal("version of the alias", "1", planned.alias.version),
        ]
        return _judged(f"would shift 1 → {version}: {', '.join(planned.differences)}; {planned.group.traffic}", checks)

    def _shift_into_alarm(self) -> Outcome:
        """The alarm is raised as soon as the canary has its share; the shift must fail."""
        (planned,) = plan(self._clients, [self._target])
        watched = [alarm.name for alarm in planned.group.alarms]
        alarm = next(name for name in watched if name.endswith("errors"))
        shown = _Shown(self._observer, at_canary=lambda: self._set_alarm(alarm, "ALARM"))
        try:
            self._shift(shown)
        except ReleaseError as error:
            reason = str(error)
        else:
            return Outcome("the shift did not fail", (f"{alarm} was in ALARM and the shift went on",))
        self._set_alarm(alarm, "OK")
        checks = [
            equal("traffic of version 2 when the alarm fired", f"{_CANARY_PERCENT} percent", f"{shown.at:.0f} percent"),
            equal("the alarm is named", expected=True, found=f"in ALARM: {alarm}" in reason),
        ]
        self.facts["rolled back"] = reason
        return _judged(f"{_CANARY_PERCENT} percent, {alarm} in ALARM, rolled back", checks)

    def _shift_to_the_end(self) -> Outcome:
        shown = _Shown(self._observer)
        (result,) = self._shift(shown)
        self.facts["shifted"] = str(result)
        return _judged(result.sentence, [equal("share of the canary", f"{_CANARY_PERCENT}", f"{shown.at:.0f}")])

    def _read_back(self, *, version: int, versions: int) -> Outcome:
        checks = self._checks(version=version, versions=versions)
        self.facts["alias and versions"] = ", ".join(f"{check.subject} {check.found}" for check in checks)
        return _judged(f"{len(checks)} facts compared", checks)

    def _checks(self, *, version: int, versions: int) -> list[Check]:
        client: Any = self._clients("lambda")  # Any: clients are made from models at run time
        name = self._target.function_name
        alias = client.get_alias(FunctionName=name, Name=self._target.alias)
        listed = pages(client, "list_versions_by_function", "Versions", FunctionName=name)
        published = [found for found in listed if found["Version"] != "$LATEST"]
        weights = (alias.get("RoutingConfig") or {}).get("AdditionalVersionWeights") or {}
        hashes = {found["CodeSha256"] for found in published}
        numbers = [found["Version"] for found in published]
        return [
            equal(f"alias {self._target.alias}", str(version), alias["FunctionVersion"]),
            equal("weights", {}, weights),
            equal("versions", [str(number) for number in range(1, versions + 1)], numbers),
            equal("versions with code of their own", versions, len(hashes)),
        ]

    def _plan_again(self) -> Outcome:
        changes = [f"{change.address} would {'/'.join(change.actions)}" for change in _changed(self._terraform.plan())]
        return Outcome("Terraform leaves the alias where CodeDeploy put it", tuple(changes))

    def _prune(self) -> Outcome:
        (done,) = prune(self._clients, [self._target], keep=1)
        stays = "; ".join(f"{number} stays: {', '.join(why)}" for number, why in done.kept.items())
        checks = [
            equal("deleted versions", [2], list(done.deleted)),
        ]
        return _judged(f"version 2 deleted; {stays}", checks)

    def _shift(self, shown: _Shown) -> list[Result]:
        return shift(self._clients, [self._target], ShiftOptions(poll_seconds=_POLL_SECONDS), observer=shown)

    def _set_alarm(self, name: str, state: str) -> None:
        client: Any = self._clients("cloudwatch")  # Any: as above
        client.set_alarm_state(AlarmName=name, StateValue=state, StateReason="the demo says so")


class _Shown:
    """Shows a shift as the progress of its step, and acts once the canary has its share.

    Attributes:
        at: that share, in percent.
    """

    def __init__(self, observer: Observer, at_canary: Callable[[], None] | None = None) -> None:
        self._observer, self._at_canary, self.at = observer, at_canary, 0.0

    def started(self, name: str, sentence: str) -> None:
        """A deployment was started."""
        self._observer.progressed(0, 100, f"{name}: {sentence}")

    def progressed(self, name: str, percent: float, sentence: str) -> None:
        """The canary has `percent` of the traffic."""
        self._observer.progressed(round(percent), 100, f"{name} {sentence}")
        if percent and not self.at:
            self.at = percent
            if self._at_canary is not None:
                self._at_canary()

    def finished(self, result: Result) -> None:
        """The step tells."""

    def noted(self, sentence: str) -> None:
        """The step tells."""


def _changed(planned: Plan) -> list[Any]:
    return [change for change in planned.resource_changes if not change.is_quiet]


def _judged(summary: str, checks: list[Check]) -> Outcome:
    broken = tuple(
        f"{check.subject}: {check.found} was found; {check.expected} was expected" for check in checks if not check.held
    )
    return Outcome(summary, broken)
