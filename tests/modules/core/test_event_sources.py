"""Event sources of one function, counted together."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from modules.core.errors import ConfigError
from modules.core.event_sources import EventSources, SourceBound

API = "stack/api"


def refusal(build: Callable[[], object]) -> str:
    with pytest.raises(ConfigError) as refused:
        build()
    return str(refused.value)


def queue(name: str, maximum: int | None, *, takes_rest: bool = False) -> SourceBound:
    return SourceBound(f"stack/{name}-source", f"stack/{name}", maximum, is_queue=True, takes_rest=takes_rest)


def test_queues_may_take_all_of_the_reserved_concurrency_and_no_more() -> None:
    sources = EventSources(API, reserved=10)
    sources.add(queue("b", 6))
    sources.add(queue("a", 4))
    assert (sources.maximum, [bound.reads for bound in sources.bounds]) == (10, ["stack/a", "stack/b"])
    assert refusal(lambda: sources.add(queue("c", 2))) == (
        "stack/c-source: the queues of stack/api may invoke it 12 times at once (stack/a-source 4, stack/b-source 6, "
        "stack/c-source 2) and its reserved_concurrency is 10; messages beyond it would be received, throttled, and "
        "become dead letters although nothing is wrong with them (Lambda guide, maximum concurrency); set "
        "maximum_concurrency of each to 10 in all, or reserved_concurrency to at least 12"
    )


@pytest.mark.parametrize("order", [("a", "b"), ("b", "a")])
def test_a_queue_that_takes_the_rest_is_alone_in_any_order(order: tuple[str, str]) -> None:
    bounds = {"a": queue("a", 10, takes_rest=True), "b": queue("b", 4)}
    sources = EventSources(API, reserved=10)
    sources.add(bounds[order[0]])
    assert refusal(lambda: sources.add(bounds[order[1]])) == (
        f"stack/{order[1]}-source: 2 queues are read for stack/api, and stack/a-source has no maximum_concurrency; "
        "only a queue that is alone may take all of its reserved_concurrency, 10; set maximum_concurrency of each"
    )


def test_two_queues_that_take_the_rest_are_both_named() -> None:
    sources = EventSources(API, reserved=10)
    sources.add(queue("a", 10, takes_rest=True))
    assert refusal(lambda: sources.add(queue("b", 10, takes_rest=True))) == (
        "stack/b-source: 2 queues are read for stack/api, and stack/a-source and stack/b-source have no "
        "maximum_concurrency; only a queue that is alone may take all of its reserved_concurrency, 10; set "
        "maximum_concurrency of each"
    )


def test_a_stream_takes_nothing_of_what_queues_may_have() -> None:
    sources = EventSources(API, reserved=10)
    sources.add(queue("a", 10))
    sources.add(SourceBound("stack/clicks-source", "stack/clicks", 40))
    assert sources.maximum == 50


def test_one_source_is_read_once() -> None:
    sources = EventSources(API, reserved=None)
    sources.add(queue("a", 2))
    assert refusal(lambda: sources.add(SourceBound("stack/again", "stack/a", 2, is_queue=True))) == (
        "stack/again: stack/a is read for stack/api by stack/a-source already; Lambda keeps one event source mapping "
        "for a source and a function (CreateEventSourceMapping); remove one of them"
    )


def test_a_source_that_does_not_poll_is_read_once_too() -> None:
    sources = EventSources(API, reserved=10)
    sources.read("stack/a", by="stack/paused")
    assert (sources.bounds, sources.maximum) == ((), 0)
    assert refusal(lambda: sources.add(queue("a", 2))) == (
        "stack/a-source: stack/a is read for stack/api by stack/paused already; Lambda keeps one event source mapping "
        "for a source and a function (CreateEventSourceMapping); remove one of them"
    )


TOO_MANY = (
    "event_source_maximum of stack/api is 5, and its event sources may invoke it 6 times at once (stack/a-source 6); "
    "what it connects to would have too little room for it; set the maximum of each source, or event_source_maximum to "
    "their sum"
)


def test_what_is_counted_on_holds_before_and_after() -> None:
    earlier, later = EventSources(API, reserved=None), EventSources(API, reserved=None)
    earlier.expect(5)
    assert refusal(lambda: earlier.add(queue("a", 6))) == f"stack/a-source: {TOO_MANY}"
    later.add(queue("a", 6))
    later.expect(None)
    later.expect(6)
    assert refusal(lambda: later.expect(5)) == f"stack/api: {TOO_MANY}"


def test_a_source_without_a_maximum_bounds_nothing() -> None:
    sources = EventSources(API, reserved=None)
    sources.add(queue("a", 2))
    sources.add(SourceBound("stack/clicks-source", "stack/clicks", None))
    assert sources.maximum is None
    assert refusal(lambda: sources.expect(5)) == (
        "stack/api: event_source_maximum of stack/api is 5, and its event sources may invoke it without bound "
        "(stack/a-source 2, stack/clicks-source without one); what it connects to would have too little room for it; "
        "set the maximum of each source, or event_source_maximum to their sum"
    )


OTHERS = (
    "stack/api: event_source_maximum of stack/api is 5, and its URL{} invokes it too; the number holds only for a "
    "function that nothing but its event sources invokes; remove event_source_maximum where the function connects, and "
    "set its reserved_concurrency"
)


def test_what_is_counted_on_holds_for_event_sources_alone() -> None:
    earlier, later = EventSources(API, reserved=None), EventSources(API, reserved=None)
    earlier.expect(5)
    assert refusal(lambda: earlier.invoked_by("its URL")) == OTHERS.format("")
    for _ in range(2):
        later.invoked_by("its URL")
        later.invoked_by('the statement "news"')
    assert refusal(lambda: later.expect(5)) == OTHERS.format(' and the statement "news"')
