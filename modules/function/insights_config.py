"""Configuration of Lambda Insights."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, StrictBool

from modules.core import limits
from modules.core.config import ConfigModel
from modules.core.fields import Matching, Within

INSIGHTS_LOG_GROUP = "/aws/lambda-insights"
"""Where the extensions of all functions of an account write (CloudWatch guide, Lambda Insights)."""


class InsightsConfig(ConfigModel):
    """CloudWatch Lambda Insights: an extension that measures memory, processor and network of each invocation.

    Raises:
        ConfigError: with every refused field.
    """

    layer_version_arn: Annotated[
        str,
        Matching(
            rf"arn:aws(?:-cn|-us-gov)?:lambda:{limits.REGION}:\d{{12}}:layer:LambdaInsightsExtension(?:-Arm64)?:\d{{1,5}}",
            "the layer's ARN ends in layer:LambdaInsightsExtension and its version, with -Arm64 before the version for "
            "arm64",
            "copy it for region and architecture from the CloudWatch guide, versions of the Lambda Insights extension",
            literal=True,
        ),
    ] = Field(description="ARN of the layer's version; each region has its own account and numbers.")
    log_group_exists: StrictBool = Field(
        default=False,
        description=f"The account's log group {INSIGHTS_LOG_GROUP} exists, so that the role need not make it. One that "
        "the extension makes is neither encrypted with a key of yours nor ever emptied.",
    )
    memory_percent: Annotated[
        int,
        Within(limits.Range(1, 100, "percent", "the memory alarm", "a share of the function's memory"), literal=True),
    ] = Field(default=90, description="Share of its memory that the function may use before its alarm fires.")

    @property
    def is_for_arm64(self) -> bool:
        """Whether the layer is the one for arm64."""
        return "-Arm64:" in self.layer_version_arn
