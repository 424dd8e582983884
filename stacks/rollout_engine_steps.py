"""What an execution of the rollout engine does, in the Amazon States Language.

Its input is what `lambdanet rollout matrix --format stepfunctions` prints: run, wave, and the shards of the wave, each
with the place of its units in S3, how many at once, and how many may fail.

    Gate -> Shards, one after the other: Turn (not before the first), then Units, side by side -> Settle

Turn is the gate once more: it looks at the alarms of what is applied already, and stops or holds the wave where they
fire. A map run that meets more failures than it tolerates starts nothing more; what runs comes to its end, and Settle
judges the wave. A gate or settlement that fails ends the execution with what a person does next.
"""

from __future__ import annotations

from typing import Any

from stacks.rollout_engine_builds import EVERYTHING, build_states
from stacks.rollout_engine_config import POLL_SECONDS, SETTLE_POLL_SECONDS

UNITS_LABEL = "units"
"""Part of the ARNs of map runs and their children."""
RESULTS = "results"
"""Folder of the results of map runs, each in a folder that Step Functions names after its id."""
_INSTALL_MINUTES = 10
"""What a build of settling needs besides."""
_OF_WAVE = {"ROLLOUT_RUN": "$.run", "ROLLOUT_WAVE": "$.wave"}
_GATE = {"ROLLOUT_STEP": "gate", **_OF_WAVE}


def definition(*, partition: str, project: str, results_bucket: str, settle_minutes: int) -> dict[str, Any]:
    """The state machine's definition.

    Args:
        partition: AWS partition.
        project: name of the build project.
        results_bucket: name of the bucket that gets the results of map runs.
        settle_minutes: how long a build may settle a wave.
    """
    gate = build_states(
        "Gate", partition, project, _GATE, poll_seconds=POLL_SECONDS, after="Shards", is_verdict=True
    )  # fmt: skip
    waits = str(max(settle_minutes - _INSTALL_MINUTES, 1))
    settle = build_states(
        "Settle",
        partition,
        project,
        {"ROLLOUT_STEP": "settle", **_OF_WAVE, "ROLLOUT_WAIT_MINUTES": waits},
        poll_seconds=SETTLE_POLL_SECONDS,
        is_verdict=True,
        minutes=settle_minutes,
    )
    shards = {
        "Type": "Map",
        "Comment": "One shard after the other; the first that fails ends the wave",
        "ItemsPath": "$.shards",
        "ItemSelector": {
            "run.$": "$.run", "wave.$": "$.wave", "shard.$": "$$.Map.Item.Value", "number.$": "$$.Map.Item.Index",
        },
        "MaxConcurrency": 1,
        "ItemProcessor": {
            "ProcessorConfig": {"Mode": "INLINE"},
            "StartAt": "First?",
            "States": {
                "First?": {
                    "Type": "Choice",
                    "Choices": [{"Variable": "$.number", "NumericEquals": 0, "Next": "Units"}],
                    "Default": "Turn",
                },
                **build_states(
                    "Turn", partition, project, _GATE,
                    poll_seconds=POLL_SECONDS, after="Units", token=("$.number",), is_verdict=True,
                ),
                "Units": _units(partition, project, results_bucket),
            },
        },
        "ResultPath": None,
        "Catch": [{"ErrorEquals": EVERYTHING, "ResultPath": "$.stopped", "Next": "Settle"}],
        "Next": "Settle",
    }  # fmt: skip
    return {
        "Comment": "Carries out one wave of a rollout",
        "StartAt": "Gate",
        "States": {**gate, "Shards": shards, **settle},
    }


def _units(partition: str, project: str, results_bucket: str) -> dict[str, Any]:
    variables = {
        "ROLLOUT_STEP": "unit", **_OF_WAVE, "ROLLOUT_TARGET": "$.target", "ROLLOUT_PLAN_DIGEST": "$.plan_digest",
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
            "States": build_states("Unit", partition, project, variables, poll_seconds=POLL_SECONDS),
        },
        "ResultWriter": {
            "Resource": f"arn:{partition}:states:::s3:putObject",
            "Parameters": {"Bucket": results_bucket, "Prefix": RESULTS},
        },
        "ResultPath": None,
        "End": True,
    }
