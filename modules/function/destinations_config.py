"""Configuration of where asynchronous results and dead letters go."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import Field

from modules.core import limits
from modules.core.config import ConfigModel
from modules.core.errors import Problem
from modules.core.fields import Matching, OneOf, Reason
from modules.core.kinds import ByKind
from modules.core.tokens import is_token
from modules.key.arns import KmsKeyArn

_PARTITION = r"arn:aws(?:-cn|-us-gov)?"
_IN_ACCOUNT = rf"{limits.REGION}:\d{{12}}"
_NAME = r"[A-Za-z0-9_-]"
_PATTERNS = {
    "sqs": rf"{_PARTITION}:sqs:{_IN_ACCOUNT}:{_NAME}{{1,80}}(?:\.fifo)?",
    "sns": rf"{_PARTITION}:sns:{_IN_ACCOUNT}:{_NAME}{{1,256}}(?:\.fifo)?",
    "lambda": rf"{_PARTITION}:lambda:{_IN_ACCOUNT}:function:{_NAME}{{1,64}}(?::(?:\$LATEST|{_NAME}{{1,128}}))?",
    "events": rf"{_PARTITION}:events:{_IN_ACCOUNT}:event-bus/[A-Za-z0-9_./-]{{1,256}}",
    "s3": rf"{_PARTITION}:s3:::[a-z0-9][a-z0-9.-]{{1,61}}[a-z0-9]",
}
KINDS = tuple(_PATTERNS)
"""Services that take the record of an asynchronous invocation (Lambda guide, destinations)."""

_KEY = Field(default="", description="KMS key that it is encrypted with; the role may then use it through the service.")


def kind_of(arn: str, kind: str) -> str:
    """Service of an ARN; `kind` where the ARN is known only later."""
    if is_token(arn):
        return kind
    return next(name for name, pattern in _PATTERNS.items() if re.fullmatch(pattern, arn, re.ASCII))


class DestinationConfig(ConfigModel):
    """A queue, topic, function, event bus or bucket that exists, by its ARN.

    Raises:
        ConfigError: with every refused field.
    """

    arn: Annotated[
        str,
        Matching(
            "|".join(_PATTERNS.values()),
            "Lambda sends to an SQS queue, an SNS topic, a function, an EventBridge bus or an S3 bucket, named by ARN",
            "copy the ARN",
            512,
        ),
    ] = Field(description="ARN of an SQS queue, SNS topic, function, EventBridge bus or S3 bucket.")
    kind: Annotated[str, OneOf(("", *KINDS), "a destination's kind", literal=True)] = Field(
        default="", description="sqs, sns, lambda, events or s3; needed where the ARN is known only later."
    )
    kms_key_arn: KmsKeyArn = _KEY

    @property
    def service(self) -> str:
        """The service that the ARN belongs to."""
        return kind_of(self.arn, self.kind)

    def cross_checks(self) -> Iterator[Problem]:
        """The kind is known, and it is no FIFO queue or topic."""
        yield from _kind_problems(self.arn, self.kind)
        if self.kms_key_arn and self.service in {"lambda", "events"}:
            yield Problem(
                "",
                f'kms_key_arn is set and the destination\'s kind is "{self.service}"',
                "Lambda needs no key to call a function or an event bus",
                "remove it",
            )


class NewDeadLetterQueueConfig(ConfigModel):
    """An encrypted SQS queue, made for the function."""

    kind: Literal["queue"] = Field(default="queue", description="A queue that is made.")


class ExistingDeadLettersConfig(ConfigModel):
    """An SQS queue or SNS topic that exists."""

    kind: Literal["existing"] = Field(description="A queue or topic that exists.")
    arn: Annotated[
        str,
        Matching(
            f"{_PATTERNS['sqs']}|{_PATTERNS['sns']}",
            "dead letters go to an SQS queue or an SNS topic, named by ARN (lambda API model)",
            "copy the ARN",
            512,
        ),
    ] = Field(description="ARN of the queue or topic.")
    service: Annotated[str, OneOf(("", "sqs", "sns"), "a dead-letter service", literal=True)] = Field(
        default="", description="sqs or sns; needed where the ARN is known only later."
    )
    kms_key_arn: KmsKeyArn = _KEY

    def cross_checks(self) -> Iterator[Problem]:
        """The service is known, and it is no FIFO queue or topic."""
        yield from _kind_problems(self.arn, self.service, field="service")


class NoDeadLettersConfig(ConfigModel):
    """None: an event that fails every retry is lost, but for an `on_failure` destination."""

    kind: Literal["none"] = Field(description="No dead letters.")
    reason: Reason = Field(description="Why events may be lost, or where they are kept instead.")

    def cross_checks(self) -> Iterator[Problem]:
        """A reason."""
        if not self.reason:
            yield Problem("", "reason is empty", "going without dead letters takes a reason", "write why")


DeadLetters = Annotated[
    NewDeadLetterQueueConfig | ExistingDeadLettersConfig | NoDeadLettersConfig, ByKind(default="queue")
]
"""Where events go that failed every retry; plain data without `kind` is a queue."""


def _kind_problems(arn: str, kind: str, *, field: str = "kind") -> Iterator[Problem]:
    if is_token(arn):
        if not kind:
            yield Problem(
                "", f"{field} is missing", "the ARN is known only later, so it does not tell the service", "set it"
            )
        return
    if kind and kind != kind_of(arn, kind):
        yield Problem("", f'{field} is "{kind}" and arn is "{arn}"', "they name two services", f"remove {field}")
    if arn.endswith(".fifo"):
        yield Problem(
            "",
            f'arn is "{arn}"',
            "Lambda sends asynchronous results and dead letters to standard queues and topics only, never FIFO "
            "(Lambda guide, asynchronous invocation)",
            "use a standard queue or topic",
        )
