"""The clock that CodeDeploy's deployments run by in the emulator, as both its process and its users see it."""

from __future__ import annotations

import os
import threading
import time
from dataclasses import dataclass

DEPLOYMENTS_PATH = "/moto-api/codedeploy"
"""Where the server tells of its clock; below moto's own prefix, which no AWS service uses."""

MINUTE_SECONDS = "LAMBDANET_CODEDEPLOY_MINUTE_SECONDS"
"""Environment variable: how many seconds one of CodeDeploy's minutes takes."""

FIRST_MINUTE_SECONDS = float(os.environ.get(MINUTE_SECONDS, "60"))
"""How many it takes where nobody has said otherwise."""


@dataclass(frozen=True)
class LifecycleHook:
    """A function that a deployment waits for; the emulator runs no functions, so somebody reports in its place.

    Attributes:
        deployment_id: the deployment.
        event: `BeforeAllowTraffic` or `AfterAllowTraffic`.
        function: name or ARN of the function, as the AppSpec file says.
        execution_id: what the function passes to `PutLifecycleEventHookExecutionStatus`.
    """

    deployment_id: str
    event: str
    function: str
    execution_id: str

    @property
    def payload(self) -> dict[str, str]:
        """The event that CodeDeploy invokes the function with."""
        return {"DeploymentId": self.deployment_id, "LifecycleEventHookExecutionId": self.execution_id}


class DeploymentClock:
    """Minutes since the server's start, which may be shorter than 60 seconds and may be let pass.

    Attributes:
        minute_seconds: how many seconds a minute takes.
    """

    def __init__(self) -> None:
        self.minute_seconds = FIRST_MINUTE_SECONDS
        self._begun, self._passed = time.time(), 0.0
        self._lock = threading.Lock()

    def minutes(self) -> float:
        """What the clock shows."""
        with self._lock:
            return (time.time() - self._begun) / self.minute_seconds + self._passed

    def set_minute(self, seconds: float) -> None:
        """Make a minute shorter or longer from now on."""
        shown = self.minutes()
        with self._lock:
            self.minute_seconds, self._begun, self._passed = seconds, time.time(), shown

    def pass_minutes(self, minutes: float) -> None:
        """Put the clock forward."""
        with self._lock:
            self._passed += minutes

    def time_at(self, minutes: float) -> float:
        """Seconds since the epoch when the clock shows `minutes`, as if nothing had been or would be let pass."""
        return time.time() - (self.minutes() - minutes) * self.minute_seconds
