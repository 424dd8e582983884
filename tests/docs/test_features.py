"""The page of features says what is so."""

from __future__ import annotations

from tests.docs.features import (
    PAGE,
    applied_types,
    excused_types,
    groups,
    missing_tests,
    page,
    pains,
    possible_types,
)

LEAST_PROVEN = 0.95


def test_page_is_up_to_date() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "run `python -m tests.docs.features`"


def test_every_named_test_is_there() -> None:
    named = [name for group in groups() for row in group.rows for name in row.tests]
    named += [name for pain in pains() for name in pain.tests]
    assert missing_tests(iter(named)) == []


def test_each_row_is_proven_or_declined_with_a_reason() -> None:
    undecided = [row.feature for group in groups() for row in group.rows if bool(row.tests) == bool(row.declined)]
    assert undecided == []


def test_each_pain_is_stopped_or_says_what_it_waits_for() -> None:
    assert [pain.pain for pain in pains() if bool(pain.tests) == bool(pain.later)] == []


def test_nearly_all_rows_are_proven() -> None:
    rows = [row for group in groups() for row in group.rows]
    assert sum(bool(row.tests) for row in rows) >= LEAST_PROVEN * len(rows)


def test_each_resource_type_was_applied_or_has_a_reason() -> None:
    assert possible_types() - set(applied_types()) == excused_types()
