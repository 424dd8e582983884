"""Tags: every resource shares them, so the strictest service decides."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

import botocore.session
import pytest

from modules.core.target import Target
from tests.modules.core.samples import STRING_TOKEN, refusal, sentence
from tests.modules.core.test_target import VALID, target

KEY = (
    "a key has 1 to 128 letters, digits and characters of _.:/=+-, and no prefix aws: or rds: (Signer, RDS); rename it"
)
VALUE = "a tag's value has letters, digits, spaces and characters of _.:/=+-@ (IAM API); replace it"


@cache
def pattern(service: str, shape: str) -> re.Pattern[str]:
    """A service model's pattern, with Java's classes of characters in ASCII."""
    given = botocore.session.get_session().get_service_model(service).shape_for(shape).metadata["pattern"]
    return re.compile(str(given).replace(r"\p{L}", "A-Za-z").replace(r"\p{Z}", " ").replace(r"\p{N}", "0-9"))


def test_the_suites_own_tags_stand_beside_the_users_in_order() -> None:
    assert target(tags={"cost-center": "engineering", "z": ""}).all_tags == {
        "cost-center": "engineering",
        "env": "dev",
        "managed-by": "terraform",
        "org": "acme",
        "owner": "orders-team",
        "stack": "orders_api",
        "z": "",
    }


@pytest.mark.parametrize("key", ["a", "k" * 128, "Cost.Center:2026/x=y+z-_", "0"])
def test_a_key_that_is_taken_is_taken_by_every_service(key: str) -> None:
    assert target(tags={key: "x"}).tags == {key: "x"}
    for service, shape in (("iam", "tagKeyType"), ("lambda", "TagKey"), ("logs", "TagKey"), ("signer", "TagKey")):
        assert pattern(service, shape).fullmatch(key), (service, key)


@pytest.mark.parametrize(
    "key",
    ["", "k" * 129, "cost center", "team@acme", "größe", "aws:x", "AWS:x", "rds:x", "R&D", "it's", "a\n", "R${x}"],
)
def test_a_key_that_one_service_refuses_is_refused(key: str) -> None:
    assert sentence(Target, {**VALID, "tags": {key: "x"}}) == f'tags holds the key "{key}"; {KEY}'


@pytest.mark.parametrize("value", ["", "v" * 256, "Équipe 2 @ größe_.:/=+-", "日本語", STRING_TOKEN, "a ${x}'s"])
def test_a_value_that_every_service_takes_is_taken(value: str) -> None:
    assert target(tags={"key": value}).tags == {"key": value}


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("v" * 257, 'tags["key"] has 257 characters; a tag\'s value has at most 256; shorten it'),
        ("R&D's & co", f'tags["key"] holds & \'; {VALUE}'),
        ("e\u0301", f'tags["key"] holds \u0301; {VALUE}'),
        ("☃", f'tags["key"] holds ☃; {VALUE}'),
        ("a\tb", rf'tags["key"] holds \t; {VALUE}'),
        ("aws:x", 'tags["key"] is "aws:x"; AWS reserves the prefixes aws: and rds: (RDS API); reword it'),
        ("Rds:x", 'tags["key"] is "Rds:x"; AWS reserves the prefixes aws: and rds: (RDS API); reword it'),
    ],
)
def test_a_value_that_one_service_refuses_is_refused(value: str, expected: str) -> None:
    assert sentence(Target, {**VALID, "tags": {"key": value}}) == expected


@pytest.mark.parametrize("key", ["env", "Owner", "managed-by", "STACK", "org", "Name", "tier"])
def test_a_key_that_the_suite_sets_is_refused(key: str) -> None:
    expected = f'tags holds the key "{key}"; the suite sets it itself; remove or rename it'
    assert sentence(Target, {**VALID, "tags": {key: "x"}}) == expected


def test_keys_that_differ_in_case_only_are_refused_as_iam_takes_them_for_one() -> None:
    assert refusal(Target, {**VALID, "tags": {"team": "x", "Team": "x", "TEAM": "x"}}) == [
        'tags holds the keys "TEAM" and "Team"; IAM takes them for the same key; remove one',
        'tags holds the keys "TEAM" and "team"; IAM takes them for the same key; remove one',
    ]


def test_tags_leave_room_for_those_that_single_resources_add() -> None:
    most = {f"k{number}": "x" for number in range(43)}
    assert len({*target(tags=most).all_tags, "Name", "tier"}) == 50
    assert sentence(Target, {**VALID, "tags": {**most, "more": "x"}}) == (
        "tags has 44 entries; with the suite's own AWS takes 43; remove some"
    )


@pytest.mark.parametrize(
    ("tags", "expected"),
    [
        ({"cost": 5}, "tags.cost is 5; it takes text; write it in quotes"),
        ({"on": True}, "tags.on is True; it takes text; write it in quotes"),
        ({5: "x"}, "tags[5] is 5; it takes text; write it in quotes"),
        (["a"], "tags is ['a']; it maps names to values; write one name: value in each line"),
        (None, "tags is None; it maps names to values; write one name: value in each line"),
    ],
)
def test_tags_of_another_type_are_refused(tags: Any, expected: str) -> None:
    assert sentence(Target, {**VALID, "tags": tags}) == expected
