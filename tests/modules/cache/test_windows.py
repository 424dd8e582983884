"""Windows of maintenance and snapshots."""

from __future__ import annotations

import pytest

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
    rule = "it takes at least 60 minutes (elasticache API model); make it longer"
    assert told("sun:05:00-sun:05:30", "03:00-03:59") == [
        f'maintenance_window is "sun:05:00-sun:05:30", 30 minutes; {rule}',
        f'snapshot_window is "03:00-03:59", 59 minutes; {rule}',
    ]
