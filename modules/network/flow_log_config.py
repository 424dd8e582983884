"""Configuration of a VPC's flow log: what is recorded, and where it goes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

from pydantic import Field, StrictBool

from modules.core import limits
from modules.core.config import ConfigModel
from modules.core.errors import Problem
from modules.core.fields import Matching, OneOf, Reason

TRAFFIC_TYPES = ("ALL", "ACCEPT", "REJECT")
FILE_FORMATS = ("parquet", "plain-text")


class FlowLogBucketConfig(ConfigModel):
    """A bucket that flow records go to; it must admit log delivery, as the bucket module does."""

    bucket_arn: Annotated[
        str,
        Matching(
            r"arn:aws(?:-cn|-us-gov)?:s3:::[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]",
            "a bucket's ARN reads like arn:aws:s3:::flow-logs",
            "write it without a prefix, or pass the bucket's arn",
        ),
    ] = Field(description="ARN of the bucket, of this account or another.")
    key_prefix: Annotated[
        str,
        Matching(
            r"(?:(?!AWSLogs(?:/|$))[A-Za-z0-9!_.*'()-]+(?:/[A-Za-z0-9!_.*'()-]+)*)?",
            "a prefix is folders with single slashes between, and does not begin with AWSLogs, which AWS keeps for "
            "itself (VPC guide)",
            "correct it",
            512,
        ),
    ] = Field(default="", description="Folder in the bucket, without a slash at either end.")
    file_format: Annotated[str, OneOf(FILE_FORMATS, "a flow log's file format")] = Field(
        default="parquet", description="Format of the files; parquet is read faster and takes less room."
    )
    hive_compatible_partitions: StrictBool = Field(
        default=True, description="Name folders year=, month= and so on, as query engines expect."
    )
    per_hour_partition: StrictBool = Field(default=True, description="A folder for each hour instead of each day.")


class FlowLogConfig(ConfigModel):
    """The VPC's flow log, in CloudWatch Logs unless a bucket is named."""

    retention_days: Annotated[int, OneOf(limits.LOG_RETENTION_DAYS, "log retention in days")] = Field(
        default=365,
        description="Days that records are kept in CloudWatch Logs (PutRetentionPolicy); a bucket has lifecycle rules.",
    )
    aggregation_seconds: Annotated[int, OneOf((60, 600), "a flow log's aggregation interval in seconds")] = Field(
        default=600, description="Longest time over which a flow is gathered into one record (VPC guide)."
    )
    traffic_type: Annotated[str, OneOf(TRAFFIC_TYPES, "a flow log's traffic type", literal=True)] = Field(
        default="ALL", description="Flows that are recorded."
    )
    partial_reason: Reason = Field(
        default="", description="Why not all flows are recorded; needed with any other traffic_type than ALL."
    )
    destination: FlowLogBucketConfig | None = Field(
        default=None, description="Bucket that records go to; without one they go to CloudWatch Logs."
    )

    def cross_checks(self) -> Iterator[Problem]:
        """Recording less than everything takes a reason."""
        if self.traffic_type != "ALL" and not self.partial_reason:
            yield Problem(
                "",
                f'traffic_type is "{self.traffic_type}"',
                "a flow log that leaves flows out shows half of what happened",
                "set it to ALL, or set partial_reason",
            )
