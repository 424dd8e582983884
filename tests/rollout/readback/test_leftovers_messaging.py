"""Leftovers that carry messages."""

from __future__ import annotations

from rollout.readback import leftovers
from tests.rollout.readback.sample_stack import PREFIX, Clients

MINE, OTHERS = f"{PREFIX}-events", f"{PREFIX}2-events"


def test_event_buses_and_archives(empty: Clients) -> None:
    events = empty("events")
    for name in (MINE, OTHERS):
        arn = events.create_event_bus(Name=name)["EventBusArn"]
        events.create_archive(ArchiveName=name, EventSourceArn=arn)
    assert leftovers(empty, prefix=PREFIX) == (f"event archive {MINE}", f"event bus {MINE}")
    events.delete_archive(ArchiveName=MINE)
    events.delete_event_bus(Name=MINE)
    assert leftovers(empty, prefix=PREFIX) == ()


def test_streams(empty: Clients) -> None:
    kinesis = empty("kinesis")
    for name in (MINE, OTHERS):
        kinesis.create_stream(StreamName=name, ShardCount=1)
    assert leftovers(empty, prefix=PREFIX) == (f"stream {MINE}",)
    kinesis.delete_stream(StreamName=MINE)
    assert leftovers(empty, prefix=PREFIX) == ()
