"""A stream that another stack or another tool made."""

from __future__ import annotations

import re

import modules.core.engine

from constructs import Construct

from modules.core import limits
from modules.core.errors import ConfigError, Problem
from modules.core.tokens import is_token
from modules.key.arns import key_arn_problems
from modules.stream.base import StreamBase

_ARN = re.compile(
    rf"arn:aws(?:-cn|-us-gov)?:kinesis:{limits.REGION}:\d{{12}}:stream/([a-zA-Z0-9_.-]{{1,128}})", re.ASCII
)


class ExistingStream(StreamBase):
    """A stream that is only used here; its retention, consumers and key policy are its owner's.

    Raises:
        ConfigError: an ARN does not read like one, or the name is missing or another than the ARN's.
    """

    def __init__(self, scope: Construct, construct_id: str, *, arn: str, name: str = "", key_arn: str = "") -> None:
        super().__init__(scope, construct_id)
        problems = list(key_arn_problems("key_arn", key_arn))
        found = None if is_token(arn) else _ARN.fullmatch(arn)
        if not is_token(arn) and found is None:
            allowed = "a stream's ARN reads like arn:aws:kinesis:eu-west-1:123456789012:stream/orders"
            problems.insert(0, Problem("", f'arn is "{arn}"', allowed, "copy it from Kinesis"))
        if is_token(arn) and not name:
            missing = "the ARN is known only later, so it does not tell the name"
            problems.insert(0, Problem("", "name is missing", missing, "set it"))
        if found and name not in ("", found.group(1)):
            told = f"the ARN's is {found.group(1)}"
            problems.insert(0, Problem("", f'name is "{name}"', told, "remove it; only an ARN known later needs it"))
        if problems:
            raise ConfigError(problems).within(self.node.path)
        self.arn, self.key_arn = arn, key_arn
        self.name = found.group(1) if found else name
