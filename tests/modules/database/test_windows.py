"""Windows of backups and maintenance."""

from __future__ import annotations

import pytest

from modules.database.windows import window_problems
from tests.modules.core.samples import STRING_TOKEN


@pytest.mark.parametrize(
    ("backup", "maintenance"),
    [
        (None, None),
        ("02:00-02:30", None),
        (None, "sun:03:00-sun:03:30"),
        ("02:00-03:00", "sun:03:00-sun:04:00"),
        ("23:45-00:15", "sun:00:15-sun:01:00"),
        ("03:00-02:30", "mon:02:30-mon:03:00"),
        ("02:00-02:30", "sat:03:00-sun:02:00"),
        (STRING_TOKEN, "sun:03:00-sun:03:30"),
        ("02:00-02:30", STRING_TOKEN),
    ],
)
def test_windows_that_rds_takes(backup: str | None, maintenance: str | None) -> None:
    assert not list(window_problems(backup, maintenance))


@pytest.mark.parametrize(
    ("backup", "maintenance", "expected"),
    [
        ("02:00-02:29", None, ('backup_window is "02:00-02:29", 29 minutes; it takes at least 30 minutes '
         "(rds API model); move its end")),
        ("02:00-02:00", None, ('backup_window is "02:00-02:00", 0 minutes; it takes at least 30 minutes '
         "(rds API model); move its end")),
        (None, "sun:23:50-mon:00:10", ('maintenance_window is "sun:23:50-mon:00:10", 20 minutes; it takes 30 minutes '
         "to 24 hours (rds API model); move its end")),
        (None, "sun:03:00-mon:03:01", ('maintenance_window is "sun:03:00-mon:03:01", 1441 minutes; it takes 30 minutes '
         "to 24 hours (rds API model); move its end")),
    ],
)  # fmt: skip
def test_windows_that_are_too_short_or_too_long(backup: str | None, maintenance: str | None, expected: str) -> None:
    assert [str(problem) for problem in window_problems(backup, maintenance)] == [expected]


@pytest.mark.parametrize(
    ("backup", "maintenance"),
    [
        ("02:00-03:01", "sun:03:00-sun:03:30"),
        ("23:45-00:16", "mon:00:15-mon:01:00"),
        ("02:00-02:30", "sun:23:00-mon:02:01"),
        ("00:00-00:30", "sun:23:45-mon:00:15"),
    ],
)
def test_windows_that_overlap(backup: str, maintenance: str) -> None:
    assert [str(problem) for problem in window_problems(backup, maintenance)] == [
        (
            f'backup_window is "{backup}" and maintenance_window is "{maintenance}"; they do not overlap '
            "(rds API model); move one of the two"
        )
    ]
