"""Configuration of alarms and of the topic they go to."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any, Self

from pydantic import Field, StrictBool, model_validator

from modules.core.config import ConfigModel
from modules.core.errors import Problem
from modules.core.fields import Matching, Reason


class AlarmsConfig(ConfigModel):
    """Whether a module creates its recommended alarms; going without takes a reason."""

    enabled: StrictBool = Field(default=True, description="Create the module's recommended alarms.")
    reason: Reason = Field(default="", description="Why there are none; required when `enabled` is false.")
    notify: StrictBool = Field(
        default=True,
        description="Each alarm publishes to the topic by itself; false leaves that to a composite alarm, which the "
        "alarms must be part of.",
    )

    @classmethod
    def off(cls, *, reason: str) -> Self:
        """No alarms, for a stated reason."""
        return cls(enabled=False, reason=reason)

    @property
    def off_reason(self) -> str:
        """Why there are no alarms; empty where there are."""
        return "" if self.enabled else self.reason

    @model_validator(mode="before")
    @classmethod
    def _of_any_module(cls, data: Any) -> Any:  # whatever a caller or a YAML file brings
        """Plain `AlarmsConfig` is taken where a module has thresholds of its own."""
        return data.model_dump(exclude_unset=True) if type(data) is AlarmsConfig and cls is not AlarmsConfig else data

    def cross_checks(self) -> Iterator[Problem]:
        """A reason is given exactly when alarms are off."""
        if not self.enabled and not self.reason:
            yield Problem("", "enabled is False without a reason", "going without alarms takes a reason", "set reason")
        if self.enabled and self.reason:
            yield Problem("", f'reason is "{self.reason}"', "a reason belongs to enabled: false", "remove it")
        if not self.enabled and not self.notify:
            yield Problem("", "notify is False and enabled is False", "alarms that there are not notify nobody",
                          "remove notify")  # fmt: skip


class AlarmTopicConfig(ConfigModel):
    """The SNS topic that alarms are sent to."""

    email_subscriptions: tuple[
        Annotated[
            str,
            Matching(
                r"[\w.!#$%&'*+/=?^`~-]{1,64}@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+",
                "an e-mail address reads like team@example.com",
                "correct it",
                254,
                literal=True,
            ),
        ],
        ...,
    ] = Field(default=(), description="Addresses that are told; each must confirm once by e-mail.")
    https_subscriptions: dict[
        Annotated[
            str, Matching(r"[a-z0-9]+(?:-[a-z0-9]+)*", "a name has words and hyphens", "correct it", literal=True)
        ],
        Annotated[
            str,
            Matching(
                r"https://[A-Za-z0-9.-]+(?::\d{1,5})?(?:/[!-~]*)?",
                "an endpoint's URL begins with https://, so that messages never travel in clear text",
                "write the endpoint's URL",
            ),
        ],
    ] = Field(
        default_factory=dict,
        description="Name to HTTPS endpoint that is told, such as an on-call service's, once it confirmed.",
    )

    def cross_checks(self) -> Iterator[Problem]:
        """Each address once."""
        for address in sorted({a for a in self.email_subscriptions if self.email_subscriptions.count(a) > 1}):
            yield Problem("", f'email_subscriptions holds "{address}" twice', "each address once", "remove one")
