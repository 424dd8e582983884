"""Configuration of what is passed on of a log group, and what is counted in it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

from pydantic import Field

from modules.core import limits
from modules.core.config import ConfigModel
from modules.core.errors import Problem
from modules.core.fields import Matching, OneOf
from modules.core.target import Target
from modules.core.tokens import is_token

FilterPattern = Annotated[
    str,
    Matching(
        rf"[\s\S]{{0,{limits.LOGS_MAX_FILTER_PATTERN_CHARACTERS}}}",
        f"a filter pattern has at most {limits.LOGS_MAX_FILTER_PATTERN_CHARACTERS} characters (logs API model)",
        "shorten it",
        limits.LOGS_MAX_FILTER_PATTERN_CHARACTERS,
    ),
]
_FIREHOSE = rf"arn:aws(?:-cn|-us-gov)?:firehose:{limits.REGION}:\d{{12}}:deliverystream/[A-Za-z0-9_.-]{{1,64}}"
_DESTINATION = rf"arn:aws(?:-cn|-us-gov)?:logs:{limits.REGION}:\d{{12}}:destination:[^:*\s]{{1,512}}"
_REGION, _ACCOUNT = 3, 4
"""Places of region and account in an ARN."""


class LogSubscriptionConfig(ConfigModel):
    """What of a log group goes to a function, a stream, Firehose, or another account, as it is written.

    Raises:
        ConfigError: with every refused field.
    """

    filter_pattern: FilterPattern = Field(
        default="",
        description='Which records are passed on, such as { $.level = "ERROR" }; empty passes all (CloudWatch Logs '
        "guide, filter pattern syntax).",
    )
    distribution: Annotated[str, OneOf(("", "ByLogStream", "Random"), "distribution", literal=True)] = Field(
        default="",
        description="How records spread over the shards of a Kinesis stream: ByLogStream, or evenly with Random; empty "
        "leaves it to CloudWatch Logs, which takes ByLogStream.",
    )
    firehose_arn: Annotated[
        str,
        Matching(
            rf"(?:{_FIREHOSE})?",
            "a Firehose stream's ARN reads like arn:aws:firehose:eu-west-1:123456789012:deliverystream/logs",
            "copy it from Amazon Data Firehose",
        ),
    ] = Field(default="", description="Firehose stream of the own account, instead of a function or a stream.")
    destination_arn: Annotated[
        str,
        Matching(
            rf"(?:{_DESTINATION})?",
            "a destination's ARN reads like arn:aws:logs:eu-west-1:210987654321:destination:central",
            "ask the account that receives the logs for it",
        ),
    ] = Field(
        default="",
        description="Destination of CloudWatch Logs in another account, whose policy must admit this one, instead.",
    )

    def cross_checks(self) -> Iterator[Problem]:
        """One destination."""
        if self.firehose_arn and self.destination_arn:
            yield Problem(
                "", "firehose_arn and destination_arn are set", "a subscription has one destination", "remove one"
            )
        if self.distribution and self.firehose_arn:
            yield Problem(
                "", "distribution and firehose_arn are set", "Firehose has no shards (PutSubscriptionFilter)",
                "remove distribution",
            )  # fmt: skip

    def target_checks(self, target: Target) -> Iterator[Problem]:
        """Firehose lies in the own account and region, a destination in the own region."""
        for field in ("firehose_arn", "destination_arn"):
            arn: str = getattr(self, field)
            if not arn or is_token(arn):
                continue
            parts = arn.split(":")
            if parts[_REGION] != target.region:
                yield Problem(
                    "", f'{field} is "{arn}"',
                    f"it lies in the log group's region, {target.region} (PutSubscriptionFilter)", "correct it",
                )  # fmt: skip
            if field == "firehose_arn" and parts[_ACCOUNT] != target.account_id:
                yield Problem(
                    "", f'firehose_arn is "{arn}"',
                    "CloudWatch Logs writes to a Firehose stream of the own account only (PutSubscriptionFilter)",
                    "let the other account make a destination for it, and set destination_arn",
                )  # fmt: skip


class LogErrorMetricConfig(ConfigModel):
    """A metric that counts what the code itself logs as an error.

    Raises:
        ConfigError: with every refused field.
    """

    filter_pattern: FilterPattern = Field(
        default="",
        description="Which records count; empty takes the levels ERROR, CRITICAL and FATAL of JSON records, and lines "
        "with the words ERROR, Exception or Traceback of text.",
    )
