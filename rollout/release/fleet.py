"""Several deployments watched at once."""

from __future__ import annotations

from rollout.release.errors import ReleaseError, UnsettledError
from rollout.release.model import Observer, Outcome
from rollout.release.options import Clock, OnFailure, OnInterrupt, ShiftOptions
from rollout.release.watching import Watch

OTHER_FAILED = "another function of the release failed"
"""Why a function that did not fail is taken back."""


class Fleet:
    """Deployments that belong together.

    Attributes:
        watches: every deployment, in the order it was added.
    """

    def __init__(self, options: ShiftOptions, observer: Observer, clock: Clock) -> None:
        self.watches: list[Watch] = []
        self._options, self._observer, self._clock = options, observer, clock

    @property
    def running(self) -> list[Watch]:
        """Those that have not ended."""
        return [watch for watch in self.watches if watch.result is None]

    @property
    def failed(self) -> bool:
        """Whether one ended elsewhere than it should."""
        return any(watch.result is not None and not watch.result.held for watch in self.watches)

    def wait(self, seconds: float) -> bool:
        """Look at all of them until they have ended; whether they have within this time.

        Raises:
            ReleaseError: AWS could not be asked.
        """
        until = self._clock.now() + seconds
        while True:
            for watch in self.running:
                watch.look(self._clock.now())
            if self.failed and self._options.on_failure is OnFailure.ROLL_BACK_ALL:
                self.stop(OTHER_FAILED)
            if not self.running:
                return True
            if self._clock.now() >= until:
                return False
            self._clock.sleep(self._options.poll_seconds)

    def stop(self, reason: str) -> None:
        """Stop all that run and roll them back.

        Raises:
            ReleaseError: at least one could not be stopped; the others were.
        """
        refused = []
        for watch in self.running:
            if not watch.is_stopping:
                try:
                    watch.stop(reason)
                except ReleaseError as error:
                    refused.append(str(error))
        if refused:
            raise UnsettledError("\n".join(refused))

    def give_up(self, reason: str) -> None:
        """End before the deployments have: roll them back and wait for that, or leave them, as chosen.

        What cannot be stopped is told, and left.
        """
        if self._options.on_interrupt is OnInterrupt.ROLL_BACK and self.running:
            self._observer.noted(f"{reason}: stopping {', '.join(watch.deployment_id for watch in self.running)}")
            try:
                self.stop(reason)
                self.wait(self._options.settle_seconds)
            except ReleaseError as error:
                self._observer.noted(str(error))
        for watch in self.running:
            watch.end(
                Outcome.UNSETTLED,
                f"deployment {watch.deployment_id} from version {watch.from_version} to {watch.to_version} goes on in "
                f"CodeDeploy ({reason}); run the command again, which joins it, or end it with `lambdanet release "
                "rollback`",
            )
