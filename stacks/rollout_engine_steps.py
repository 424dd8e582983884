"""What an execution of the rollout engine does, in the Amazon States Language.

Its input is what `lambdanet rollout matrix --format stepfunctions` prints: run, wave, and the shards of the wave, each
with the place of its units in S3, how many at once, and how many may fail.

    Gate -> Shards, one after the other: Units, side by side -> Settle

A step is a build that is started and looked at, and not one that Step Functions runs (`.sync`): that one would be
stopped with the execution, and Terraform in it in the middle of an apply. A step fails with its build. A map run that
meets more failures than it tolerates starts nothing more; what runs comes to its end, and Settle judges the wave.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from stacks.rollout_engine_config import POLL_SECONDS

_START, _LOOK = "arn:{}:states:::aws-sdk:codebuild:startBuild", "arn:{}:states:::aws-sdk:codebuild:batchGetBuilds"
_BUSY = {
    "ErrorEquals": ["CodeBuild.AccountLimitExceededException"],
    "IntervalSeconds": 30,
    "MaxAttempts": 40,
    "BackoffRate": 1.5,
    "MaxDelaySeconds": 300,
    "JitterStrategy": "FULL",
}
"""A new account runs one build at once, and takes five times as many into its queue (CodeBuild quotas)."""
_AGAIN = {
    "ErrorEquals": ["States.TaskFailed"],
    "IntervalSeconds": 5,
    "MaxAttempts": 6,
    "BackoffRate": 2,
    "MaxDelaySeconds": 60,
    "JitterStrategy": "FULL",
}
_EVERYTHING = ["States.ALL"]
UNITS_LABEL = "units"
"""Part of the ARNs of map runs and their children."""
RESULTS = "results"
"""Folder of the results of map runs, each in a folder that Step Functions names after its id."""


def definition(*, partition: str, project: str, results_bucket: str, settle_minutes: int) -> dict[str, Any]:
    """The state machine's definition.

    Args:
        partition: AWS partition.
        project: name of the build project.
        results_bucket: name of the bucket that gets the results of map runs.
        settle_minutes: how long a build may settle a wave.
    """
    of_wave = {"ROLLOUT_RUN": "$.run", "ROLLOUT_WAVE": "$.wave"}
    gate = build_states("Gate", partition, project, {"ROLLOUT_STEP": "gate", **of_wave}, after="Shards")
    settle = build_states("Settle", partition, project, {"ROLLOUT_STEP": "settle", **of_wave}, minutes=settle_minutes)
    shards = {
        "Type": "Map",
        "Comment": "One shard after the other; the first that fails ends the wave",
        "ItemsPath": "$.shards",
        "ItemSelector": {"run.$": "$.run", "wave.$": "$.wave", "shard.$": "$$.Map.Item.Value"},
        "MaxConcurrency": 1,
        "ItemProcessor": {
            "ProcessorConfig": {"Mode": "INLINE"},
            "StartAt": "Units",
            "States": {"Units": _units(partition, project, results_bucket)},
        },
        "ResultPath": None,
        "Catch": [{"ErrorEquals": _EVERYTHING, "ResultPath": "$.stopped", "Next": "Settle"}],
        "Next": "Settle",
    }
    return {
        "Comment": "Carries out one wave of a rollout",
        "StartAt": "Gate",
        "States": {**gate, "Shards": shards, **settle},
    }


def _units(partition: str, project: str, results_bucket: str) -> dict[str, Any]:
    variables = {
        "ROLLOUT_STEP": "unit", "ROLLOUT_RUN": "$.run", "ROLLOUT_WAVE": "$.wave", "ROLLOUT_TARGET": "$.target",
        "ROLLOUT_PLAN_DIGEST": "$.plan_digest",
    }  # fmt: skip
    return {
        "Type": "Map",
        "Label": UNITS_LABEL,
        "ItemReader": {
            "Resource": f"arn:{partition}:states:::s3:getObject",
            "ReaderConfig": {"InputType": "JSON"},
            "Parameters": {"Bucket.$": "$.shard.bucket", "Key.$": "$.shard.key"},
        },
        "ItemSelector": {
            "run.$": "$.run",
            "wave.$": "$.wave",
            "target.$": "$$.Map.Item.Value.target",
            "plan_digest.$": "$$.Map.Item.Value.plan_digest",
        },
        "MaxConcurrencyPath": "$.shard.max_concurrency",
        "ToleratedFailureCountPath": "$.shard.tolerated_failure_count",
        "ItemProcessor": {
            "ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"},
            "StartAt": "Unit",
            "States": build_states("Unit", partition, project, variables),
        },
        "ResultWriter": {
            "Resource": f"arn:{partition}:states:::s3:putObject",
            "Parameters": {"Bucket": results_bucket, "Prefix": RESULTS},
        },
        "ResultPath": None,
        "End": True,
    }


def build_states(
    name: str,
    partition: str,
    project: str,
    variables: Mapping[str, str],
    *,
    after: str = "",
    minutes: int = 0,
) -> dict[str, dict[str, Any]]:
    """States that start a build and look at it until it has ended.

    Args:
        name: name of the first state, and beginning of the others' names.
        partition: AWS partition.
        project: name of the build project.
        variables: environment of the build; a value that begins with `$.` is read from the state's input.
        after: state that follows a build that succeeded; the flow ends where there is none.
        minutes: how long the build may take; 0 for as long as the project says.
    """
    start: dict[str, Any] = {
        "ProjectName": project,
        # the same build where the first answer was lost (StartBuild: a token holds for five minutes)
        "IdempotencyToken.$": f"States.Format('{{}}-{name}', $$.Execution.Name)",
        "EnvironmentVariablesOverride": [_variable(each, value) for each, value in variables.items()],
        **({"TimeoutInMinutesOverride": minutes} if minutes else {}),
    }
    wait, look, judge, failed = f"{name} runs", f"{name} ended?", f"{name} succeeded?", f"{name} failed"
    return {
        name: {
            "Type": "Task",
            "Resource": _START.format(partition),
            "Parameters": start,
            "ResultSelector": {"id.$": "$.Build.Id"},
            "ResultPath": "$.build",
            "Retry": [_BUSY, _AGAIN],
            "Next": wait,
        },
        wait: {"Type": "Wait", "Seconds": POLL_SECONDS, "Next": look},
        look: {
            "Type": "Task",
            "Resource": _LOOK.format(partition),
            "Parameters": {"Ids.$": "States.Array($.build.id)"},
            "ResultSelector": {"status.$": "States.ArrayGetItem($.Builds[*].BuildStatus, 0)"},
            "ResultPath": "$.end",
            "Retry": [_AGAIN],
            "Next": judge,
        },
        judge: {
            "Type": "Choice",
            "Choices": [
                {"Variable": "$.end.status", "StringEquals": "IN_PROGRESS", "Next": wait},
                {"Variable": "$.end.status", "StringEquals": "SUCCEEDED", "Next": after or f"{name} done"},
            ],
            "Default": failed,
        },
        **({} if after else {f"{name} done": {"Type": "Succeed"}}),
        failed: {"Type": "Fail", "ErrorPath": "$.end.status", "CausePath": "$.build.id"},
    }


def _variable(name: str, value: str) -> dict[str, str]:
    return {"Name": name, "Type": "PLAINTEXT", "Value.$" if value.startswith("$.") else "Value": value}
