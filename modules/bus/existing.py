"""An event bus that another stack or another tool made, or that every account has."""

from __future__ import annotations

import re

import modules.core.engine

from constructs import Construct

from modules.bus.base import BusBase
from modules.core import limits
from modules.core.context import target_of
from modules.core.errors import ConfigError
from modules.core.tokens import is_token

_NAME = r"[A-Za-z0-9_./-]{1,256}"
_ARN = re.compile(rf"arn:aws(?:-cn|-us-gov)?:events:{limits.REGION}:\d{{12}}:event-bus/{_NAME}", re.ASCII)


class ExistingBus(BusBase):
    """A bus that is only used here; its policy, archive and key policy are its owner's.

    Raises:
        ConfigError: it is neither a name nor an ARN of a bus.
    """

    def __init__(self, scope: Construct, construct_id: str, *, name_or_arn: str) -> None:
        super().__init__(scope, construct_id)
        is_arn = name_or_arn.startswith("arn:")
        if not is_token(name_or_arn) and not (_ARN if is_arn else re.compile(_NAME, re.ASCII)).fullmatch(name_or_arn):
            allowed = "a bus has a name of 1 to 256 letters, digits and characters of ._/-, or an ARN with event-bus/"
            given = f'name_or_arn is "{name_or_arn}"'
            raise ConfigError.single(self.node.path, given, allowed, "copy it from EventBridge")
        self.name = name_or_arn
        self.arn = name_or_arn if is_arn else target_of(self).arn("events", f"event-bus/{name_or_arn}")
