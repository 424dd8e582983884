"""What every configuration model does: refuse with whole sentences, all of them at once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Annotated, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import Field, StrictBool, ValidationError

from modules.core.config import ConfigModel
from modules.core.errors import ConfigError, Problem
from modules.core.fields import OneOf, Within
from modules.core.limits import LAMBDA_MEMORY_MB
from tests.modules.core.samples import CI, fields_of, refusal, refuses_or_keeps, sentence, wild


class Inner(ConfigModel):
    low: Annotated[int, Within(LAMBDA_MEMORY_MB)] = 128
    high: Annotated[int, Within(LAMBDA_MEMORY_MB)] = 256

    def cross_checks(self) -> Iterator[Problem]:
        if self.low > self.high:
            yield Problem("", f"low is {self.low}", f"it is at most high ({self.high})", "lower it")
        if self.low == self.high:
            yield Problem("", f"low is {self.low}", "it is not high", "change it")
        if self.high > 9_000:
            yield Problem("", f"high is {self.high}", "it costs too much", "lower it")


class Outer(ConfigModel):
    inner: Inner = Field(default_factory=Inner)
    inners: tuple[Inner, ...] = ()
    kind: Annotated[str, OneOf(("a", "b"), "kind")] = "a"
    flag: StrictBool = True
    names: dict[str, str] = Field(default_factory=dict)


class Needy(ConfigModel):
    outer: Outer
    kind: Annotated[int, OneOf((1, 2), "kind")]


def test_all_problems_of_all_levels_come_at_once_with_readable_paths() -> None:
    data = {
        "outer": {
            "inner": {"low": 1, "high": "256", "middle": 3},
            "inners": [{}, {"low": 300}, {"low": 9_100, "high": 9_100}],
            "kind": "c",
            "flag": "yes",
            "names": {"a": 1},
        },
        "kinds": 1,
    }
    memory = "a Lambda function's memory takes 128 to 10240 MB (Lambda quotas)"
    assert refusal(Needy, data, where="dev/eu-west-1") == [
        f"dev/eu-west-1: outer.inner.low is 1; {memory}; set a value from 128 to 10240",
        f'dev/eu-west-1: outer.inner.high is "256"; {memory}; write the number without quotes',
        "dev/eu-west-1: outer.inner.middle is not a field; remove it, or check its spelling",
        "dev/eu-west-1 outer.inners[1]: low is 300; it is at most high (256); lower it",
        "dev/eu-west-1 outer.inners[2]: low is 9100; it is not high; change it",
        "dev/eu-west-1 outer.inners[2]: high is 9100; it costs too much; lower it",
        'dev/eu-west-1: outer.kind is "c"; kind is one of a, b; choose one of them',
        'dev/eu-west-1: outer.flag is "yes"; it takes true or false; write one of them, without quotes',
        "dev/eu-west-1: outer.names.a is 1; it takes text; write it in quotes",
        "dev/eu-west-1: kind is missing; it has no default; set it",
        "dev/eu-west-1: kinds is not a field; remove it, or check its spelling",
    ]


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        ({"inner": 5}, "inner is 5; it takes a mapping of fields; write its fields below it"),
        ({"inner": None}, "inner is None; it takes a mapping of fields; write its fields below it"),
        ({"inner": ["low"]}, "inner is ['low']; it takes a mapping of fields; write its fields below it"),
        ({"inners": {"low": 1}}, "inners is {'low': 1}; it takes a list; write a list, even of one value"),
        ({"inners": "ab"}, 'inners is "ab"; it takes a list; write a list, even of one value'),
        ({"flag": 1}, "flag is 1; it takes true or false; write one of them, without quotes"),
        ({"flag": None}, "flag is None; it takes true or false; write one of them, without quotes"),
        ({"names": ["a"]}, "names is ['a']; it maps names to values; write one name: value in each line"),
        ({"names": {1: "a"}}, "names[1] is 1; it takes text; write it in quotes"),
        ({1: "a"}, "[1] is not a field; remove it, or check its spelling"),
        ({"inner": {2: 2}}, "inner[2] is not a field; remove it, or check its spelling"),
        ({"kind": "a\nb\x07"}, r'kind is "a\nb\x07"; kind is one of a, b; choose one of them'),
        (
            {"flag": 16**4_000},
            "flag is a int too long to be shown; it takes true or false; write one of them, without quotes",
        ),
        ({"kind": "x" * 99}, f'kind is "{"x" * 78}…; kind is one of a, b; choose one of them'),
    ],
)
def test_a_wrong_type_is_told_in_words(data: dict[str, Any], expected: str) -> None:
    assert sentence(Outer, data) == expected


@pytest.mark.parametrize("data", [None, 5, "inner", ["inner"], [("inner", {})], True])
def test_what_is_no_mapping_is_refused(data: Any) -> None:
    expected = "the configuration is "
    assert sentence(Outer, data).startswith(expected)
    assert sentence(Outer, data).endswith("; it takes a mapping of fields; write its fields below it")


def test_construction_and_parsing_refuse_alike() -> None:
    with pytest.raises(ConfigError) as caught:
        Outer(inner=Inner(), kind="c", nmaes={})  # type: ignore[call-arg]  # a misspelt field, on purpose
    assert [str(problem) for problem in caught.value.problems] == refusal(Outer, {"kind": "c", "nmaes": {}})


def test_a_refused_part_is_told_where_it_is_built() -> None:
    with pytest.raises(ConfigError, match=r"^low is 300; it is at most high \(256\); lower it$"):
        Outer(inner=Inner(low=300))


def test_any_mapping_is_data() -> None:
    data: Mapping[str, Any] = MappingProxyType({"kind": "b", "inner": MappingProxyType({"low": 200})})
    assert Outer.parse(data) == Outer(kind="b", inner=Inner(low=200))


def test_a_default_is_held_to_the_same_rules() -> None:
    class Careless(ConfigModel):
        memory: Annotated[int, Within(LAMBDA_MEMORY_MB)] = 64

    assert sentence(Careless, {}).startswith("memory is 64; ")


def test_a_configuration_cannot_be_changed() -> None:
    config = Inner()
    with pytest.raises(ValidationError, match="frozen"):
        config.low = 200  # type: ignore[misc]  # frozen, on purpose
    assert config.low == 128


def test_the_error_of_a_part_can_be_seen_from_outside() -> None:
    error = ConfigError.single("api", "memory_mb is 64", "128 at least", "raise it").within("dev").within("")
    assert str(error) == "dev api: memory_mb is 64; 128 at least; raise it"
    assert error.exit_code == 2


@CI
@given(fields_of(Outer, {"inner": st.fixed_dictionaries({}, optional={"low": st.integers(100, 300)})}) | wild())
def test_nothing_but_a_config_error_comes_out(data: Any) -> None:
    refuses_or_keeps(Outer, data)


def test_what_a_name_calls_secret_is_never_shown() -> None:
    refused = refusal(Outer, {"names": {"DB_PASSWORD": 5_318_008, "DB_PASSWORD_ARN": 7}})

    assert refused == [
        "names.DB_PASSWORD is a value that is not shown; it takes text; write it in quotes",
        "names.DB_PASSWORD_ARN is 7; it takes text; write it in quotes",
    ]
