"""AWS limits, held against the service models that botocore ships."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

import botocore.session
import pytest

from modules.core import limits
from modules.core.limits import Range


@cache
def model(service: str) -> Any:
    return botocore.session.get_session().get_service_model(service)


def documented(service: str, operation: str, member: str) -> str:
    text = model(service).operation_model(operation).input_shape.members[member].documentation
    return " ".join(re.sub(r"<[^>]+>", " ", text).split())


@pytest.mark.parametrize(
    ("limit", "service", "shape"),
    [
        (limits.LAMBDA_EPHEMERAL_STORAGE_MB, "lambda", "EphemeralStorageSize"),
        (limits.LAMBDA_ASYNC_EVENT_AGE_SECONDS, "lambda", "MaximumEventAgeInSeconds"),
        (limits.LAMBDA_ASYNC_RETRIES, "lambda", "MaximumRetryAttempts"),
        (limits.KMS_DELETION_WINDOW_DAYS, "kms", "PendingWindowInDaysType"),
        (limits.KMS_ROTATION_DAYS, "kms", "RotationPeriodInDaysType"),
        (limits.LAMBDA_MEMORY_MB, "lambda", "MemorySize"),
        (limits.LAMBDA_TIMEOUT_SECONDS, "lambda", "Timeout"),
    ],
)
def test_a_range_lies_in_the_service_models_range(limit: Range, service: str, shape: str) -> None:
    bounds = model(service).shape_for(shape).metadata
    assert bounds.get("min", 1) <= limit.minimum < limit.maximum <= bounds["max"]


@pytest.mark.parametrize(
    ("limit", "shape"),
    [
        (limits.LAMBDA_MAX_SUBNETS, "SubnetIds"),
        (limits.LAMBDA_MAX_SECURITY_GROUPS, "SecurityGroupIds"),
        (20, "SigningProfileVersionArns"),
        (256, "Description"),
        (128, "Handler"),
    ],
)
def test_a_count_is_the_service_models(limit: int, shape: str) -> None:
    assert model("lambda").shape_for(shape).metadata["max"] == limit


@pytest.mark.parametrize(
    ("operation", "member", "sentence"),
    [
        ("CreateDBInstance", "Port", f"Valid Values: {limits.RDS_PORT.minimum}-{limits.RDS_PORT.maximum}"),
        ("CreateDBInstance", "BackupRetentionPeriod", "from 0 to 35"),
        ("CreateDBInstance", "MonitoringInterval", "Valid Values: 0 | 1 | 5 | 10 | 15 | 30 | 60"),
        ("CreateDBInstance", "MasterUsername", "Must be 1 to 16 letters, numbers, or underscores"),
        ("CreateDBInstance", "PerformanceInsightsRetentionPeriod", "number of months from 1-23"),
    ],
)
def test_a_rule_of_rds_still_stands_in_its_model(operation: str, member: str, sentence: str) -> None:
    assert sentence in documented("rds", operation, member)


def test_performance_insights_keeps_a_week_months_or_two_years() -> None:
    assert limits.PERFORMANCE_INSIGHTS_RETENTION_DAYS[:3] == (7, 31, 62)
    assert limits.PERFORMANCE_INSIGHTS_RETENTION_DAYS[-2:] == (713, 731)


def test_log_retention_is_what_cloudwatch_logs_lists() -> None:
    listed = re.search(r"Possible values are: ([^.]*)", documented("logs", "PutRetentionPolicy", "retentionInDays"))
    text = listed[1] if listed else str(model("logs").shape_for("Days").documentation)
    days = {int(number) for number in re.findall(r"\d+", text)}
    assert set(limits.LOG_RETENTION_DAYS) == days


def test_a_range_reads_as_a_sentence() -> None:
    assert limits.LAMBDA_MEMORY_MB.sentence == "a Lambda function's memory takes 128 to 10240 MB (Lambda quotas)"
    assert limits.RDS_PORT.sentence == "a database port takes 1150 to 65535 (rds API model)"


@pytest.mark.parametrize(("name", "value"), sorted(vars(limits).items()))
def test_every_range_has_a_unit_a_subject_and_a_source(name: str, value: object) -> None:
    if not isinstance(value, Range):
        assert name.startswith("_") or value is not None
        return
    assert value.minimum < value.maximum, name
    assert value.subject.split()[0] in {"a", "an", "automated", "gp3", "reserved"}, name
    assert value.source, name
