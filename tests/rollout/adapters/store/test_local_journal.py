"""A journal in a file: killed at any byte, appended by several, read as it grows."""

from __future__ import annotations

import functools
import multiprocessing
import time
from datetime import UTC, datetime
from pathlib import Path
from threading import Thread

import pytest

from rollout.adapters.store.local_journal import LocalJournal
from rollout.domain.errors import StoreError
from rollout.domain.records import Draft
from tests.rollout.adapters.store.sample_runs import OTHER, TARGET, draft

AT = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)


def journal(path: Path) -> LocalJournal:
    return LocalJournal(path, "run r1, journal", "ann@host", lambda: AT)


def test_records_are_numbered_by_subject(tmp_path: Path) -> None:
    first = journal(tmp_path / "j")
    written = first.append([draft(), draft(OTHER), draft(state="applying")])
    assert [(record.subject, record.number, record.state) for record in written] == [
        (TARGET, 1, "planned"),
        (OTHER, 1, "planned"),
        (TARGET, 2, "applying"),
    ]
    assert {(record.at, record.by) for record in written} == {(AT, "ann@host")}
    assert first.append([]) == ()
    assert first.read() == journal(tmp_path / "j").read() == written


def test_a_journal_killed_at_any_byte_goes_on(tmp_path: Path) -> None:
    path = tmp_path / "j"
    before = journal(path).append([draft(), draft(state="applying", reason="ü\n")])
    data = path.read_bytes()
    whole_lengths = [0, data.index(b"\n") + 1, len(data)]
    for length in range(len(data) + 1):
        path.write_bytes(data[:length])
        kept = before[: sum(length >= each for each in whole_lengths) - 1]
        resumed = journal(path)
        assert resumed.read() == kept
        added = resumed.append([draft(state="done"), draft("run", "completed")])
        assert added[0].number == len(kept) + 1
        assert journal(path).read() == resumed.read() == (*kept, *added)


def test_what_others_append_is_read(tmp_path: Path) -> None:
    one, other = journal(tmp_path / "j"), journal(tmp_path / "j")
    one.append([draft()])
    other.append([draft(state="applying")])
    one.append([draft(state="baking")])
    assert [record.state for record in other.read()] == ["planned", "applying", "baking"]
    assert one.read() == other.read()


def test_a_reader_leaves_what_is_being_written(tmp_path: Path) -> None:
    path = tmp_path / "j"
    writer, reader = journal(path), journal(path)
    writer.append([draft()])
    line = path.read_bytes()
    with path.open("ab") as file:
        file.write(line[:10])
    assert len(reader.read()) == 1
    assert path.read_bytes() == line + line[:10]
    writer.append([draft(state="applying")])
    assert [record.state for record in reader.read()] == ["planned", "applying"]


def append_many(path: Path, subject: str, count: int) -> None:
    mine = LocalJournal(path, "journal", subject)
    for _ in range(count):
        mine.append([Draft("run", "limits", subject), Draft(subject, "planned")])


def test_processes_and_threads_append_side_by_side(tmp_path: Path) -> None:
    path = tmp_path / "j"
    context = multiprocessing.get_context("fork")
    processes = [context.Process(target=append_many, args=(path, f"p{number}", 20)) for number in range(3)]
    shared = LocalJournal(path, "journal", "threads")

    def append_shared(name: str) -> None:
        for _ in range(20):
            shared.append([Draft(name, "planned")])

    threads = [Thread(target=append_shared, args=(f"t{number}",)) for number in range(3)]
    for process in processes:
        process.start()
    for thread in threads:
        thread.start()
    for process in processes:
        process.join()
    for thread in threads:
        thread.join()
    assert {process.exitcode for process in processes} == {0}
    records = shared.read()
    assert len(records) == 3 * 20 * 2 + 3 * 20
    assert [record.number for record in records if record.subject == "run"] == list(range(1, 61))


def test_a_process_killed_while_it_writes_loses_nothing_that_was_acknowledged(tmp_path: Path) -> None:
    path, acknowledged = tmp_path / "j", tmp_path / "acknowledged"

    def write() -> None:
        mine = journal(path)
        with acknowledged.open("wb", buffering=0) as file:
            while True:
                mine.append([draft(reason="x" * 2_000)])
                file.write(b".")

    for round_number in range(3):
        killed = multiprocessing.get_context("fork").Process(target=write)
        before = len(journal(path).read())
        killed.start()
        while len(journal(path).read()) < before + 5 + round_number:
            time.sleep(0.002)
        killed.kill()
        killed.join()
        records = journal(path).read()
        assert len(records) - before - acknowledged.stat().st_size in {0, 1}  # written, killed before it could say so
        assert [record.number for record in records] == list(range(1, len(records) + 1))


def test_a_journal_that_was_changed_stops_everything(tmp_path: Path) -> None:
    path = tmp_path / "j"
    mine = journal(path)
    mine.append([draft(), draft(state="applying")])
    data = path.read_bytes()
    path.write_bytes(data.replace(b"planned", b"skipped"))
    fix = "nothing of this run can be trusted; restore the journal from a copy, or plan a new run"
    changed = journal(path)
    for use in (changed.read, functools.partial(changed.append, [draft()])):
        with pytest.raises(StoreError) as caught:
            use()
        assert str(caught.value) == (
            f"run r1, journal line 1: its checksum does not match; the line is not as it was written; {fix}"
        )
    path.write_bytes(b"")
    with pytest.raises(StoreError) as caught:
        mine.append([draft()])
    assert str(caught.value) == (
        "run r1, journal: is shorter than it was; records are never removed; restore it from a copy, or plan a new run"
    )


def test_a_journal_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    with pytest.raises(StoreError) as caught:
        journal(tmp_path / "missing" / "j").append([draft()])
    assert str(caught.value).startswith("run r1, journal: cannot be read or written (")
    assert str(caught.value).endswith(
        "); nothing is applied that cannot be written down; correct that and run `lambdanet rollout resume`"
    )


def test_reading_grows_with_what_is_new(tmp_path: Path) -> None:
    path = tmp_path / "j"
    writer, reader = journal(path), journal(path)
    writer.append([Draft(f"t{number}", "planned") for number in range(2_000)])
    assert len(reader.read()) == 2_000
    began = time.process_time()
    for number in range(50):
        writer.append([Draft(f"t{number}", "applying")])
        assert len(reader.read()) == 2_001 + number
    assert time.process_time() - began < 1
