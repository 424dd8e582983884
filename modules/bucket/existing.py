"""A bucket that another stack or another tool made."""

from __future__ import annotations

import re

import modules.core.engine

from constructs import Construct

from modules.bucket.base import BucketBase
from modules.core.context import target_of
from modules.core.errors import ConfigError, Problem
from modules.core.tokens import is_token
from modules.key.arns import key_arn_problems

_NAME = re.compile(r"(?!\d+\.\d+\.\d+\.\d+$)(?!.*\.\.)[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]", re.ASCII)


class ExistingBucket(BucketBase):
    """A bucket that is only used here; its policy, lifecycle and key policy are its owner's.

    Raises:
        ConfigError: the name is no bucket's name, or the key's ARN no key's.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        name: str,
        key_arn: str = "",
        accepts_log_delivery: bool = False,
    ) -> None:
        super().__init__(scope, construct_id)
        self.name, self.key_arn = name, key_arn
        self.arn = f"arn:{target_of(self).partition}:s3:::{name}"
        self._accepts_log_delivery = accepts_log_delivery
        problems = list(key_arn_problems("key_arn", key_arn))
        if not is_token(name) and not _NAME.fullmatch(name):
            allowed = (
                "an S3 bucket name has 3 to 63 lowercase letters, digits, hyphens and single dots, and is no address"
            )
            problems = [Problem("", f'name is "{name}"', allowed, "write the bucket's name"), *problems]
        if problems:
            raise ConfigError(problems).within(self.node.path)

    def allow_log_delivery(self, *, prefix: str = "") -> str:
        """Accept that log delivery writes here, if the owner's policy lets it.

        Returns:
            The bucket's ARN.

        Raises:
            ConfigError: nobody has said that it does.
        """
        if not self._accepts_log_delivery:
            raise ConfigError.single(
                self.node.path,
                f'logs are to be delivered to "{self.name}/{prefix}"',
                "the bucket's policy is its owner's, and must let delivery.logs.amazonaws.com write (VPC guide)",
                "set accepts_log_delivery once it does",
            )
        return self.arn
