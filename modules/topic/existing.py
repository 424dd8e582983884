"""A topic that another stack or another tool made."""

from __future__ import annotations

import re

import modules.core.engine

from constructs import Construct

from modules.core import limits
from modules.core.errors import ConfigError, Problem
from modules.core.tokens import is_token
from modules.key.arns import key_arn_problems
from modules.topic.base import TopicBase

_NAME = rf"(?!.{{{limits.SNS_MAX_NAME_LENGTH + 1}}})([A-Za-z0-9_-]+(?:\.fifo)?)"
_ARN = re.compile(rf"arn:aws(?:-cn|-us-gov)?:sns:{limits.REGION}:\d{{12}}:{_NAME}", re.ASCII)


class ExistingTopic(TopicBase):
    """A topic that is only used here; its policy and key policy are its owner's.

    Raises:
        ConfigError: an ARN does not read like one.
    """

    def __init__(self, scope: Construct, construct_id: str, *, arn: str, key_arn: str = "") -> None:
        super().__init__(scope, construct_id)
        problems = list(key_arn_problems("key_arn", key_arn))
        found = None if is_token(arn) else _ARN.fullmatch(arn)
        if not is_token(arn) and found is None:
            allowed = "a topic's ARN reads like arn:aws:sns:eu-west-1:123456789012:orders"
            problems.insert(0, Problem("", f'arn is "{arn}"', allowed, "copy it from SNS"))
        if problems:
            raise ConfigError(problems).within(self.node.path)
        self.arn, self.key_arn = arn, key_arn
        self.name = found.group(1) if found else arn
        self.is_fifo = self.name.endswith(".fifo")
