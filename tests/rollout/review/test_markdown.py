"""The page as a comment: what comes first, what is left out, and text that breaks nothing."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from rollout.review import Review, review
from rollout.review.escaping import code, html_code, inline
from rollout.review.markdown import MARKER, MOST_CHARACTERS, as_markdown
from rollout.review.model import Action, BudgetRow, Difference, Group, Loss, Notice, ResourceChange, Section
from tests.analysis.forecast.changes import UPDATE
from tests.rollout.review.samples import base_stack, findings, given, orders, page

HEADINGS = ["Destroyed or replaced", "What changes", "Policies", "Reach", "Budget", "Cost", "Forecast", "Diagram"]


@pytest.fixture(scope="module")
def made() -> Review:
    stacks = orders()
    return review(given(stacks, check=findings(stacks), base_check={"findings": []}))


def change(number: int, *, attributes: int = 1, size: int = 10) -> ResourceChange:
    after = f"{number:05}".ljust(size, "b")
    values = tuple(Difference(f"attribute_{n}", "a" * size, after) for n in range(attributes))
    return ResourceChange(f"aws_sqs_queue.queue_{number}", "aws_sqs_queue", Action.UPDATE, values)


def fleet(groups: int, targets: int, changes: int, **more: int) -> Review:
    names = [f"prod-account-{number:03}-eu-west-1-orders_api" for number in range(groups * targets)]
    shared = tuple(change(number, **more) for number in range(changes))
    made = tuple(Group(tuple(names[first : first + targets]), shared) for first in range(0, len(names), targets))
    return Review("Fleet", tuple(names), made)


def headings(text: str) -> list[str]:
    return re.findall(r"^### (.+)$", text, re.MULTILINE)


def test_a_comment_begins_with_its_marker_and_tells_the_gravest_first(made: Review) -> None:
    text = as_markdown(made)
    assert text.startswith(
        f"{MARKER}\n## What this change does\n\n🛑 **Needs a decision: 2 resources are destroyed and 2 replaced, "
    )
    assert headings(text) == HEADINGS
    assert "**9 of 12 targets: the same 5 changes**" in text
    assert "**2 of 12 targets: the same 7 changes**" in text
    assert text.count("<details>") == text.count("</details>") == 11
    assert as_markdown(made) == text


def test_a_diagram_has_classes_and_references(made: Review) -> None:
    chart = as_markdown(made).split("```mermaid\n")[1].split("```")[0]
    assert chart.startswith("flowchart LR\n")
    ids = {label: name for name, label in re.findall(r'^  (n\d+)\["(.+)"\]', chart, re.MULTILINE)}
    mapping, queue = ids["+ aws_lambda_event_source_mapping.refunds"], ids["+ aws_sqs_queue.refunds"]
    assert f"  {mapping} --> {queue}\n" in chart
    assert f"  {queue} --> {mapping}\n" not in chart
    assert re.search(rf"{ids['- aws_vpc_endpoint.secretsmanager']}\[.*:::destroyed$", chart, re.MULTILINE)
    assert {"created", "changed", "replaced", "destroyed"} == set(re.findall(r"classDef (\w+)", chart))


def test_a_diagram_is_limited_and_counts_the_rest() -> None:
    chart = as_markdown(fleet(1, 1, 100)).split("```mermaid\n")[1]
    assert chart.count(":::changed") == 41
    assert 'more3["and 60 more resources changed"]:::changed' in chart


def test_what_most_others_refer_to_is_drawn_first() -> None:
    changes = [replace(change(number), action=Action.CREATE) for number in range(50)]
    changes = [replace(entry, refers_to=("aws_sqs_queue.queue_49",)) for entry in changes[:49]] + changes[49:]
    chart = as_markdown(Review("t", ("t",), (Group(("t",), tuple(changes)),))).split("```mermaid\n")[1]
    assert '  n0["+ aws_sqs_queue.queue_49"]:::created' in chart


def test_many_of_one_type_that_are_created_are_one_line() -> None:
    created = [replace(change(number), action=Action.CREATE) for number in range(33)]
    other = ResourceChange("aws_iam_role.x", "aws_iam_role", Action.CREATE)
    text = as_markdown(Review("t", ("t",), (Group(("t",), (change(99), *created, other)),)))
    listed = text.split("### What changes")[1].split("### ")[0]
    assert listed.count("\n- ") == 3
    assert "- changed `aws_sqs_queue.queue_99`" in listed
    assert "- created `aws_iam_role.x`" in listed
    assert "- created 33 `aws_sqs_queue`: `queue_0`, `queue_1`, `queue_2` and 30 more" in listed


def test_many_with_the_same_attributes_are_told_once() -> None:
    same = (Difference("period", "60", "300"),)
    changes = [ResourceChange(f"aws_sqs_queue.q{n}", "aws_sqs_queue", Action.UPDATE, same) for n in range(9)]
    text = as_markdown(Review("t", ("t",), (Group(("t",), (*changes, change(99))),)))
    listed = text.split("### What changes")[1].split("### ")[0]
    assert "- changed 9 `aws_sqs_queue`: `q0`, `q1`, `q2` and 6 more\n  - `period`: `60` → `300`\n" in listed
    assert listed.count("`period`") == 1
    assert "- changed `aws_sqs_queue.queue_99`" in listed


def test_limits_that_fit_are_folded_below_those_that_are_tight() -> None:
    rows = [BudgetRow(f"things {word}", ("a", "b"), 1, 2, 3, word, "x adds 1") for word in ("over", "fits")]
    text = as_markdown(Review("t", ("t",), (Group(("t",), (change(1),)),), budget=tuple(rows)))
    budget = text.split("### Budget")[1].split("### ")[0]
    tight, fitting = budget.split("<details><summary>1 limit used more than before, and not nearly used up</summary>")
    assert "| over | things over | a and 1 more | 1 → 2 | 3 | x adds 1 |" in tight
    assert "| fits | things fits |" in fitting


def tables(text: str) -> list[list[str]]:
    """Lines of each table."""
    return [block.splitlines() for block in re.findall(r"(?:^\|.*\n)+", text, re.MULTILINE)]


def cells(line: str) -> int:
    """Cells as GitHub counts them: an escaped pipe is none."""
    return len(re.findall(r"(?:\\.|[^|\\])*\|", line)) - 1


def test_every_row_of_a_table_has_as_many_cells_as_its_head(made: Review) -> None:
    evil = "a|b\\|c`d\\`e\\"
    rows = (Notice("error", evil, evil, evil, (evil,), evil),)
    losses = (Loss(evil, Action.REPLACE, (evil,), (evil,), minutes=1, is_error=True, targets=(evil,)),)
    broken = replace(made, losses=losses, reach=Section(rows), policies=Section(rows), targets=(evil, *made.targets))
    found = tables(as_markdown(broken))
    assert len(found) > 3
    for lines in found:
        assert len({cells(line) for line in lines}) == 1, lines


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a *b* _c_ [d](e)", r"a \*b\* \_c\_ \[d\](e)"),
        ("<b>&amp;", "&lt;b&gt;&amp;amp;"),
        ("<!-- x", "&lt;\\!-- x"),
        ("ask @team and @org/team", "ask @<!-- -->team and @<!-- -->org/team"),
        ("#1, org/repo#12 and GH-3", "#<!-- -->1, org/repo#<!-- -->12 and GH-<!-- -->3"),
        ("a|b`c`\\", r"a\|b\`c\`\\"),
        ("two\nlines\r\nof\ttext", "two lines of text"),
        ("1. one", "<!-- -->1. one"),
        ("- one", "<!-- -->- one"),
        ("# one", "<!-- --># one"),
        ("-28.10 and 12", "-28.10 and 12"),
        ("https://x.example www.x.example", "https<!-- -->://x.example www<!-- -->.x.example"),
        ("\u202eevil\x00", "evil"),
    ],
)
def test_text_in_which_nothing_is_found(text: str, expected: str) -> None:
    assert inline(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("aws_x.y", "`aws_x.y`"),
        ('aws_x.y["@team"]', '`aws_x.y["@team"]`'),
        ("a`b", "<code>a&#96;b</code>"),
        ("a|b", "<code>a&#124;b</code>"),
        ("a\\", "<code>a&#92;</code>"),
        ("<script>|", "<code>&#60;script&#62;&#124;</code>"),
        ("", ""),
        (" a\nb ", "`a b`"),
    ],
)
def test_code(text: str, expected: str) -> None:
    assert code(text) == expected


def test_a_summary_is_html() -> None:
    assert html_code("a_b</summary>@x") == "<code>a&#95;b&#60;/summary&#62;&#64;x</code>"


def test_texts_of_plans_mention_nobody_and_open_no_tag() -> None:
    stack = base_stack("prod", "retail")
    evil = "@team #1 </details><script>alert(1)</script> ```\n# x"
    stack.changes.add('aws_x.x["@team|#1"]', UPDATE, {"value": "a", "other": evil}, {"value": evil, "other": "b"})
    row = {
        "id": "X",
        "severity": "HIGH",
        "resource": evil,
        "target": evil,
        "message": evil,
        "fix": evil,
        "status": "failed",
    }
    text = as_markdown(page(stack, check={"findings": [row]}, title=evil))
    outside = re.sub(r"<code>.*?</code>|`[^`\n]*`", "", re.sub(r"```mermaid\n.*?\n```", "", text, flags=re.DOTALL))
    assert not re.search(r"@\w|#\d", outside)
    assert "<script" not in outside
    assert text.count("```") == 2
    assert headings(text) == HEADINGS[1:6] + HEADINGS[7:]


SIZES = [
    fleet(500, 1, 3),
    fleet(5, 100, 30),
    fleet(1, 500, 40),
    fleet(500, 1, 60, attributes=6, size=400),
    fleet(1, 1, 5000, attributes=50),
    fleet(1, 1, 1, attributes=1, size=2_000_000),
]


@pytest.mark.parametrize("made", SIZES, ids=["500 groups", "5 groups", "1 group", "500 large", "5,000 changes", "2 MB"])
def test_a_comment_is_never_longer_than_github_takes(made: Review) -> None:
    text = as_markdown(made)
    assert len(text.encode("utf-16-le")) // 2 <= MOST_CHARACTERS
    assert text.startswith(MARKER)
    assert "**" in text.splitlines()[3]


def test_what_is_left_out_goes_in_a_fixed_order() -> None:
    """The more there is, the less is told: details first, then the diagram, then the groups."""
    seen = []
    for number in range(8, 40):
        text = as_markdown(fleet(number, 1, 20, size=20))
        listed = "aws_sqs_queue.queue_0" in text.split("### Policies")[0]
        seen.append(("<details>" in text, "```mermaid" in text, listed))
    assert list(dict.fromkeys(seen)) == [
        (True, True, True),
        (False, True, True),
        (False, False, True),
        (False, False, False),
    ]


def test_groups_that_are_not_listed_are_counted() -> None:
    text = as_markdown(fleet(500, 1, 60, attributes=6, size=400))
    assert "500 groups of targets that change alike: 500 targets, 30,000 changes; the largest has 1 target." in text
    assert "the details of each target stand in the HTML page" in text


def test_everything_at_once_still_fits() -> None:
    long = "x" * 5000
    names = tuple(f"t{number:03}" for number in range(500))
    section = Section(tuple(Notice("HIGH", f"aws_x.{n}{long}", long, long, names[:250], long[:50]) for n in range(200)))
    losses = tuple(
        Loss(f"aws_x.{n}", Action.DESTROY, (), (long,), minutes=3, is_error=True, targets=names[:9]) for n in range(500)
    )
    made = replace(fleet(500, 1, 3), title=long, losses=losses, policies=section, reach=section, forecast=section)
    text = as_markdown(made)
    assert len(text) <= MOST_CHARACTERS
    assert "And 4" in text
