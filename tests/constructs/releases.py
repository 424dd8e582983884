"""A stack to which tests add functions and their releases."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from modules.core.target import Target
from modules.function import Function, FunctionConfig
from modules.key import Key
from modules.observability import AlarmTopic
from modules.release import ReleaseConfig
from stacks.base import App, TargetStack

WHERE = "dev-main-eu-west-1-orders"
OFF = {"enabled": False, "reason": "not what this test is about"}
GROUP_ARN = "arn:aws:codedeploy:eu-west-1:123456789012:deploymentgroup:acme-dev-orders-release/live"
NO_ALARMS = {
    "rollback_on": ["DEPLOYMENT_FAILURE", "DEPLOYMENT_STOP_ON_REQUEST"],
    "rollback_on_reason": "nothing watches this function",
}
QUIET = ReleaseConfig.parse({"notify_on": [], **NO_ALARMS})


class Made:
    """A stack to which tests add functions."""

    def __init__(self, work: Path) -> None:
        self.app = App(outdir=str(work))
        fields = {"org": "acme", "env": "dev", "account": "main", "account_id": "123456789012", "region": "eu-west-1"}
        self.stack = TargetStack(self.app, Target.parse({**fields, "stack": "orders", "owner": "me"}))
        self.key = Key(self.stack, "key")
        self.topic = AlarmTopic(self.stack, "alarm-topic", key=self.key)

    def function(self, name: str, *, shift: str = "", **fields: Any) -> Function:
        """A function outside of any network; with a shift, one with an alias."""
        alias = {"alias": {"shift": shift}} if shift else {}
        config = FunctionConfig.parse(
            {
                "code": {"kind": "inline", "text": "def handler(event, context):\n    return {}\n"},
                "attachment": {"state": "detached", "detaching_applied": "it never was in a VPC"},
                "asynchronous": {"dead_letters": {"kind": "none", "reason": "nobody invokes it so"}},
                "reserved_concurrency": 5,
                **alias,
                **fields,
            }
        )
        return Function(self.stack, name, config=config, network=None, key=self.key, alarm_topic=self.topic)

    def resources(self, kind: str) -> dict[str, dict[str, Any]]:
        """Resources of a kind by name."""
        found: dict[str, dict[str, Any]] = self.stack.to_terraform()["resource"].get(kind, {})
        return found

    def only(self, kind: str) -> dict[str, Any]:
        """The only resource of a kind."""
        (found,) = self.resources(kind).values()
        return found

    def name_of(self, kind: str) -> str:
        """Address of the only resource of a kind."""
        (name,) = self.resources(kind)
        return f"{kind}.{name}"

    def told(self) -> dict[str, str]:
        """The only release in the stack's output."""
        (release,) = self.stack.to_terraform()["output"]["releases"]["value"]
        found: dict[str, str] = release
        return found

    def statements(self, start: str) -> dict[str, dict[str, Any]]:
        """Statements of the inline policy whose resource's name begins so, by sid."""
        (policy,) = (each for name, each in self.resources("aws_iam_role_policy").items() if name.startswith(start))
        return {each["Sid"]: each for each in json.loads(policy["policy"])["Statement"]}
