"""The asynchronous failure path: a dead-letter queue that keeps what failed every retry."""

from __future__ import annotations

import modules.core.engine

from cdktf_cdktf_provider_aws.sqs_queue import SqsQueue
from cdktf_cdktf_provider_aws.sqs_queue_policy import SqsQueuePolicy
from constructs import Construct

from modules.core.context import target_of
from modules.core.policy import PolicyDocument
from modules.core.statements import Condition, Principal, Statement
from modules.function.config import AsynchronousConfig
from modules.key import Key


class DeadLetterQueue(Construct):
    """An encrypted SQS queue that refuses plain HTTP.

    Attributes:
        arn: the queue's ARN, as a token.
        name: the queue's name, as a token.
    """

    def __init__(self, scope: Construct, construct_id: str, *, name: str, config: AsynchronousConfig, key: Key) -> None:
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
