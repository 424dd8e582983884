from __future__ import annotations

from collections.abc import Iterable

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError

from rollout.readback.check import Check, MissingError, equal, guarded, only, pages, render


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("Active", "Active"),
        ("", '""'),
        ("5432", '"5432"'),
        ("true", '"true"'),
        ("(nothing)", '"(nothing)"'),
        (5432, "5432"),
        (True, "true"),
        (None, "(nothing)"),
        (["b", "a"], '["a", "b"]'),
        ({"b", "a"}, '["a", "b"]'),
        ([], "[]"),
        ({"b": ["2", "1"], "a": None}, '{"a": null, "b": ["1", "2"]}'),
    ],
)
def test_values_read_as_one_line(value: object, text: str) -> None:
    assert render(value) == text


@pytest.mark.parametrize(
    ("expected", "found"),
    [(30, 30), (("a", "b"), ["b", "a"]), ({"a", "b"}, ["b", "a"]), ({"a": ["1", "2"]}, {"a": ("2", "1")})],
)
def test_order_does_not_matter(expected: object, found: object) -> None:
    assert equal("x", expected, found).held


@pytest.mark.parametrize(
    ("expected", "found"),
    [("30", 30), (["a"], ["a", "a"]), ({}, []), (None, ""), ("a", ["a"]), ({"a": "1"}, {"a": "1", "b": "2"})],
)
def test_what_differs_fails_and_reads_differently(expected: object, found: object) -> None:
    check = equal("x", expected, found)
    assert not check.held
    assert check.expected != check.found


def test_true_is_not_one() -> None:
    assert not equal("x", True, 1).held  # noqa: FBT003  # the value compared with


def test_a_check_is_one_line() -> None:
    assert str(equal("function x: timeout", 30, 3)) == "FAILED function x: timeout: expected 30, found 3"
    assert str(equal("function x: timeout", 30, 30)) == "ok function x: timeout: 30"


def test_only_wants_exactly_one() -> None:
    assert only(["a"], "thing") == "a"
    with pytest.raises(MissingError, match=r"^thing does not exist$"):
        only([], "thing")
    with pytest.raises(MissingError, match=r"^thing exists 2 times$"):
        only(["a", "b"], "thing")


def raising(error: Exception) -> Iterable[Check]:
    yield equal("before", 1, 1)
    raise error


@pytest.mark.parametrize(
    ("error", "found"),
    [
        (ClientError({"Error": {"Code": "AccessDenied", "Message": "no"}}, "GetRole"), "AccessDenied: no"),
        (MissingError("thing does not exist"), "thing does not exist"),
        (KeyError("Endpoint"), "the answer lacks 'Endpoint'"),
    ],
)
def test_what_cannot_be_read_is_a_failed_check(error: Exception, found: str) -> None:
    assert guarded("role", lambda: raising(error)) == [Check("role", "readable", found, held=False)]


def test_that_aws_is_out_of_reach_is_no_check() -> None:
    with pytest.raises(EndpointConnectionError):
        guarded("role", lambda: raising(EndpointConnectionError(endpoint_url="https://example.com")))


class Paginated:
    def can_paginate(self, operation: str) -> bool:
        return operation == "list_roles"

    def get_paginator(self, operation: str) -> Paginated:
        assert operation == "list_roles"
        return self

    def paginate(self, **parameters: str) -> list[dict[str, list[str]]]:
        return [{"Roles": ["a"]}, {"Roles": [parameters["PathPrefix"]]}, {}]

    def list_once(self, **parameters: str) -> dict[str, list[str]]:
        return {"Roles": [parameters["PathPrefix"]]}


def test_every_page_is_read() -> None:
    assert pages(Paginated(), "list_roles", "Roles", PathPrefix="/x/") == ["a", "/x/"]
    assert pages(Paginated(), "list_once", "Roles", PathPrefix="/x/") == ["/x/"]
