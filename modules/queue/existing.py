"""A queue that another stack or another tool made."""

from __future__ import annotations

import re
from collections.abc import Iterator

import modules.core.engine

from constructs import Construct

from modules.core import limits
from modules.core.context import target_of
from modules.core.errors import ConfigError, Problem
from modules.core.tokens import is_token
from modules.key.arns import key_arn_problems
from modules.queue.base import QueueBase

_NAME = rf"(?!.{{{limits.SQS_MAX_NAME_LENGTH + 1}}})([A-Za-z0-9_-]+(?:\.fifo)?)"
_ARN = re.compile(rf"arn:aws(?:-cn|-us-gov)?:sqs:({limits.REGION}):(\d{{12}}):{_NAME}", re.ASCII)


class ExistingQueue(QueueBase):
    """A queue that is only used here; its policy, dead letters and key policy are its owner's.

    Raises:
        ConfigError: an ARN does not read like one, or the URL is missing.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        arn: str,
        url: str = "",
        key_arn: str = "",
        accepted_services: tuple[str, ...] = (),
        visibility_timeout_seconds: int | None = None,
    ) -> None:
        super().__init__(scope, construct_id)
        problems = [*_arn_problems(arn, url), *key_arn_problems("key_arn", key_arn)]
        if problems:
            raise ConfigError(problems).within(self.node.path)
        self.arn, self.key_arn = arn, key_arn
        self.visibility_timeout_seconds = visibility_timeout_seconds
        self._accepted_services = accepted_services
        found = None if is_token(arn) else _ARN.fullmatch(arn)
        region, account, name = found.groups() if found else ("", "", arn)
        domain = "amazonaws.com.cn" if target_of(self).partition == "aws-cn" else "amazonaws.com"
        self.name = name
        self.url = url or f"https://sqs.{region}.{domain}/{account}/{name}"
        self.is_fifo = name.endswith(".fifo")

    def allow_service(self, service: str, *, source: str, source_arn: str) -> None:
        """Accept that a service sends here, if the owner's policy lets it.

        Raises:
            ConfigError: nobody has said that it does.
        """
        del source_arn
        if service not in self._accepted_services:
            raise ConfigError.single(
                self.node.path,
                f'"{service}" is to send here, for {source}',
                "the queue's policy and its key's are their owner's, and must let it",
                "name it in accepted_services once they do",
            )


def _arn_problems(arn: str, url: str) -> Iterator[Problem]:
    if is_token(arn):
        if not url:
            yield Problem("", "url is missing", "the ARN is known only later, so it does not tell the URL", "set it")
    elif not _ARN.fullmatch(arn):
        yield Problem(
            "",
            f'arn is "{arn}"',
            "a queue's ARN reads like arn:aws:sqs:eu-west-1:123456789012:orders",
            "copy it from SQS",
        )
