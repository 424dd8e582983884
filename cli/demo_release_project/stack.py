"""The stack of `lambdanet demo-release`: the orders function alone, its alias `live`, and the release that shifts it.

It has no network and no dead-letter queue: neither is shifted, and both take minutes to make.
"""

from __future__ import annotations

from pathlib import Path

from cli.demo_release_project.target import HANDLERS, TARGET
from modules.function import Function, FunctionConfig
from modules.key import Key
from modules.observability import AlarmTopic
from modules.release import Release
from stacks.base import App, TargetStack


def build(app: App, source: Path) -> TargetStack:
    """Add the stack, with the function's source folder `source`."""
    stack = TargetStack(app, TARGET)
    key = Key(stack, "key")
    topic = AlarmTopic(stack, "alarm-topic", key=key)
    config = FunctionConfig.parse(
        {
            "code": {
                "source": str(source),
                "lock": str(HANDLERS / "requirements.lock"),
                "runtime": "python3.13",
                "architecture": "arm64",
            },
            "alias": {"shift": "codedeploy"},
            "attachment": {"state": "detached", "detaching_applied": "it never was in a VPC"},
            "asynchronous": {"dead_letters": {"kind": "none", "reason": "nobody invokes it so"}},
            "reserved_concurrency": 5,
        }
    )
    api = Function(stack, "api", config=config, network=None, key=key, alarm_topic=topic)
    release = Release(stack, "release", function=api, alarm_topic=topic)
    stack.output("releases", [release.output], "What `lambdanet release` shifts")
    stack.output("function_name", api.function_name, "The function")
    return stack
