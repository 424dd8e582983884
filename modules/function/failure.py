"""The asynchronous failure path: a queue or topic that keeps what failed every retry."""

from __future__ import annotations

from dataclasses import dataclass

import modules.core.engine

from cdktf_cdktf_provider_aws.lambda_function import LambdaFunctionDeadLetterConfig
from cdktf_cdktf_provider_aws.sqs_queue import SqsQueue
from cdktf_cdktf_provider_aws.sqs_queue_policy import SqsQueuePolicy
from constructs import Construct

from modules.core.context import target_of
from modules.core.policy import PolicyDocument
from modules.core.statements import Condition, Principal, Statement
from modules.function.asynchronous_config import AsynchronousConfig
from modules.function.destinations import dead_letter_statements
from modules.function.destinations_config import ExistingDeadLettersConfig, NoDeadLettersConfig
from modules.key import KeyBase


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


def dead_letters(scope: Construct, *, name: str, config: AsynchronousConfig, key: KeyBase) -> DeadLetters:
    """The queue that is made for the function, the queue or topic that exists, or none."""
    given = config.dead_letters
    if isinstance(given, NoDeadLettersConfig):
        return DeadLetters(None, "", ())
    if isinstance(given, ExistingDeadLettersConfig):
        return DeadLetters(given.arn, "", dead_letter_statements(given))
    queue = DeadLetterQueue(scope, "dead-letters", name=name, config=config, key=key)
    return DeadLetters(queue.arn, queue.name, queue.write_statements())


class DeadLetterQueue(Construct):
    """An encrypted SQS queue that refuses plain HTTP.

    Attributes:
        arn: the queue's ARN, as a token.
        name: the queue's name, as a token.
    """

    def __init__(
        self, scope: Construct, construct_id: str, *, name: str, config: AsynchronousConfig, key: KeyBase
    ) -> None:
        super().__init__(scope, construct_id)
        self._key = key
        queue = SqsQueue(
            self,
            "queue",
            name=target_of(self).naming.name(f"{name}-dead-letters", max_length=80),
            message_retention_seconds=config.dead_letter_retention_seconds,
            kms_master_key_id=key.arn,
            kms_data_key_reuse_period_seconds=300,
        )
        self.arn: str = queue.arn
        self.name: str = queue.name
        plain_http = Statement(
            sid="DenyPlainHttp",
            effect="Deny",
            actions=("sqs:*",),
            resources=(self.arn,),
            principals=(Principal("AWS", ("*",)),),
            conditions=(Condition("Bool", "aws:SecureTransport", ("false",)),),
        )
        SqsQueuePolicy(self, "policy", queue_url=queue.url, policy=PolicyDocument([plain_http]).json)

    def write_statements(self) -> tuple[Statement, ...]:
        """What the function's role needs, as Lambda writes dead letters with it."""
        return (
            Statement("WriteDeadLetters", ("sqs:SendMessage",), (self.arn,)),
            self._key.use_statement(
                "EncryptDeadLetters", via_service="sqs", actions=("kms:Decrypt", "kms:GenerateDataKey")
            ),
        )
