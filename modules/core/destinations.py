"""Where Lambda sends the record of an asynchronous invocation, as plain data.

Queues, topics, functions, event buses and buckets that can take one offer `destination()`, which returns one of these.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal, Protocol

from modules.core.statements import Statement

DestinationKind = Literal["sqs", "sns", "lambda", "events", "s3"]


@dataclass(frozen=True)
class EventDestination:
    """One destination.

    Attributes:
        arn: its ARN, usually a token.
        kind: the service it belongs to; `s3` takes failures only.
        statements: what the sending function's role needs, the key that it is encrypted with included.
        dependencies: Terraform resources that must exist before Lambda is told of it, such as a queue's policy.
    """

    arn: str
    kind: DestinationKind
    statements: tuple[Statement, ...]
    dependencies: tuple[Any, ...] = ()


class DestinationLike(Protocol):
    """Something that takes records of asynchronous invocations."""

    def destination(self) -> EventDestination:
        """The ARN, and what a function's role needs to send there."""
        ...
