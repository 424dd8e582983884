"""What is wrong with a filter pattern, before Lambda refuses it or drops every record because of it.

Operators are those of the Lambda guide, control which events Lambda sends to your function.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from modules.core import source_limits
from modules.core.errors import Problem
from modules.core.tokens import is_token

_ANY_OF = "$or"
_OPERATORS = ("anything-but", "equals-ignore-case", "exists", "numeric", "prefix", "suffix")
_COMPARISONS = ("=", "<", "<=", ">", ">=")
_OF_A_RANGE = 4  # comparison, number, comparison, number
_SYNTAX = "Lambda guide, filter rule syntax"


def pattern_text(pattern: Mapping[str, Any]) -> str:
    """A pattern as Lambda takes it."""
    return json.dumps(pattern, separators=(",", ":"), ensure_ascii=False)


def filter_problems(
    filters: tuple[dict[str, Any], ...], *, quota: int, fields: tuple[str, ...], numbers: bool
) -> Iterator[Problem]:
    """What is wrong with the filters of an event source.

    Args:
        filters: patterns, of which a record must match one.
        quota: how many the account may have.
        fields: the parts of a record that a pattern can begin with.
        numbers: whether records hold numbers; those of DynamoDB are text.
    """
    if len(filters) > quota:
        most = source_limits.FILTERS.maximum
        raised = f", or request a higher quota and set filter_quota up to {most}" if quota < most else ""
        yield Problem(
            "",
            f"filters has {len(filters)} entries",
            f"an event source has at most {quota} (Lambda guide, filtering)",
            f"join some of them with $or{raised}",
        )
    for index, pattern in enumerate(filters):
        where = f"filters[{index}]"
        yield from _top_level_problems(where, pattern, fields)
        yield from _pattern_problems(where, pattern, numbers=numbers)
        characters = len(pattern_text(pattern))
        if characters > source_limits.FILTER_CHARACTERS:
            yield Problem(
                "",
                f"{where} has {characters} characters as JSON",
                f"a pattern has at most {source_limits.FILTER_CHARACTERS} (lambda API model, Pattern)",
                "split it, or filter in the code",
            )


def _top_level_problems(where: str, pattern: Mapping[str, Any], fields: tuple[str, ...]) -> Iterator[Problem]:
    if not pattern:
        yield Problem("", f"{where} is empty", "a pattern names what a record must hold", "remove it")
    branches = [(where, pattern)]
    if isinstance(pattern.get(_ANY_OF), list):
        branches += [
            (f"{where}.{_ANY_OF}[{index}]", each)
            for index, each in enumerate(pattern[_ANY_OF])
            if isinstance(each, Mapping)
        ]
    for place, branch in branches:
        for name in sorted(branch):
            if name not in (*fields, _ANY_OF):
                yield Problem(
                    "",
                    f'{place} begins with "{name}"',
                    f"a record has {', '.join(fields)}, so the filter would match none, and all of them would be "
                    "dropped",
                    f"put what is in the record's data below {fields[0]}",
                )


def _pattern_problems(where: str, pattern: Mapping[str, Any], *, numbers: bool) -> Iterator[Problem]:
    for name, value in pattern.items():
        place = f"{where}.{name}"
        if name == _ANY_OF:
            yield from _any_of_problems(place, value, numbers=numbers)
        elif isinstance(value, Mapping):
            if not value:
                yield Problem("", f"{place} is empty", "a field maps to values or to fields", "remove it")
            yield from _pattern_problems(place, value, numbers=numbers)
        elif isinstance(value, list | tuple):
            if not value:
                yield Problem("", f"{place} is an empty list", "no record would match", "list the values that match")
            for index, each in enumerate(value):
                yield from _value_problems(f"{place}[{index}]", each, numbers=numbers)
        else:
            yield Problem(
                "",
                f"{place} is {_shown(value)}",
                f"what matches is a list, even of one value ({_SYNTAX})",
                f"write [{_shown(value)}]",
            )


def _any_of_problems(place: str, value: object, *, numbers: bool) -> Iterator[Problem]:
    if not isinstance(value, list | tuple) or not value or not all(isinstance(each, Mapping) for each in value):
        yield Problem(
            "", f"{place} is {_shown(value)}", f"$or takes a list of patterns ({_SYNTAX})", "write one pattern for each"
        )
        return
    for index, each in enumerate(value):
        yield from _pattern_problems(f"{place}[{index}]", each, numbers=numbers)


def _value_problems(place: str, value: object, *, numbers: bool) -> Iterator[Problem]:
    if not isinstance(value, Mapping):
        if isinstance(value, list | tuple):
            yield Problem("", f"{place} is a list", f"a list of values holds no further list ({_SYNTAX})", "flatten it")
        return
    if len(value) != 1 or next(iter(value)) not in _OPERATORS:
        yield Problem(
            "",
            f"{place} is {_shown(value)}",
            f"it is a value, or one of the operators {', '.join(_OPERATORS)} ({_SYNTAX})",
            "correct it",
        )
        return
    [(operator, operand)] = value.items()
    if operator == "numeric":
        yield from _numeric_problems(place, operand, numbers=numbers)
    elif operator == "exists" and not isinstance(operand, bool):
        yield Problem("", f"{place}.exists is {_shown(operand)}", "it is true or false", "write one of them")
    elif operator in ("equals-ignore-case", "prefix", "suffix") and not isinstance(operand, str):
        yield Problem("", f"{place}.{operator} is {_shown(operand)}", "it takes text", "write it in quotes")
    elif operator == "anything-but" and isinstance(operand, bool | None):
        yield Problem("", f"{place}.anything-but is {_shown(operand)}", "it takes a value or a list", "correct it")


def _numeric_problems(place: str, operand: object, *, numbers: bool) -> Iterator[Problem]:
    if not numbers:
        yield Problem(
            "",
            f"{place} is numeric",
            "a DynamoDB record holds numbers as text, which no numeric operator matches (Lambda guide, DynamoDB "
            "filtering)",
            "list the numbers as text, or filter in the code",
        )
        return
    parts = list(operand) if isinstance(operand, list | tuple) else []
    pairs = list(zip(parts[::2], parts[1::2], strict=False))
    fits = len(parts) in (2, _OF_A_RANGE) and all(
        comparison in _COMPARISONS and (is_token(number) or type(number) in (int, float))
        for comparison, number in pairs
    )
    if not fits:
        yield Problem(
            "",
            f"{place}.numeric is {_shown(operand)}",
            f'it reads like ["=", 100] or [">", 10, "<=", 20] ({_SYNTAX})',
            "correct it",
        )


def _shown(value: object) -> str:
    return json.dumps(value, default=str)
