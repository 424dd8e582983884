"""Leftovers of automation."""

from __future__ import annotations

from rollout.readback import leftovers
from tests.rollout.readback.sample_stack import PREFIX, Clients

BOX = {"type": "LINUX_CONTAINER", "image": "aws/codebuild/standard:7.0", "computeType": "BUILD_GENERAL1_SMALL"}


def test_build_projects_and_state_machines(empty: Clients) -> None:
    role = f"arn:aws:iam::{empty('sts').get_caller_identity()['Account']}:role/builder"
    for name in (f"{PREFIX}-units", "other-units"):
        empty("codebuild").create_project(
            name=name, source={"type": "NO_SOURCE", "buildspec": "version: 0.2"}, artifacts={"type": "NO_ARTIFACTS"},
            environment=BOX, serviceRole=role,
        )  # fmt: skip
        empty("stepfunctions").create_state_machine(name=name, definition="{}", roleArn=role)
    assert leftovers(empty, prefix=PREFIX) == (f"build project {PREFIX}-units", f"state machine {PREFIX}-units")
