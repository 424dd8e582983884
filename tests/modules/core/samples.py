"""Literal tokens, wild values and settings that the configuration tests share."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st

from modules.core.config import ConfigModel
from modules.core.errors import ConfigError

CI = settings(max_examples=100, deadline=None, derandomize=True, database=None)
"""The same examples on every machine and every run."""

STRING_TOKEN = "${TfToken[TOKEN.3]}"
LIST_TOKEN = ["#{TfToken[TOKEN.4]}"]
NUMBER_TOKEN = -8.109562212591379e298
NUMBER_LIST_TOKEN = [-1.8881545897087505e289]

KNOWN_LATER = "it decides what is synthesized, so it cannot be a value that is known only later; write the value itself"


def refusal(model: type[ConfigModel], data: Mapping[str, Any], *, where: str = "") -> list[str]:
    """The sentences with which `model` refuses `data`, one per problem."""
    with pytest.raises(ConfigError) as caught:
        model.parse(data, where=where)
    return [str(problem) for problem in caught.value.problems]


def sentence(model: type[ConfigModel], data: Mapping[str, Any]) -> str:
    """The only sentence with which `model` refuses `data`."""
    [only] = refusal(model, data)
    return only


def wild() -> st.SearchStrategy[Any]:
    """Values of any type that Python callers and YAML files can bring."""
    leaves = st.one_of(
        st.none(),
        st.booleans(),
        st.integers(),
        st.integers(-(10**400), 10**400),
        st.floats(),
        st.text(st.characters(codec=None), max_size=40),
        st.binary(max_size=8),
        st.dates(),
        st.just(date(2026, 11, 21)),
        st.sampled_from(
            [STRING_TOKEN, NUMBER_TOKEN, "${var.x}", "$${x}", "%{ if", "\0", "\ud800", "017", "1e3", "yes"]
        ),
        st.just(LIST_TOKEN),
        st.just(object()),
    )
    return st.recursive(
        leaves,
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(st.text(max_size=5) | st.integers() | st.booleans(), inner, max_size=3)
            | st.sets(st.integers() | st.text(max_size=3), max_size=3)
            | st.tuples(inner)
        ),
        max_leaves=6,
    )


def around(minimum: int, maximum: int) -> st.SearchStrategy[Any]:
    """Integers at and around both ends of a range, and the same as other types."""
    edge = st.sampled_from([minimum - 1, minimum, minimum + 1, maximum - 1, maximum, maximum + 1])
    return edge | edge.map(float) | edge.map(str) | st.integers(minimum, maximum)


def fields_of(
    model: type[ConfigModel], valid: Mapping[str, st.SearchStrategy[Any]]
) -> st.SearchStrategy[dict[str, Any]]:
    """Data for `model`: what `valid` draws, wild values in up to five fields, sometimes a field too few or many.

    Not in all fields at once: Hypothesis gives up on most examples of that size and draws again.
    """
    required = {name: valid.get(name, wild()) for name, field in model.model_fields.items() if field.is_required()}
    optional = {name: choice for name, choice in valid.items() if name not in required}
    known = st.fixed_dictionaries(required, optional=optional) | st.fixed_dictionaries({}, optional=required | optional)
    strange = st.dictionaries(st.sampled_from(sorted(model.model_fields)), wild(), max_size=5)
    extra: st.SearchStrategy[dict[Any, Any]] = st.dictionaries(
        st.text(max_size=5) | st.integers(), wild(), max_size=1
    ) | st.just({})
    return st.builds(lambda more, fields, odd: {**more, **fields, **odd}, extra, known, st.just({}) | strange)


def refuses_or_keeps(model: type[ConfigModel], data: Mapping[str, Any]) -> ConfigModel | None:
    """Parse `data`: nothing but `ConfigError` may come out, and what is accepted is accepted again.

    Returns:
        the configuration, or None when it was refused with at least one whole sentence.
    """
    try:
        config = model.parse(data)
    except ConfigError as error:
        problems = error.problems
    else:
        assert model.parse(config.model_dump()) == config
        return config
    assert problems
    assert all(problem.given and problem.fix for problem in problems)
    assert str(ConfigError(problems)).encode()  # fit for any terminal
    return None
