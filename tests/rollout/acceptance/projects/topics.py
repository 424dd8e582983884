"""A project whose stack is a topic with its key, its alarms and their topic, built with the suite's modules."""

from __future__ import annotations

import os
from pathlib import Path

import modules.core.engine

from cdktf import App

from modules.key import Key
from modules.observability import AlarmTopic
from modules.topic import Topic
from rollout.targets import read_targets
from stacks.base import TargetStack


def main() -> None:
    """Synthesize every target."""
    app = App()
    for entry in read_targets(Path(os.environ["LAMBDANET_ENVIRONMENTS"]), only=os.environ.get("LAMBDANET_TARGET", "")):
        stack = TargetStack(app, entry.target)
        key = Key(stack, "key")
        topic = AlarmTopic(stack, "alarm-topic", key=key)
        news = Topic(stack, "news", key=key, alarm_topic=topic)
        stack.output("topic_name", news.name, "The topic")
        stack.output("alarm_names", sorted(news.alarm_names), "Every alarm")
    app.synth()


if __name__ == "__main__":
    main()
