"""Reserved and provisioned concurrency of accounts and functions."""

from __future__ import annotations

from typing import Any

import pytest

from analysis.budget import Verdict, budget
from tests.analysis.budget.samples import counted, function, snapshot, told
from tests.analysis.documents import Entry, document, plan, ref, resource, text


def reserved(name: str, executions: int, **values: Any) -> Entry:
    return function(name, reserved_concurrent_executions=executions, **values)


def source(name: str, function_name: str, most: int, **values: Any) -> Entry:
    return resource(
        f"aws_lambda_event_source_mapping.{name}",
        {"scaling_config": [{"maximum_concurrency": most}], "enabled": True, **values},
        unknown={"function_name": True},
        expressions={"function_name": ref(f"{function_name}.arn"), "scaling_config": [{}]},
    )


def alias(function_name: str = "api", **values: Any) -> Entry:
    return resource(
        "aws_lambda_alias.live",
        {"name": "live", "function_name": function_name, **values},
        unknown={"arn": True},
        expressions={"name": text("live"), "function_name": ref(f"aws_lambda_function.{function_name}.function_name")},
    )


def provisioned(executions: int, qualifier: str = "live", function_name: str = "api") -> Entry:
    return resource(
        "aws_lambda_provisioned_concurrency_config.api",
        {
            "function_name": function_name,
            "qualifier": qualifier,
            "provisioned_concurrent_executions": executions,
        },
        expressions={"function_name": ref(f"aws_lambda_function.{function_name}.function_name")},
    )


def test_a_new_account_has_nothing_to_reserve() -> None:
    assert told(reserved("api", 5), L_B99A9384=10) == [
        (
            "error concurrency-per-region: aws_lambda_function.api: account 123456789012 in eu-west-1 has 5 reserved "
            "or provisioned executions after the plan and had 0 before, and at most 0 (Concurrent executions, read on "
            "2026-11-21: 10, of which 100 stay unreserved) fit: aws_lambda_function.api adds 5; lower them or leave "
            "some out, or ask for more by `aws service-quotas request-service-quota-increase --service-code lambda "
            "--quota-code L-B99A9384 --desired-value 105 --region eu-west-1`"
        )
    ]
    assert told(function("api"), L_B99A9384=10) == []


@pytest.mark.parametrize(("executions", "level"), [(719, []), (720, ["warning"]), (900, ["warning"]), (901, ["error"])])
def test_a_hundred_executions_stay_unreserved(executions: int, level: list[str]) -> None:
    found = counted(plan(reserved("api", executions)))
    assert [str(finding.level) for finding in found.findings] == level


def test_plans_of_one_account_are_added_up_and_others_are_not() -> None:
    one, two = plan(reserved("one", 500)), plan(reserved("two", 500))
    together = budget([one, two], snapshot(), account="123456789012")
    assert [str(finding.level) for finding in together.findings] == ["error"]
    apart = budget([one, two], snapshot())
    assert apart.findings == ()
    assert {row.note for row in apart.rows} == {"the plan does not tell the account, so no other plan is added"}


def test_the_account_is_read_from_the_provider() -> None:
    written = document(reserved("api", 5))
    expressions = written["configuration"]["provider_config"]["aws"]["expressions"]
    for told_by in (
        {"allowed_account_ids": text(["123456789012"])},
        {"assume_role": [{"role_arn": text("arn:aws:iam::123456789012:role/deploy")}]},
    ):
        expressions.clear()
        expressions.update({"region": text("eu-west-1"), **told_by})
        found = budget([type(plan())(written)], snapshot(L_B99A9384=10))
        assert [str(finding.level) for finding in found.findings] == ["error"]


def test_provisioned_concurrency_is_part_of_a_reservation_or_counts_by_itself() -> None:
    inside = counted(plan(reserved("api", 50), provisioned(40), alias())).row("concurrency-per-region")
    alone = counted(plan(function("api"), provisioned(40), alias())).row("concurrency-per-region")
    assert inside
    assert alone
    assert (inside.after, alone.after) == (50, 40)


