"""A table that another stack or another tool made."""

from __future__ import annotations

import re
from collections.abc import Iterable

import modules.core.engine

from constructs import Construct

from modules.core import limits
from modules.core.context import target_of
from modules.core.errors import ConfigError, Problem
from modules.core.tokens import is_token
from modules.key.arns import key_arn_problems
from modules.table.base import TableBase
from modules.table.index_config import INDEX_NAME, INDEX_NAME_ALLOWED

_NAME = re.compile(r"[a-zA-Z0-9_.-]{3,255}", re.ASCII)
_INDEX = re.compile(INDEX_NAME, re.ASCII)
_STREAM = re.compile(rf"arn:aws(?:-cn|-us-gov)?:dynamodb:{limits.REGION}:\d{{12}}:table/[^/]+/stream/\S+", re.ASCII)


class ExistingTable(TableBase):
    """A table of the target's account and region that is only used here; all else is its owner's.

    Raises:
        ConfigError: name, indexes, stream or key do not read like what they are to be.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        name: str,
        key_arn: str = "",
        stream_arn: str = "",
        index_names: Iterable[str] = (),
    ) -> None:
        super().__init__(scope, construct_id)
        problems = list(key_arn_problems("key_arn", key_arn))
        if not is_token(name) and not _NAME.fullmatch(name):
            allowed = "a table's name has 3 to 255 letters, digits and characters of _.- (dynamodb API model)"
            problems.append(Problem("", f'name is "{name}"', allowed, "write the table's name"))
        if stream_arn and not is_token(stream_arn):
            given, fix = f'stream_arn is "{stream_arn}"', "copy it from DynamoDB"
            if not _STREAM.fullmatch(stream_arn):
                allowed = "a stream's ARN ends in table/, the table's name, /stream/ and a time"
                problems.append(Problem("", given, allowed, fix))
            elif not is_token(name) and f":table/{name}/" not in stream_arn:
                problems.append(Problem("", given, f'it is the stream of another table than "{name}"', fix))
        self.name, self.key_arn, self.stream_arn = name, key_arn, stream_arn
        self.arn = target_of(self).arn("dynamodb", f"table/{name}")
        self.index_names = tuple(sorted(index_names))
        problems += [
            Problem("", f'index_names holds "{index}"', INDEX_NAME_ALLOWED, "write the indexes' names, as a list")
            for index in self.index_names
            if not is_token(index) and not _INDEX.fullmatch(index)
        ]
        if problems:
            raise ConfigError(problems).within(self.node.path)
