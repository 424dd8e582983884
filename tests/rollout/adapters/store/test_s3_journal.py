"""A journal in S3: several writers, lost answers, changed objects; on the emulator."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from threading import Thread
from typing import Any

import pytest

from rollout.adapters.store.s3_journal import S3Journal
from rollout.adapters.store.s3_objects import Objects
from rollout.domain.errors import StoreError
from rollout.domain.records import Draft
from tests.rollout.adapters.store.conftest import BUCKET
from tests.rollout.adapters.store.sample_runs import OTHER, TARGET, draft

FOLDER = "runs/r1/journal/"
AT = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)
Make = Callable[..., S3Journal]


@pytest.fixture
def objects(bucket: str, client: Any) -> Objects:
    return Objects(client, bucket, "", None)


@pytest.fixture
def make(objects: Objects) -> Make:
    def make(by: str = "ann@host", now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> S3Journal:
        return S3Journal(objects, FOLDER, "run r1, journal", by, now=now)

    return make


def test_records_are_numbered_by_subject(make: Make, client: Any) -> None:
    journal = make()
    written = journal.append([draft(), draft(OTHER), draft("wave:a b/c", "running"), draft(state="applying")])
    assert [(record.subject, record.number, record.state) for record in written] == [
        (TARGET, 1, "planned"),
        (OTHER, 1, "planned"),
        ("wave:a b/c", 1, "running"),
        (TARGET, 2, "applying"),
    ]
    assert journal.read() == make().read()
    assert sorted(map(repr, journal.read())) == sorted(map(repr, written))
    keys = {each["Key"].removeprefix(FOLDER) for each in client.list_objects_v2(Bucket=BUCKET)["Contents"]}
    assert keys == {f"{TARGET}.jsonl", f"{OTHER}.jsonl", "wave%3Aa%20b%2Fc.jsonl"}
    assert journal.append([]) == ()


def test_records_are_read_by_time_and_one_subject_s_in_order(make: Make) -> None:
    times = iter([AT, AT + timedelta(hours=1), AT + timedelta(minutes=1), AT + timedelta(minutes=2)])
    journal = make(now=lambda: next(times))
    for subject, state in ((TARGET, "planned"), (TARGET, "applying"), (TARGET, "baking"), (OTHER, "planned")):
        journal.append([draft(subject, state)])  # the second with a clock that is ahead
    states = [(record.subject, record.state) for record in journal.read()]
    assert states == [(TARGET, "planned"), (OTHER, "planned"), (TARGET, "applying"), (TARGET, "baking")]


def test_what_others_append_is_read_and_counted_on(make: Make) -> None:
    one, other = make("ann"), make("bob")
    one.append([draft()])
    other.append([draft(state="applying")])
    one.append([draft(state="baking"), draft(state="done")])  # what it knows is of yesterday
    assert [(record.number, record.by, record.state) for record in other.read()] == [
        (1, "ann", "planned"),
        (2, "bob", "applying"),
        (3, "ann", "baking"),
        (4, "ann", "done"),
    ]


def test_many_writers_lose_nothing(make: Make) -> None:
    def write(by: str) -> None:
        mine = make(by)
        for number in range(4):
            mine.append([draft("run", "limits", str(number)), draft(by)])

    threads = [Thread(target=write, args=(f"w{number}",)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    records = [record for record in make().read() if record.subject == "run"]
    assert [record.number for record in records] == list(range(1, 17))
    for by in ("w0", "w1", "w2", "w3"):
        assert [each.draft.reason for each in records if each.by == by] == ["0", "1", "2", "3"]


@pytest.fixture
def losing(client: Any) -> Iterator[list[str]]:
    """Each operation that is named here has its next answer lost after it was carried out."""
    lost: list[str] = []

    def lose(response_dict: dict[str, Any], operation_model: Any, **_: Any) -> None:
        if operation_model.name in lost:
            lost.remove(operation_model.name)
            response_dict.update(status_code=503, body=b"<Error><Code>SlowDown</Code></Error>")

    def forget(request: Any, **_: Any) -> None:
        del request.headers["amz-sdk-invocation-id"]  # by it the emulator knows a request that is sent again

    handlers = {"before-parse.s3": lose, "before-send.s3": forget}
    for event, handler in handlers.items():
        client.meta.events.register(event, handler)
    yield lost
    for event, handler in handlers.items():
        client.meta.events.unregister(event, handler)


def test_a_record_whose_answer_was_lost_is_written_once(make: Make, losing: list[str]) -> None:
    journal = make()
    for state in ("planned", "applying"):
        losing.append("PutObject")
        assert [record.number for record in journal.append([draft(state=state)])] == [1 if state == "planned" else 2]
        assert losing == []
    assert [record.state for record in make().read()] == ["planned", "applying"]
    journal.append([draft(state="baking")])
    assert len(make().read()) == 3


def test_only_what_changed_is_fetched_again(make: Make, client: Any) -> None:
    reader, writer = make(), make()
    writer.append([Draft(f"t{number}", "planned") for number in range(30)])
    assert len(reader.read()) == 30
    asked: list[str] = []

    def count(**_: Any) -> None:
        asked.append("get")

    client.meta.events.register("before-call.s3.GetObject", count)
    assert len(reader.read()) == 30
    writer.append([Draft("t7", "applying")])
    assert len(reader.read()) == 31
    client.meta.events.unregister("before-call.s3.GetObject", count)
    assert asked == ["get"]


def changed(client: Any, content: bytes | None) -> None:
    key = f"{FOLDER}{TARGET}.jsonl"
    if content is None:
        client.delete_object(Bucket=BUCKET, Key=key)
    else:
        client.put_object(Bucket=BUCKET, Key=key, Body=content)


def test_an_object_that_was_changed_stops_everything(make: Make, client: Any) -> None:
    journal = make()
    journal.append([draft(), draft(state="applying")])
    journal.append([draft(OTHER)])
    objects = {
        key: client.get_object(Bucket=BUCKET, Key=f"{FOLDER}{key}.jsonl")["Body"].read() for key in (TARGET, OTHER)
    }
    where = f"run r1, journal of {TARGET}"
    fix = "nothing of this run can be trusted; restore the journal from a copy, or plan a new run"
    something_else = (
        f"{where}: holds something else than its records; it was changed; restore an older version of the object, or "
        "plan a new run"
    )
    cases = {
        objects[TARGET].replace(b"planned", b"skipped"): (
            f"{where} line 1: its checksum does not match; the line is not as it was written; {fix}"
        ),
        objects[TARGET][:-1]: something_else,
        objects[OTHER]: something_else,
        b"": something_else,
    }
    for content, sentence in cases.items():
        changed(client, content)
        for use in (make().read, lambda: journal.append([draft()]), journal.read):
            with pytest.raises(StoreError) as caught:
                use()
            assert str(caught.value) == sentence
    changed(client, None)
    for use in (journal.read, lambda: journal.append([draft()])):
        with pytest.raises(StoreError) as caught:
            use()
        assert str(caught.value) == (
            f"run r1, journal: the records of {TARGET} are gone; records are never removed; restore them from an older "
            "version of the object, or plan a new run"
        )


def test_one_who_never_gets_through_says_so(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rollout.adapters.store.s3_journal._WAIT_SECONDS", 0)
    monkeypatch.setattr(Objects, "put_new", lambda *_: None)
    with pytest.raises(StoreError) as caught:
        make().append([draft()])
    assert str(caught.value) == (
        f"run r1, journal: {TARGET} was written by others 12 times while this record was; find who else writes this "
        "run, end it, and run `lambdanet rollout resume`"
    )
