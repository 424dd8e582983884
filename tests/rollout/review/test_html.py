"""The HTML page as text: one file, nothing from anywhere, nothing of a plan that a browser would run."""

from __future__ import annotations

import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest

from rollout.review import Review, review
from rollout.review.html import as_html
from rollout.review.model import Action, Difference, Group, Notice, ResourceChange, Section
from tests.analysis.forecast.changes import UPDATE
from tests.rollout.review.samples import base_stack, findings, given, orders, page

OPEN = {"meta", "input", "br", "td", "th", "tr", "li", "rect", "path"}  # end tags that HTML lets out, and void elements


class Read(HTMLParser):
    """Elements and their attributes; notes end tags that close nothing."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.stack: list[str] = []
        self.faults: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in OPEN:
            self.stack.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        if tag not in OPEN and (not self.stack or self.stack.pop() != tag):
            self.faults.append(f"{tag} in line {self.getpos()[0]}")


@pytest.fixture(scope="module")
def made() -> Review:
    stacks = orders()
    return review(given(stacks, check=findings(stacks), base_check={"findings": []}))


def test_the_page_is_one_file(made: Review) -> None:
    read = Read(as_html(made))
    assert (read.faults, read.stack) == ([], [])
    linked = [
        (tag, name, value) for tag, found in read.elements for name, value in found.items() if name in {"src", "href"}
    ]
    assert {value[0] for _, _, value in linked if value} == {"#"}
    assert not {"link", "img", "iframe", "object", "base", "form"} & {tag for tag, _ in read.elements}
    assert "http" not in as_html(made).replace("http-equiv", "")
    policy = next(found["content"] for tag, found in read.elements if found.get("http-equiv"))
    assert policy == "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'"


def test_the_page_is_the_same_each_time(made: Review) -> None:
    backwards = dict(reversed(orders().items()))
    again = review(given(backwards, check=findings(backwards), base_check={"findings": []}))
    assert as_html(made) == as_html(again)


def test_links_lead_to_parts_of_the_page(made: Review) -> None:
    read = Read(as_html(made))
    ids = [found["id"] for _, found in read.elements if "id" in found]
    assert len(ids) == len(set(ids))
    named = {found["href"] for tag, found in read.elements if tag == "a"}
    assert named == {"#main", "#group-1", "#group-2"}
    assert {str(name).removeprefix("#") for name in named} <= set(ids)


def test_a_plan_writes_no_html() -> None:
    evil = "</script><script>alert(1)</script><img src=x onerror=alert(2)> \"' {{ 1 + 1 }}"
    stack = base_stack("prod", "retail")
    stack.changes.add('aws_x.x["<b>"]', UPDATE, {"a": "x", evil: 1}, {"a": evil, evil: 2})
    told = dict.fromkeys(("resource", "target", "message", "fix"), evil)
    row = {"id": "X", "severity": "HIGH", "status": "failed", **told}
    text = as_html(page(stack, check={"findings": [row]}, title=evil))
    read = Read(text)
    assert (read.faults, [tag for tag, _ in read.elements].count("script")) == ([], 1)
    assert not [name for _, found in read.elements for name in found if name.startswith("on")]
    assert "{{ 1 + 1 }}" in text


def test_a_page_without_changes_and_without_findings() -> None:
    text = as_html(page(base_stack("prod", "retail")))
    assert "Nothing changes in prod-retail-us-east-1-orders_api." in text
    assert "No findings of the policies were given" in text
    assert "<svg" not in text


def test_every_action_has_a_sign_beside_its_color() -> None:
    changes = tuple(ResourceChange(f"aws_x.{action}", "aws_x", action) for action in Action)
    text = as_html(Review("t", ("a",), (Group(("a",), changes),)))
    for sign, action in zip("-±○~+", Action, strict=True):
        assert f'class="tag {action}">{sign} {action}<' in text
        assert f'class="node {action}">' in text
        assert f">{sign}</text>" in text


def test_references_in_a_circle_and_long_chains_are_drawn() -> None:
    names = [f"aws_x.n{number}" for number in range(12)]
    following = [*names[1:], names[0]]
    chain = [
        ResourceChange(name, "aws_x", Action.CREATE, refers_to=(after,))
        for name, after in zip(names, following, strict=True)
    ]
    open_chain = [*chain[:-1], replace(chain[-1], refers_to=())]
    for changes in (chain, open_chain):
        text = as_html(Review("t", ("a",), (Group(("a",), tuple(changes)),)))
        assert text.count('class="node created"') == 12
        assert text.count('class="edge"') == sum(len(change.refers_to) for change in changes)


def boxes(text: str) -> list[tuple[int, int, int, int]]:
    """Left, top, right and bottom of each resource."""
    found = re.findall(r'<rect x="(\d+)" y="(\d+)" width="(\d+)" height="(\d+)"', text)
    return [(left, top, left + wide, top + high) for left, top, wide, high in (tuple(map(int, box)) for box in found)]


def test_no_line_runs_behind_a_resource_that_it_does_not_concern() -> None:
    """The first refers to the last over two columns in which others stand."""
    refers = {"a": ("b", "d"), "b": ("c",), "c": ("d",), "d": ()}
    changes = [
        ResourceChange(f"aws_x.{name}", "aws_x", Action.CREATE, refers_to=tuple(f"aws_x.{to}" for to in targets))
        for name, targets in refers.items()
    ]
    text = as_html(Review("t", ("a",), (Group(("a",), tuple(changes)),)))
    found = boxes(text)
    lanes = re.findall(r'd="M\d+ \d+C[\d ]+ (\d+) (\d+)H(\d+)"', text)
    assert len(lanes) == 2
    for left, height, right in (tuple(map(int, lane)) for lane in lanes):
        assert not [box for box in found if box[0] < right and left < box[2] and box[1] <= height <= box[3]]


def test_no_two_resources_are_drawn_over_each_other(made: Review) -> None:
    for picture in re.findall(r"<svg.*?</svg>", as_html(made)):
        found = boxes(picture)
        for number, one in enumerate(found):
            for other in found[:number]:
                assert one[2] <= other[0] or other[2] <= one[0] or one[3] <= other[1] or other[3] <= one[1]


def test_a_large_fleet_is_a_page_that_opens() -> None:
    values = tuple(Difference(f"a{number}", "x" * 9000, "y" * 9000) for number in range(200))
    changes = tuple(ResourceChange(f"aws_x.n{number}", "aws_x", Action.UPDATE, values[:2]) for number in range(100))
    names = tuple(f"t{number:03}" for number in range(500))
    first = Group(names[:1], (replace(changes[0], differences=values),))
    found = Section(tuple(Notice("HIGH", "aws_x.x", "m", "f", names) for _ in range(9)))
    groups = (first, *(Group((name,), changes) for name in names[1:]))
    text = as_html(Review("t", names, groups, policies=found))
    assert text.count("<svg") == 12
    assert "and 120 more attributes" in text
    assert "Not listed: this page lists the changes of the largest groups." in text
    assert len(text) < 8_000_000
