"""The page in a browser: nothing is asked for, nothing complains, everything is drawn and readable, wide and narrow."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from analysis.cost import read_prices
from rollout.review import review
from rollout.review.html import as_html
from tests.rollout.review.chromium import MISSING, WITHOUT, Chromium, find_chromium
from tests.rollout.review.samples import findings, given, orders

REFRESH = "LAMBDANET_REFRESH" in os.environ
PICTURE = Path("docs/images/review.png")
WIDTHS = (390, 1440)
MOST_BYTES = 200_000

MEASURED = """({
  overflow: document.documentElement.scrollWidth - innerWidth,
  width: innerWidth,
  svgs: [...document.querySelectorAll("svg")].map((svg) => {
    const box = svg.getBoundingClientRect();
    return [box.width, box.height, svg.querySelectorAll(".node rect").length, svg.querySelectorAll(".edge").length];
  }),
  smallest: Math.min(...[...document.querySelectorAll("body *")]
    .filter((part) => [...part.childNodes].some((node) => node.nodeType === 3 && node.data.trim()))
    .map((part) => parseFloat(getComputedStyle(part).fontSize))),
  cut: [...document.querySelectorAll("body *")].filter((part) => {
    const box = part.getBoundingClientRect();
    return box.width && box.right > innerWidth + 1 && !part.closest(".box, .fleet, .skip");
  }).map((part) => part.outerHTML.slice(0, 80)),
  spilled: [...document.querySelectorAll("svg .node")].filter((node) => {
    const box = node.querySelector("rect").getBoundingClientRect();
    return [...node.querySelectorAll("text")].some((text) => text.getBoundingClientRect().right > box.right);
  }).length,
  resources: performance.getEntriesByType("resource").length,
  background: getComputedStyle(document.body).backgroundColor,
})"""


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chromium]:
    if os.environ.get(WITHOUT):
        pytest.skip(f"{WITHOUT} is set")
    program = find_chromium()
    if program is None:
        pytest.fail(MISSING)
    with Chromium(program, tmp_path_factory.mktemp("chromium")) as found:
        yield found


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    stacks = orders()
    prices = read_prices(Path("environments"))
    checks: dict[str, Any] = {"check": findings(stacks), "base_check": {"findings": []}}
    file = tmp_path_factory.mktemp("page") / "review.html"
    file.write_text(as_html(review(given(stacks, prices=prices, title="Orders: refunds by queue", **checks))))
    return file


@pytest.mark.parametrize("is_dark", [False, True])
@pytest.mark.parametrize("width", WIDTHS)
def test_the_page_is_whole_and_readable(width: int, is_dark: bool, browser: Chromium, page: Path) -> None:  # noqa: FBT001  # a case
    browser.open(page, width, is_dark=is_dark)
    found = browser.evaluate(MEASURED)

    assert browser.complaints() == []
    assert browser.requests() == [page.as_uri()]
    assert found["resources"] == 0
    assert found["width"] == width
    assert found["overflow"] <= 0
    assert found["cut"] == []
    assert found["smallest"] >= 12
    assert [drawn[2:] for drawn in found["svgs"]] == [[5, 5], [7, 5]]  # one reference has a lane in a column between
    assert all(wide > 250 and high > 100 for wide, high, *_ in found["svgs"])
    assert found["spilled"] == 0
    assert found["background"] == ("rgb(13, 17, 23)" if is_dark else "rgb(246, 248, 250)")


def test_rows_are_filtered_by_text(browser: Chromium, page: Path) -> None:
    shown = "[...document.querySelectorAll('[data-row]')].filter((row) => row.offsetParent).length"
    browser.open(page, 1440)
    every = browser.evaluate(shown)
    browser.press("/", 191, "/")
    assert browser.evaluate("document.activeElement.id") == "filter"
    browser.call("Input.insertText", text="secretsmanager DESTROYED")
    few = browser.evaluate(shown)
    assert 0 < few < every
    assert browser.evaluate("document.getElementById('shown').textContent") == "4 shown"
    assert browser.evaluate("document.querySelector('main').innerText").count("aws_sqs_queue.refunds") == 0
    browser.evaluate("document.getElementById('filter').value = ''; filter()")
    assert browser.evaluate(shown) == every


def test_everything_is_reached_by_keyboard(browser: Chromium, page: Path) -> None:
    browser.open(page, 390)
    reached = set()
    for _ in range(60):
        browser.press("Tab", 9)
        reached.add(browser.evaluate("document.activeElement.tagName + '.' + document.activeElement.className"))
    assert {"A.skip", "A.part", "INPUT.", "SUMMARY.", "DIV.box", "FIGURE.box"} <= reached


def test_print_opens_what_is_folded_and_hides_the_filter(browser: Chromium, page: Path) -> None:
    browser.open(page, 1440)
    browser.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert browser.evaluate("document.querySelectorAll('details:not([open])').length") == 0
    browser.evaluate("dispatchEvent(new Event('afterprint'))")
    assert browser.evaluate("document.querySelectorAll('details:not([open])').length") > 0
    browser.call("Emulation.setEmulatedMedia", media="print")
    hidden = browser.evaluate("getComputedStyle(document.querySelector('nav')).display")
    browser.call("Emulation.setEmulatedMedia", media="")
    assert hidden == "none"


def test_a_page_that_asks_for_something_is_noticed(browser: Chromium, page: Path, tmp_path: Path) -> None:
    """What the tests above rely on: a request is refused by the page itself, and its console says so."""
    broken = tmp_path / "broken.html"
    text = page.read_text().replace("</body>", "<img src='https://example.invalid/x.png'></body>")
    broken.write_text(text)
    browser.open(broken, 1440)
    assert any("example.invalid" in line for line in browser.complaints())


def test_the_picture_of_the_readme_is_small(browser: Chromium, page: Path) -> None:
    if REFRESH:
        browser.open(page, 1280, 1240)
        PICTURE.parent.mkdir(parents=True, exist_ok=True)
        browser.screenshot(PICTURE)
    assert 10_000 < PICTURE.stat().st_size < MOST_BYTES, f"run `LAMBDANET_REFRESH=1 pytest {Path(__file__).name}`"
