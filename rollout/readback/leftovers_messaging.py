"""Leftovers that carry messages, besides topics and queues: event buses, archives, streams."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from rollout.readback.check import Clients, pages
from rollout.readback.ownership import Owner


def buses(clients: Clients, owner: Owner) -> Iterator[str]:
    """Event buses and archives by name; their listings have pages that boto3 does not turn by itself."""
    events: Any = clients("events")  # Any: clients are made from models at run time
    listings = (
        ("event bus", events.list_event_buses, "EventBuses", "Name"),
        ("event archive", events.list_archives, "Archives", "ArchiveName"),
    )
    for kind, listing, key, name in listings:
        token: dict[str, str] = {}
        while True:
            page = listing(NamePrefix=owner.prefix, **token)
            yield from (f"{kind} {item[name]}" for item in page[key] if owner.names(item[name]))
            if not page.get("NextToken"):
                break
            token = {"NextToken": page["NextToken"]}


def streams(clients: Clients, owner: Owner) -> Iterator[str]:
    """Kinesis streams by name; a consumer goes with its stream."""
    kinesis: Any = clients("kinesis")  # Any: as above
    for name in pages(kinesis, "list_streams", "StreamNames"):
        if owner.names(name):
            yield f"stream {name}"
