"""States that start a build, look at it until it has ended, and say in words how it ended where that was badly.

A step is a build that is started and looked at, and not one that Step Functions runs (`.sync`): that one would be
stopped with the execution, and Terraform in it in the middle of an apply.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

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
EVERYTHING = ["States.ALL"]

_RUN, _WAVE, _BUILD = "$.run", "$.wave", "$.build.id"
_LOG = "`aws codebuild batch-get-builds --ids {}` names its log"
_STOPPED = (
    "run {}, wave {}: the run is stopped, or has ended with targets that failed; `lambdanet rollout status {}` names "
    "them; `lambdanet rollout gate --run {} --wave {} --reopen` lets what failed and was skipped start again"
)
_REFUSED = f"run {{}}, wave {{}}: the command was refused; what it said is in the log of its build; {_LOG}"
_PAUSED = (
    "run {}, wave {}: the run waits for a person; `lambdanet rollout status {}` says for what; where it is paused, "
    "`lambdanet rollout gate --run {} --wave {} --reopen` ends that; then hand the wave over again"
)
_FAILED = f"run {{}}, wave {{}}: its build ended {{}}; {_LOG}; `lambdanet rollout status {{}}` shows how far the run is"
_WITH_GATE = (_RUN, _WAVE, _RUN, _RUN, _WAVE)
_VERDICTS: Mapping[int, tuple[str, str, str, tuple[str, ...]]] = {
    1: ("stopped", "RolloutStopped", _STOPPED, _WITH_GATE),
    2: ("refused", "RolloutRefused", _REFUSED, (_RUN, _WAVE, _BUILD)),
    3: ("paused", "RolloutPaused", _PAUSED, _WITH_GATE),
}
"""Exit code of the command line: end of a state's name, error, and cause with what stands in it."""


def build_states(
    name: str,
    partition: str,
    project: str,
    variables: Mapping[str, str],
    *,
    poll_seconds: int,
    after: str = "",
    token: tuple[str, ...] = (),
    is_verdict: bool = False,
    minutes: int = 0,
) -> dict[str, dict[str, Any]]:
    """States that start a build and look at it until it has ended.

    Args:
        name: name of the first state, and beginning of the others' names.
        partition: AWS partition.
        project: name of the build project.
        variables: environment of the build; a value that begins with `$.` is read from the state's input.
        poll_seconds: between two looks.
        after: state that follows a build that succeeded; the flow ends where there is none.
        token: what tells the build from others of the same name in one execution, as paths in the state's input.
        is_verdict: whether the command's exit code tells about the whole run, and is to be told as error and cause.
        minutes: how long the build may take; 0 for as long as the project says.
    """
    wait, look, judge, ask = f"{name} runs", f"{name} ended?", f"{name} succeeded?", f"{name} messages"
    failed = f"{name} failed"
    return {
        name: {
            "Type": "Task",
            "Resource": _START.format(partition),
            "Parameters": {
                "ProjectName": project,
                # the same build where the first answer was lost (StartBuild: a token holds for five minutes)
                "IdempotencyToken.$": _format(f"{{}}-{name}" + "-{}" * len(token), "$$.Execution.Name", *token),
                "EnvironmentVariablesOverride": [_variable(each, value) for each, value in variables.items()],
                **({"TimeoutInMinutesOverride": minutes} if minutes else {}),
            },
            "ResultSelector": {"id.$": "$.Build.Id"},
            "ResultPath": "$.build",
            "Retry": [_BUSY, _AGAIN],
            "Next": wait,
        },
        wait: {"Type": "Wait", "Seconds": poll_seconds, "Next": look},
        look: {
            **_looking(partition, {"status.$": "States.ArrayGetItem($.Builds[*].BuildStatus, 0)"}),
            "ResultPath": "$.end",
            "Next": judge,
        },
        judge: {
            "Type": "Choice",
            "Choices": [
                {"Variable": "$.end.status", "StringEquals": "IN_PROGRESS", "Next": wait},
                {"Variable": "$.end.status", "StringEquals": "SUCCEEDED", "Next": after or f"{name} done"},
            ],
            "Default": ask if is_verdict else failed,
        },
        **({} if after else {f"{name} done": {"Type": "Succeed"}}),
        **(_verdict(name, partition, ask, failed) if is_verdict else {}),
        failed: {
            "Type": "Fail",
            "ErrorPath": "$.end.status",
            "CausePath": _format(_FAILED, _RUN, _WAVE, "$.end.status", _BUILD, _RUN),
        },
    }


def _verdict(name: str, partition: str, ask: str, failed: str) -> dict[str, dict[str, Any]]:
    """A build knows no exit code; the message of the command that failed ends with it (CodeBuild, BatchGetBuilds)."""
    choose = f"{name} exit code?"
    return {
        ask: {
            **_looking(partition, {"text.$": "States.JsonToString($.Builds[*].Phases[*].Contexts[*].Message)"}),
            "ResultPath": "$.messages",
            "Catch": [{"ErrorEquals": EVERYTHING, "ResultPath": None, "Next": failed}],
            "Next": choose,
        },
        choose: {
            "Type": "Choice",
            "Choices": [
                {
                    "Variable": "$.messages.text",
                    # not that of the installation; the last quote ends the message
                    "StringMatches": f'*lambdanet rollout*exit status {code}"*',
                    "Next": f"{name} {end}",
                }
                for code, (end, *_) in _VERDICTS.items()
            ],
            "Default": failed,
        },
        **{
            f"{name} {end}": {"Type": "Fail", "Error": error, "CausePath": _format(cause, *paths)}
            for end, error, cause, paths in _VERDICTS.values()
        },
    }


def _looking(partition: str, selected: Mapping[str, str]) -> dict[str, Any]:
    return {
        "Type": "Task",
        "Resource": _LOOK.format(partition),
        "Parameters": {"Ids.$": f"States.Array({_BUILD})"},
        "ResultSelector": dict(selected),
        "Retry": [_AGAIN],
    }


def _format(text: str, *paths: str) -> str:
    return f"States.Format('{text}', {', '.join(paths)})"


def _variable(name: str, value: str) -> dict[str, str]:
    return {"Name": name, "Type": "PLAINTEXT", "Value.$" if value.startswith("$.") else "Value": value}
