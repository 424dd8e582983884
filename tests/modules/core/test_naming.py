"""Cloud names: deterministic, bounded, distinct, and taken by every service."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from modules.core.errors import ConfigError
from modules.core.naming import Naming
from tests.modules.core.samples import CI

ACME = Naming(org="acme", env="dev", stack="orders-api")
WORDS = st.lists(st.text("abz09", min_size=1, max_size=9), min_size=1, max_size=4).map("-".join)
NAMINGS = st.builds(Naming, org=WORDS.map("a{}".format), env=WORDS, stack=WORDS)
TAKEN_BY_RDS = re.compile(r"[a-z](?:-?[a-z0-9])*")  # the strictest: a letter first, no double hyphen, none at the end


@pytest.mark.parametrize(
    ("thing", "separator", "expected"),
    [
        ("api", "-", "acme-dev-orders-api-api"),
        ("", "-", "acme-dev-orders-api"),
        ("order_worker", "-", "acme-dev-orders-api-order-worker"),
        ("order-worker", "_", "acme_dev_orders_api_order_worker"),
    ],
)
def test_a_name_is_org_env_stack_and_thing(thing: str, separator: str, expected: str) -> None:
    assert ACME.name(thing, separator=separator) == expected


def test_a_long_name_keeps_its_beginning_and_ends_in_a_stable_hash() -> None:
    assert ACME.name("a" * 60) == "acme-dev-orders-api-aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa-de4768d1"
    assert ACME.name("order-worker", max_length=24) == "acme-dev-orders-c4eb8355"


@CI
@given(NAMINGS, WORDS, st.integers(10, 80))
def test_every_service_takes_the_name(naming: Naming, thing: str, max_length: int) -> None:
    name = naming.name(thing, max_length=max_length)
    assert len(name) <= max_length
    assert TAKEN_BY_RDS.fullmatch(name)
    assert name == Naming(naming.org, naming.env, naming.stack).name(thing, max_length=max_length)
    whole = f"{naming.prefix}-{thing}"
    assert name == whole or (len(whole) > max_length and re.search(r"-[0-9a-f]{8}$", name))


@CI
@given(
    NAMINGS,
    st.lists(st.integers(0, 10**9).map(lambda n: f"{'same-beginning-' * 4}{n}"), min_size=2, max_size=20, unique=True),
)
def test_distinct_things_keep_distinct_names_when_they_are_cut(naming: Naming, things: list[str]) -> None:
    assert len({naming.name(thing, max_length=32) for thing in things}) == len(things)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("org", ""), ("org", "Acme"), ("org", "a_b"), ("org", "-a"), ("org", "a-"), ("org", "a--b"), ("org", "1acme"),
        ("org", "sg"), ("org", "sg-team"), ("org", "a.b"), ("org", "ä"), ("org", "a\n"),
        ("env", ""), ("env", "Dev"), ("env", "a--b"), ("stack", "orders_api"), ("stack", "a-"),
    ],
)  # fmt: skip
def test_a_part_that_would_make_an_invalid_name_is_refused(field: str, value: str) -> None:
    first = ", a letter first, and is not sg" if field == "org" else ""
    with pytest.raises(ConfigError) as caught:
        Naming(**{"org": "acme", "env": "dev", "stack": "orders", field: value})
    assert str(caught.value) == (
        f'naming: {field} is "{value}"; it takes lowercase letters, digits and single inner hyphens{first}; correct it'
    )


@pytest.mark.parametrize("org", ["a", "sgx", "acme-2", "a1"])
def test_what_only_looks_like_a_reserved_prefix_is_taken(org: str) -> None:
    assert Naming(org, "1", "2-b").prefix == f"{org}-1-2-b"


@pytest.mark.parametrize("thing", ["My Api", "api.v2", "-api", "api-", "a--b", "a__b", "ü", "${x}"])
def test_a_thing_that_no_service_takes_is_refused(thing: str) -> None:
    with pytest.raises(ConfigError) as caught:
        ACME.name(thing)
    assert str(caught.value) == (
        f'naming: thing is "{thing}"; a cloud name takes lowercase letters, digits and single inner hyphens; '
        "rename the construct"
    )


def test_a_bound_too_short_for_the_hash_is_a_mistake_of_the_caller() -> None:
    assert ACME.name("api", max_length=10) == "a-cbd4173e"
    with pytest.raises(ValueError, match="max_length is 9; a name with its hash takes 10"):
        ACME.name("api", max_length=9)
