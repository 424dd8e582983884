"""Windows of maintenance and snapshots."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from modules.cache.windows import window_problems


def told(maintenance: str, snapshot: str) -> list[str]:
    return [str(problem) for problem in window_problems(maintenance, snapshot)]


@pytest.mark.parametrize(
    ("maintenance", "snapshot"),
    [
        ("sun:05:00-sun:06:00", "03:00-04:00"),
        ("sun:05:00-sun:06:00", "04:00-05:00"),
        ("sun:05:00-sun:06:00", "06:00-07:00"),
        ("sun:23:30-mon:00:30", "00:30-01:30"),
        ("sat:22:00-sat:23:00", "23:00-00:00"),
        ("sun:05:00-sun:06:00", ""),
    ],
)
def test_windows_that_do_not_meet(maintenance: str, snapshot: str) -> None:
    assert told(maintenance, snapshot) == []


@pytest.mark.parametrize(
    ("maintenance", "snapshot"),
    [
        ("sun:05:00-sun:06:00", "05:30-06:30"),
        ("sun:05:00-sun:06:00", "04:30-05:30"),
        ("sun:05:00-sun:08:00", "06:00-07:00"),
        ("sun:05:00-sun:06:00", "04:00-07:00"),
        ("sun:23:30-mon:00:30", "00:00-01:00"),
        ("mon:00:30-mon:01:30", "23:30-00:45"),
    ],
)
def test_windows_that_meet(maintenance: str, snapshot: str) -> None:
    assert told(maintenance, snapshot) == [
        (
            f'snapshot_window is "{snapshot}"; it and maintenance_window "{maintenance}" must not overlap '
            "(CreateReplicationGroup); move one of them"
        )
    ]


def test_windows_that_are_too_short() -> None:
    assert told("sun:05:00-sun:05:30", "03:00-03:59") == [
        (
            'maintenance_window is "sun:05:00-sun:05:30", 30 minutes; it takes at least 60 minutes (elasticache API '
            "model); make it longer"
        ),
        (
            'snapshot_window is "03:00-03:59", 59 minutes; it takes at least 60 minutes (ElastiCache guide); make it '
            "longer"
        ),
    ]


DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
DAY, WEEK = 24 * 60, 7 * 24 * 60


def clock(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"


@given(
    start=st.integers(0, WEEK - 1),
    length=st.integers(60, DAY),
    daily=st.integers(0, DAY - 1),
    daily_length=st.integers(60, DAY // 2),
)
def test_windows_meet_when_they_share_a_minute(start: int, length: int, daily: int, daily_length: int) -> None:
    end = (start + length) % WEEK
    weekly = "-".join(f"{DAYS[side // DAY]}:{clock(side % DAY)}" for side in (start, end))
    snapshot = f"{clock(daily)}-{clock((daily + daily_length) % DAY)}"
    maintained = {(start + minute) % WEEK for minute in range(length)}
    snapped = {(day * DAY + daily + minute) % WEEK for day in range(7) for minute in range(daily_length)}
    assert bool(told(weekly, snapshot)) == bool(maintained & snapped)
