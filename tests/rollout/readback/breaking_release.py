"""Steps that change the release of the sample stack."""

from __future__ import annotations

from typing import Any

from tests.rollout.readback import sample_policies as policies
from tests.rollout.readback import sample_release as release
from tests.rollout.readback.breaking import Step, call
from tests.rollout.readback.sample_stack import FUNCTION, REGION, RELEASE, SampleStack

ROLE = f"{RELEASE}-codedeploy"


def in_turn(*steps: Step) -> Step:
    def run(stack: SampleStack) -> None:
        for step in steps:
            step(stack)

    return run


def group(**changes: Any) -> Step:
    names = {"applicationName": RELEASE, "currentDeploymentGroupName": "live"}
    return call("codedeploy", "update_deployment_group", **names, **changes)


def watching(*alarms: str, **changes: Any) -> Step:
    return group(alarmConfiguration=release.watching(*alarms, **changes))


def triggers(*topics: str, **changes: Any) -> Step:
    return group(triggerConfigurations=release.triggers(*topics, **changes))


def permissions(
    *more: dict[str, Any], alias: str = "live", alarms_in: str = REGION, without: tuple[str, ...] = ()
) -> Step:
    def run(stack: SampleStack) -> None:
        own = policies.release_role(FUNCTION, alias=alias, topic=stack.topic, key=stack.key, alarms_in=alarms_in)
        document = policies.document(*(each for each in own if each["Sid"] not in without), *more)
        stack.client("iam").put_role_policy(RoleName=ROLE, PolicyName=ROLE, PolicyDocument=document)

    return run
