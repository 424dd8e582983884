"""Who is granted, and how statements and variables are named."""

from __future__ import annotations

import pytest

from modules.core.grants import role_of, sid_mark, sid_word, variable_name
from modules.core.statements import Statement


class Role:
    """A role."""

    def grant(self, *statements: Statement) -> None:
        """Take statements."""


class Runs:
    """Something with a role."""

    def __init__(self) -> None:
        self.role = Role()


def test_a_role_is_granted_itself_and_what_has_one_through_its_own() -> None:
    role, runs = Role(), Runs()
    assert role_of(role) is role
    assert role_of(runs) is runs.role


@pytest.mark.parametrize(
    ("path", "word"), [("orders", "Orders"), ("api/order-files", "ApiOrderFiles"), ("a_b.c", "ABC"), ("", "")]
)
def test_a_path_becomes_letters_and_digits(path: str, word: str) -> None:
    assert sid_word(path) == word


def test_texts_that_read_alike_have_marks_of_their_own() -> None:
    marks = {sid_mark(text) for text in ("a-b/", "a/b/", "A/B/", "a b")}
    assert len(marks) == 4
    assert all(mark.isalnum() for mark in marks)
    assert sid_mark("") == ""


def test_a_variable_is_named_after_the_construct() -> None:
    assert variable_name("order-files", "BUCKET") == "ORDER_FILES_BUCKET"
