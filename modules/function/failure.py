"""The asynchronous failure path: a queue or topic that keeps what failed every retry."""

from __future__ import annotations

from dataclasses import dataclass

import modules.core.engine

from cdktf_cdktf_provider_aws.lambda_function import LambdaFunctionDeadLetterConfig
from constructs import Construct

from modules.core.statements import Statement
from modules.function.asynchronous_config import AsynchronousConfig
from modules.function.destinations import dead_letter_statements
from modules.function.destinations_config import ExistingDeadLettersConfig, NoDeadLettersConfig
from modules.key import KeyBase
from modules.key.statements import ENCRYPT
from modules.queue import DeadLetterQueueConfig, dead_letter_queue


@dataclass(frozen=True)
class DeadLetters:
    """Where dead letters go.

    Attributes:
        arn: the queue or topic; None for nowhere.
        queue_name: the queue that was made for the function; empty for any other.
        statements: what the function's role needs, as Lambda writes dead letters with it.
    """

    arn: str | None
    queue_name: str
    statements: tuple[Statement, ...]

    @property
    def config(self) -> LambdaFunctionDeadLetterConfig | None:
        """The function resource's `dead_letter_config`."""
        return LambdaFunctionDeadLetterConfig(target_arn=self.arn) if self.arn else None


def dead_letters(
    scope: Construct, *, name: str, config: AsynchronousConfig, key: KeyBase, unwatched_reason: str = ""
) -> DeadLetters:
    """The queue that is made for the function, the queue or topic that exists, or none.

    Args:
        scope: the function.
        name: its name's last part.
        config: where its dead letters go.
        key: encrypts a queue that is made.
        unwatched_reason: why the function has no alarms; empty where it has.
    """
    given = config.dead_letters
    if isinstance(given, NoDeadLettersConfig):
        return DeadLetters(None, "", ())
    if isinstance(given, ExistingDeadLettersConfig):
        return DeadLetters(given.arn, "", dead_letter_statements(given))
    keeps = DeadLetterQueueConfig(message_retention_seconds=config.dead_letter_retention_seconds)
    queue = dead_letter_queue(scope, "dead-letters", name=f"{name}-dead-letters", config=keeps, key=key)
    queue.unwatched_reason = unwatched_reason
    queue.keeps_failures()
    return DeadLetters(
        queue.arn,
        queue.name,
        (
            Statement("WriteDeadLetters", ("sqs:SendMessage",), (queue.arn,)),
            key.use_statement("EncryptDeadLetters", via_service="sqs", actions=ENCRYPT),
        ),
    )
