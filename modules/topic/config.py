"""Configuration of an SNS topic and of what it delivers to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated, Any

from pydantic import Field, StrictBool

from modules.core import limits
from modules.core.config import ConfigModel
from modules.core.errors import Problem
from modules.core.fields import Matching, OneOf, Within
from modules.core.kinds import ByKind
from modules.observability import AlarmsConfig
from modules.queue import DeadLetterQueueConfig, WithoutDeadLettersConfig

ATTRIBUTES, BODY = "MessageAttributes", "MessageBody"
Email = Annotated[
    str,
    Matching(
        r"[\w.!#$%&'*+/=?^`~-]{1,64}@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+",
        "an e-mail address reads like team@example.com",
        "correct it",
        254,
        literal=True,
    ),
]
_HttpsUrl = Annotated[
    str,
    Matching(
        r"https://[A-Za-z0-9.-]+(?::\d{1,5})?(?:/[!-~]*)?",
        "an endpoint's URL begins with https://, so that messages never travel in clear text",
        "write the endpoint's URL",
        literal=True,
    ),
]


class FifoTopicConfig(ConfigModel):
    """A topic that keeps the order within each message group and takes no message twice within five minutes."""

    content_based_deduplication: StrictBool = Field(
        default=False, description="Take a message's SHA-256 for its deduplication id where the publisher gives none."
    )
    high_throughput: StrictBool = Field(
        default=False, description="Count throughput and duplicates for each message group instead of for the topic."
    )


class DeliveryLogConfig(ConfigModel):
    """Log groups that say which messages SNS delivered to queues, functions and HTTPS endpoints, and which not."""

    success_sample_percent: Annotated[int, Within(limits.SNS_SUCCESS_SAMPLE_PERCENT)] = Field(
        default=0, description="Share of delivered messages that is logged; each failure is. 0 to 100 (SNS guide)."
    )
    retention_days: Annotated[int, OneOf(limits.LOG_RETENTION_DAYS, "a log group's retention")] = Field(
        default=365, description="Days that the log is kept, as CloudWatch Logs takes them."
    )


class SubscriptionConfig(ConfigModel):
    """What of a topic a queue gets, and in which form."""

    filter_policy: dict[str, Any] | None = Field(
        default=None,
        description="Attribute or property to the values that match, as SNS's filter policies are written; null for "
        "every message.",
    )
    filter_policy_scope: Annotated[str, OneOf((ATTRIBUTES, BODY), "filter_policy_scope", literal=True)] = Field(
        default=ATTRIBUTES, description="What the filter looks at: MessageAttributes or MessageBody."
    )
    raw: StrictBool = Field(
        default=False, description="Deliver the message as it was published, without SNS's JSON around it."
    )

    def cross_checks(self) -> Iterator[Problem]:
        """A filter that SNS takes."""
        if self.filter_policy is None:
            if self.filter_policy_scope != ATTRIBUTES:
                given = f'filter_policy_scope is "{self.filter_policy_scope}" without a filter_policy'
                yield Problem("", given, "it says what the filter looks at", "set filter_policy, or remove it")
            return
        yield from _filter_problems(self.filter_policy, nested=self.filter_policy_scope == BODY)


class TopicConfig(ConfigModel):
    """An SNS topic.

    Encrypted with the stack's key, and refusing plain HTTP: always.

    Raises:
        ConfigError: with every refused field.
    """

    fifo: FifoTopicConfig | None = Field(
        default=None, description="A FIFO topic; null for a standard one. Changing it replaces the topic."
    )
    display_name: Annotated[
        str, Matching(r".{0,100}", "a display name has at most 100 characters on one line (SNS guide)", "shorten it")
    ] = Field(default="", description="Sender's name in e-mails.")
    email_subscriptions: tuple[Email, ...] = Field(
        default=(), description="Addresses that get every message; each must confirm once by e-mail."
    )
    https_subscriptions: dict[
        Annotated[
            str, Matching(r"[a-z0-9]+(?:-[a-z0-9]+)*", "a name has words and hyphens", "correct it", literal=True)
        ],
        _HttpsUrl,
    ] = Field(default_factory=dict, description="Name to HTTPS endpoint that gets every message, once it confirmed.")
    dead_letters: Annotated[DeadLetterQueueConfig | WithoutDeadLettersConfig, ByKind(default="queue")] = Field(
        default_factory=DeadLetterQueueConfig,
        description="Where messages go that a queue or an endpoint did not take: a queue made with the first "
        "subscription, or nowhere, with a reason.",
    )
    delivery_log: DeliveryLogConfig | None = Field(
        default=None, description="A log of deliveries, which is charged for; null for none."
    )
    alarms: AlarmsConfig = Field(default_factory=AlarmsConfig, description="Alarms of the topic and its dead letters.")

    def cross_checks(self) -> Iterator[Problem]:
        """Each address once, and for FIFO topics queues only; an alarm in time."""
        if self.alarms.enabled and isinstance(self.dead_letters, DeadLetterQueueConfig):
            yield from self.dead_letters.alarm_problems("dead_letters")
        for address in sorted({a for a in self.email_subscriptions if self.email_subscriptions.count(a) > 1}):
            yield Problem("", f'email_subscriptions holds "{address}" twice', "each address once", "remove one")
        if self.fifo is not None and (self.email_subscriptions or self.https_subscriptions):
            yield Problem(
                "",
                "a FIFO topic has e-mail or HTTPS subscriptions",
                "SNS delivers messages of FIFO topics to queues only (SNS guide, FIFO topics)",
                "remove them, or use a standard topic",
            )
        if self.fifo is not None and self.display_name:
            yield Problem(
                "",
                f'display_name is "{self.display_name}" on a FIFO topic',
                "it names the sender of e-mails, and a FIFO topic sends none (SNS guide, FIFO topics)",
                "remove it",
            )


def _filter_problems(policy: Mapping[str, Any], *, nested: bool) -> Iterator[Problem]:
    most = limits.SNS_FILTER_POLICY_KEYS
    if not 1 <= len(policy) <= most:
        yield Problem(
            "",
            f"filter_policy has {len(policy)} keys",
            f"SNS takes 1 to {most} (SNS guide, filter policy constraints)",
            "choose fewer, or remove the filter" if policy else "name a key, or remove the filter",
        )
    combinations, broken = _combinations(policy, nested=nested, depth=1)
    for key in broken:
        yield Problem(
            "",
            f'filter_policy["{key}"] is {"neither a mapping nor " if nested else "not "}a list of values',
            "a filter maps a key to the values that match"
            + ("" if nested else ", and only MessageBody knows properties of properties"),
            "write a list",
        )
    allowed = limits.SNS_FILTER_POLICY_COMBINATIONS
    if combinations > allowed:
        yield Problem(
            "",
            f"filter_policy has {combinations} combinations of values",
            f"SNS takes {allowed}: the product of the numbers of values, each times its depth (SNS guide, filter "
            "policy constraints)",
            "list fewer values",
        )


def _combinations(policy: Mapping[str, Any], *, nested: bool, depth: int) -> tuple[int, list[str]]:
    """The product that SNS bounds, and the keys whose values are of the wrong kind."""
    product, broken = 1, []
    for key, value in policy.items():
        if isinstance(value, list | tuple) and value:
            product *= len(value) * depth
        elif nested and isinstance(value, Mapping) and value:
            inner, wrong = _combinations(value, nested=True, depth=depth + 1)
            product *= inner
            broken += [f"{key}.{name}" for name in wrong]
        else:
            broken.append(key)
    return product, broken