def test_a_scaling_target_and_what_it_scales_count_once() -> None:
    target = resource(
        "aws_appautoscaling_target.api",
        {"service_namespace": "lambda", "resource_id": "function:api:live", "max_capacity": 70},
    )
    row = counted(plan(function("api"), provisioned(40), alias(), target)).row("concurrency-per-region")
    assert row
    assert row.after == 70


def test_what_was_reserved_before_is_told() -> None:
    was = {"function_name": "api", "reserved_concurrent_executions": 20}
    row = counted(plan(reserved("api", 50, before=was, actions=("update",)))).row("concurrency-per-region")
    assert row
    assert (row.before, row.after, [str(share) for share in row.shares]) == (
        20,
        50,
        ["aws_lambda_function.api adds 30 to its 20"],
    )


def test_a_reservation_of_nothing_stops_the_function() -> None:
    assert told(reserved("api", 0)) == [
        (
            "error reserved-concurrency-zero: aws_lambda_function.api: reserved_concurrent_executions is 0, so Lambda "
            "refuses every invocation of the function (Lambda guide); set it to 1 or more, or leave it out"
        )
    ]
    assert told(reserved("api", -1)) == []


def test_event_sources_ask_for_more_than_is_reserved() -> None:
    over = (reserved("api", 10), source("jobs", "aws_lambda_function.api", 50))
    assert told(*over) == [
        (
            "error event-source-concurrency: aws_lambda_function.api: aws_lambda_function.api has 50 concurrent "
            "executions by its event sources after the plan and had 0 before, and at most 10 "
            "(reserved_concurrent_executions of aws_lambda_function.api) fit: aws_lambda_event_source_mapping.jobs "
            "adds 50; raise the reserved concurrency or lower the maximum_concurrency of the event sources"
        )
    ]


def test_event_sources_of_one_function_are_added_up_through_its_alias() -> None:
    mappings = (source("a", "aws_lambda_alias.live", 6), source("b", "aws_lambda_function.api", 5))
    assert len(told(reserved("api", 10), alias(), *mappings)) == 1
    assert told(reserved("api", 11), alias(), *mappings) == []
    assert told(function("api"), alias(), *mappings) == []


def test_an_event_source_that_is_switched_off_asks_for_nothing() -> None:
    assert told(reserved("api", 10), source("jobs", "aws_lambda_function.api", 50, enabled=False)) == []


def test_a_reservation_that_is_not_known_is_never_none() -> None:
    entry = resource(
        "aws_lambda_function.api",
        {"function_name": "api"},
        unknown={"reserved_concurrent_executions": True},
        expressions={"reserved_concurrent_executions": ref("local.most")},
    )
    found = counted(plan(entry, source("jobs", "aws_lambda_function.api", 50)))
    assert {row.rule: row.verdict for row in found.rows} == {
        "concurrency-per-region": Verdict.UNDECIDABLE,
        "event-source-concurrency": Verdict.UNDECIDABLE,
    }
    assert [finding.missing for finding in found.findings] == [
        "reserved_concurrent_executions of aws_lambda_function.api"
    ]


def test_more_is_provisioned_than_reserved() -> None:
    [finding] = counted(plan(reserved("api", 10), alias(), provisioned(11))).findings
    assert (finding.rule, finding.missing) == (
        "provisioned-concurrency",
        "11 of 10 executions of provisioned concurrency",
    )
    assert counted(plan(reserved("api", 10), alias(), provisioned(10))).findings == ()


@pytest.mark.parametrize(
    ("entries", "rule"),
    [
        ((function("api", snap_start=[{"apply_on": "PublishedVersions"}]), alias()), "provisioned-with-snapstart"),
        ((function("api"), alias(function_version="$LATEST")), "provisioned-on-latest"),
        (
            (function("api"), alias(routing_config=[{"additional_version_weights": {"2": 0.1}}])),
            "provisioned-on-weighted-alias",
        ),
    ],
)
def test_provisioned_concurrency_that_lambda_refuses(entries: tuple[Entry, ...], rule: str) -> None:
    assert [(str(f.level), f.rule) for f in counted(plan(*entries, provisioned(5))).findings] == [("error", rule)]
    assert counted(plan(*entries)).findings == ()
