"""What CodeBuild and Step Functions take, each stated once with its unit and source; see `limits`."""

from __future__ import annotations

from modules.core.limits import Range

BUILD_MINUTES = Range(5, 2_160, "minutes", "a build", "codebuild API model, BuildTimeOut: 36 hours")
BUILD_QUEUED_MINUTES = Range(5, 480, "minutes", "a build's time in the queue", "codebuild API model, TimeOut: 8 hours")
BUILDS_AT_ONCE = Range(1, 10_000, "builds", "a project's concurrency", "our bound; the account's quota bounds it")
BUILD_COMPUTE_TYPES = (
    "BUILD_GENERAL1_SMALL", "BUILD_GENERAL1_MEDIUM", "BUILD_GENERAL1_LARGE", "BUILD_GENERAL1_XLARGE",
    "BUILD_GENERAL1_2XLARGE",
)  # fmt: skip  # codebuild API model, ComputeType: those of containers
BUILD_MAX_NAME_LENGTH = 150  # codebuild API model, ProjectName
BUILD_MAX_DESCRIPTION_LENGTH = 255  # codebuild API model, ProjectDescription

EXECUTION_SECONDS = Range(1, 31_536_000, "seconds", "an execution", "Step Functions quotas: a year")
EXPRESS_SECONDS = 300  # Step Functions quotas: the longest Express execution
STATE_MACHINE_KEY_REUSE_SECONDS = Range(
    60, 900, "seconds", "a state machine's data key", "stepfunctions API model, KmsDataKeyReusePeriodSeconds"
)
STATE_MACHINE_MAX_NAME_LENGTH = 80  # stepfunctions API model, Name
STATE_MACHINE_MAX_STATE_NAME_LENGTH = 80  # Amazon States Language, state names
STATE_MACHINE_MAX_DEFINITION_CHARACTERS = 1_048_576  # stepfunctions API model, Definition
EXECUTION_MAX_EVENTS = 25_000  # Step Functions quotas: the history of one Standard execution
MAP_RUN_MAX_CHILDREN = 10_000  # Step Functions quotas: child executions of a Distributed Map at once
