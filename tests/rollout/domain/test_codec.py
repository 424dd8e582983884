"""Lines of a journal: written, read, torn at every byte, and changed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rollout.domain.codec import read_records, record_line
from rollout.domain.errors import StoreError
from rollout.domain.records import Draft, Record

AT = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)
FIX = "nothing of this run can be trusted; restore the journal from a copy, or plan a new run"


def record(number: int = 1, subject: str = "dev-main-us-east-1-orders_api", **draft: object) -> Record:
    return Record(number, AT, "ann@ci", Draft(subject, **{"state": "planned", **draft}))  # type: ignore[arg-type]  # a test may give any field


THREE = (record(), record(2, reason='a line\nbreak, ü, "quotes"', details={"plan": {"a": [1, None]}}), record(1, "run"))


def test_records_are_read_as_they_were_written() -> None:
    lines = [record_line(each) for each in THREE]
    assert all(line.count(b"\n") == 1 and line.endswith(b"}\n") for line in lines)
    read = read_records(b"".join(lines))
    assert (read.records, read.torn_bytes, read.lines) == (THREE, 0, 3)
    assert read.numbers == {"dev-main-us-east-1-orders_api": 2, "run": 1}
    assert read_records(b"") == type(read)(())


def test_a_journal_cut_at_any_byte_holds_every_record_before() -> None:
    lines = [record_line(each) for each in THREE]
    data = b"".join(lines)
    for length in range(len(data) + 1):
        whole = sum(len(b"".join(lines[:count])) <= length for count in range(1, 4))
        read = read_records(data[:length])
        assert read.records == THREE[:whole]
        assert read.torn_bytes == length - len(b"".join(lines[:whole]))


def test_what_was_added_is_read_alone() -> None:
    first = read_records(record_line(THREE[0]))
    added = read_records(record_line(THREE[1]), lines_before=first.lines, numbers=first.numbers)
    assert (added.records, added.lines, added.numbers) == ((THREE[1],), 2, {THREE[0].subject: 2})


def test_a_changed_byte_is_refused_wherever_it_is() -> None:
    data = record_line(THREE[1])
    for at in range(len(data) - 1):
        changed = data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]
        with pytest.raises(StoreError):
            read_records(changed + data)
    with pytest.raises(StoreError) as caught:
        read_records(record_line(THREE[0]) + data.replace(b"planned", b"skipped"), where="run r1, journal")
    assert str(caught.value) == (
        f"run r1, journal line 2: its checksum does not match; the line is not as it was written; {FIX}"
    )


@pytest.mark.parametrize(
    ("second", "number", "expected"), [(record(3), 3, 2), (record(1), 1, 2), (record(2, "run"), 2, 1)]
)
def test_a_missing_or_repeated_line_is_refused(second: Record, number: int, expected: int) -> None:
    with pytest.raises(StoreError) as caught:
        read_records(record_line(record()) + record_line(second))
    assert str(caught.value) == (
        f"journal line 2: record {number} of {second.subject} stands where record {expected} belongs; records are "
        f"numbered without gaps; {FIX}"
    )


def test_lines_of_another_program_are_refused() -> None:
    for line in (b"\n", b"{}\n", b"not JSON\n"):
        with pytest.raises(StoreError, match="journal line 1: its checksum does not match"):
            read_records(line)


def test_only_plain_json_with_a_time_zone_is_written() -> None:
    with pytest.raises(ValueError, match="a record's time has a time zone"):
        record_line(Record(1, datetime(2026, 11, 21), "ann", Draft("run", "running")))  # noqa: DTZ001 - what is refused
    with pytest.raises(ValueError, match="not JSON compliant"):
        record_line(record(details={"value": float("nan")}))
    with pytest.raises(TypeError):
        record_line(record(details={"value": AT}))


@given(
    st.text(min_size=1),
    st.text(),
    st.dictionaries(st.text(), st.integers() | st.text() | st.lists(st.booleans())),
    st.integers(-12, 14),
)
def test_any_text_survives(subject: str, reason: str, details: dict[str, object], hours: int) -> None:
    zone = timezone(timedelta(hours=hours))
    written = Record(1, AT.astimezone(zone), reason, Draft(subject, "planned", reason, details))
    assert read_records(record_line(written)).records == (written,)
