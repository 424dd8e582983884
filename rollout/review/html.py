"""The page as one HTML file that needs nothing else: no script, font or picture from anywhere."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from analysis.cost import usd
from rollout.review import wording
from rollout.review.drawing import draw
from rollout.review.each_target import each_target
from rollout.review.model import Amounts, Group, ResourceChange, Review

_TEMPLATE = "review.html.j2"
_MOST_PICTURES, _MOST_ATTRIBUTES, _LONGEST = 12, 80, 2000
_MOST_CHARACTERS = 4_000_000
"""What the changes of groups may take; the largest groups come first."""

_FRAME = 500


@dataclass(frozen=True)
class _Card:
    """A group as it is shown."""

    number: int
    group: Group
    headline: str
    picture: str
    is_listed: bool


def as_html(review: Review) -> str:
    """The page."""
    cards = tuple(_cards(review))
    template = _environment().get_template(_TEMPLATE)
    return template.render(
        review=review,
        words=wording,
        level=wording.level_of(review).value,
        cards=cards,
        abouts=each_target(review),
        total=len(review.targets),
        most=_MOST_ATTRIBUTES,
    )


def _cards(review: Review) -> Iterator[_Card]:
    size = 0
    for number, group in enumerate(review.groups, start=1):
        headline = wording.headline(group, len(review.targets))
        size += sum(map(_size, group.changes))
        picture = draw(group, f"What changes in {headline}") if number <= _MOST_PICTURES else ""
        yield _Card(number, group, headline, picture, size <= _MOST_CHARACTERS)


def _size(change: ResourceChange) -> int:
    """About as many characters as a change takes."""
    values = (len(side) for entry in change.told[:_MOST_ATTRIBUTES] for side in (entry.before, entry.after))
    return _FRAME + sum(min(length, _LONGEST) + _FRAME // 2 for length in values)


def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).with_name("templates")),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters["short"] = _short
    environment.filters["usd"] = usd
    environment.filters["bar"] = _bar
    return environment


def _short(text: str) -> str:
    """The beginning of a value, with its lines."""
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"


def _bar(amounts: Amounts, largest: Decimal) -> str:
    """Width of a bar in percent of the largest."""
    return f"{abs(amounts.change) / largest * 100:.1f}" if largest else "0"
