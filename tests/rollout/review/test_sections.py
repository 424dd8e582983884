"""What is lost, found, reached, used, paid and forecast, new against the base."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from analysis.cost import read_prices
from modules.core.errors import PlanInputError
from rollout.review import Review, review
from rollout.review.markdown import as_markdown
from rollout.review.model import Action, Amounts, Level
from rollout.review.wording import level_of, totals, verdict
from tests.analysis.forecast.changes import CREATE, FORGET, NO_OP, UPDATE
from tests.rollout.review.samples import base_stack, findings, given, orders, page
from tests.rollout.review.stack import Stack

PRICES = read_prices(Path("environments"))


@pytest.fixture(scope="module")
def made() -> Review:
    stacks = orders()
    return review(given(stacks, prices=PRICES, check=findings(stacks), base_check={"findings": []}))


def test_the_verdict_names_the_gravest_first(made: Review) -> None:
    assert verdict(made) == (
        "Needs a decision: 2 resources are destroyed and 2 replaced, of which 2 lose data or fail; "
        "12 new policy findings, up to HIGH; 2 destinations are newly unreachable."
    )
    assert dict(totals(made)) == {
        "targets that change": "11 of 12",
        "resources destroyed": "2",
        "resources replaced": "2",
        "resources changed": "11",
        "resources created": "44",
        "new policy findings": "12",
        "USD a month": "-28.10",
    }


def test_nothing_and_harmless_things_are_told_as_such() -> None:
    still = base_stack("prod", "retail")
    assert verdict(page(still)) == "Nothing changes in prod-retail-us-east-1-orders_api."
    still.changes.add("aws_cloudwatch_log_group.l", UPDATE, {"retention_in_days": 1}, {"retention_in_days": 30})
    quiet = page(still, check={"findings": []})
    assert level_of(quiet) is Level.QUIET
    assert verdict(quiet) == "Nothing was found against it: 1 changed in prod-retail-us-east-1-orders_api."
    assert verdict(page(still)).endswith("orders_api; the policies were not judged.")


def test_what_loses_data_stands_first_with_its_reason_and_wait(made: Review) -> None:
    database, endpoint = made.losses
    assert (database.address, database.action, database.forced_by) == (
        "aws_db_instance.orders",
        Action.REPLACE,
        ("storage_encrypted",),
    )
    assert database.is_error
    assert database.notes == (
        "it is replaced because of storage_encrypted; the new one has none of the data of the old one",
    )
    assert database.minutes == 60
    assert database.targets == ("prod-outlet-us-east-1-orders_api", "prod-wholesale-us-east-1-orders_api")
    assert (endpoint.address, endpoint.action, endpoint.is_error) == (
        "aws_vpc_endpoint.secretsmanager",
        Action.DESTROY,
        False,
    )


def test_what_is_forgotten_is_among_what_is_lost() -> None:
    stack = base_stack("prod", "retail")
    stack.changes.add("aws_sqs_queue.q", FORGET, {"id": "q", "name": "q"})
    (loss,) = page(stack).losses
    assert (loss.action, loss.address) == (Action.FORGET, "aws_sqs_queue.q")


def finding(target: str = "t", check: str = "CKV2_LNET_301", severity: str = "HIGH", **more: Any) -> dict[str, Any]:
    told = {"resource": "aws_x.x", "message": "it is so", "fix": "mend it", "status": "failed"}
    return {"id": check, "severity": severity, "target": target, **told, **more}


def test_findings_are_new_where_the_base_has_none_of_the_kind() -> None:
    stack = base_stack("prod", "retail")
    now = [
        finding("a"),
        finding("b"),
        finding("b", "CKV2_LNET_101", "LOW"),
        finding("b", "CKV2_LNET_102", "CRITICAL", resource="aws_y.y"),
        finding("b", "CKV2_LNET_103", status="unknown"),
        finding("b", "CKV2_LNET_104", status="excepted"),
        finding("b", "CKV2_LNET_105", status="baseline"),
    ]
    then = [finding("a"), finding("c"), finding("b", "CKV2_LNET_101", "LOW", status="skipped")]
    found = page(stack, check={"findings": now}, base_check={"findings": then}).policies
    assert found
    assert [(row.kind, row.check, row.targets) for row in found.new] == [
        ("CRITICAL", "CKV2_LNET_102", ("b",)),
        ("HIGH", "CKV2_LNET_301", ("b",)),
        ("LOW", "CKV2_LNET_101", ("b",)),
    ]
    assert (found.open, found.mended, found.undecided, found.note) == (1, 1, 1, "")


def test_a_finding_is_told_with_the_line_that_it_comes_from() -> None:
    stack = base_stack("prod", "retail")
    placed = finding(place={"file": "stacks/orders_api.py", "line": 24})
    found = page(stack, check={"findings": [placed, finding(resource="aws_y.y", place=None)]})
    assert found.policies
    assert [row.place for row in found.policies.new] == ["stacks/orders_api.py:24", ""]
    assert "mend it in `stacks/orders_api.py:24`" in as_markdown(found)


def test_the_same_finding_in_many_targets_is_one() -> None:
    stack = base_stack("prod", "retail")
    found = page(stack, check={"findings": [finding(str(number)) for number in range(40)]}).policies
    assert found
    assert [len(row.targets) for row in found.new] == [40]
    assert found.note == "no findings of the base branch were given, so each of them is told as new"


@pytest.mark.parametrize(
    ("document", "sentence"),
    [
        ([], "the findings of the policies hold no list `findings`; write them with `lambdanet check --format json`"),
        ({"findings": {}}, "the findings of the policies hold no list `findings`; write them with `lambdanet check "),
        (
            {"findings": [1]},
            "finding 1 of the policies has no id, severity, resource, target, message, fix, status ",
        ),
        ({"findings": [finding(), finding(status="odd")]}, "finding 2 of the policies has no status that is known; "),
        ({"findings": [finding(severity="high")]}, "finding 1 of the policies has no severity that is known; write "),
    ],
)
def test_findings_that_are_none_are_a_sentence(document: Any, sentence: str) -> None:
    with pytest.raises(PlanInputError) as error:
        page(base_stack("prod", "retail"), check=document)
    assert str(error.value).startswith(sentence)


def test_what_was_reached_before_and_no_longer_is_told(made: Review) -> None:
    (row,) = made.reach.new
    assert (row.kind, row.address, len(row.targets)) == ("unreachable", "aws_lambda_function.api", 2)
    assert row.message == (
        "it cannot reach secretsmanager, which it reached before: an interface endpoint of secretsmanager in "
        "aws_vpc.main is missing"
    )
    assert (made.reach.open, made.reach.mended, made.reach.undecided) == (0, 0, 0)


def attached(*, has_endpoint: bool) -> Stack:
    stack = base_stack("prod", "retail")
    return (stack.endpoint() if has_endpoint else stack).database().function()


def test_what_never_was_reached_is_still_open_and_not_new() -> None:
    found = page(attached(has_endpoint=False)).reach
    assert (found.new, found.open, found.mended) == ((), 1, 0)


def test_the_base_branch_is_the_base_where_it_is_given() -> None:
    without, with_it = attached(has_endpoint=False), attached(has_endpoint=True)
    worse = page(without, base={with_it.target: with_it.plan}).reach
    better = page(with_it, base={without.target: without.plan}).reach
    assert [row.kind for row in worse.new] == ["unreachable"]
    assert (better.new, better.mended) == ((), 1)


def test_a_target_that_the_base_does_not_have_is_all_new() -> None:
    stack = attached(has_endpoint=False)
    (row,) = page(stack, base={}).reach.new
    assert row.message.startswith("it cannot reach secretsmanager, which it did not need before: ")


def test_budgets_that_grow_and_those_of_alike_targets_are_rows(made: Review) -> None:
    assert made.budget == ()
    stacks = [base_stack("prod", account) for account in ("retail", "outlet")]
    for stack in stacks:
        for number in range(6):
            actions, was = (NO_OP, {"id": f"eipalloc-{number}"}) if number < 3 else (CREATE, None)
            stack.changes.add(f"aws_eip.e[{number}]", actions, was, {"domain": "vpc"})
    (row,) = page(*stacks).budget
    assert (row.what, row.before, row.after, row.limit, row.verdict) == ("Elastic IP addresses", 3, 6, 5, "undecidable")
    assert row.scopes == ("account 111111111111 in us-east-1", "account 333333333333 in us-east-1")
    assert "aws_eip.e[3] adds 1" in row.by


def test_a_limit_that_is_nearly_used_up_is_told_though_nothing_grows() -> None:
    stack = base_stack("prod", "retail")
    for number in range(5):
        stack.changes.add(f"aws_eip.e[{number}]", NO_OP, {"id": f"eipalloc-{number}", "domain": "vpc"})
    (row,) = page(stack).budget
    assert (row.before, row.after, row.verdict) == (5, 5, "nearly used")


def test_costs_by_type_and_group(made: Review) -> None:
    assert made.costs
    assert made.costs.total == Amounts(Decimal("180.00"), Decimal("151.90"))
    assert [(kind, amounts.change) for kind, amounts in made.costs.types] == [
        ("aws_vpc_endpoint", Decimal("-29.20")),
        ("aws_cloudwatch_metric_alarm", Decimal("1.10")),
    ]
    assert [group.cost.change for group in made.groups if group.cost] == [Decimal("0.90"), Decimal("-29.00")]
    assert made.costs.unpriced
    assert made.costs.undeclared


def test_costs_against_the_base_branch() -> None:
    old, new = base_stack("prod", "retail").endpoint(), base_stack("prod", "retail")
    costs = page(new, base={old.target: old.plan}, prices=PRICES).costs
    assert costs
    assert costs.types == (("aws_vpc_endpoint", Amounts(Decimal("14.60"), Decimal(0))),)


def test_the_forecast_tells_what_is_not_lost_and_what_the_base_branch_does_not_bring() -> None:
    stack, other = base_stack("prod", "retail"), base_stack("prod", "retail")
    for each in (stack, other):
        subnet = {"vpc_id": each.id("vpc", "main"), "cidr_block": "10.0.9.0/24"}
        each.changes.add("aws_subnet.old", ["delete"], {**subnet, "availability_zone": "us-east-1a"})
        each.changes.add("aws_subnet.new", CREATE, None, {**subnet, "availability_zone": "us-east-1b"})
    alone, pending = page(stack), page(stack, base={other.target: other.plan}).forecast
    (row,) = alone.forecast.new
    assert (row.kind, row.address) == ("error", "aws_subnet.new")
    assert "10.0.9.0/24, which aws_subnet.old has until it is destroyed" in row.message
    assert level_of(alone) is Level.STOP
    assert (pending.new, pending.open) == ((), 1)
