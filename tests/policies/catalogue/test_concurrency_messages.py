"""What policies on concurrency say, and where they leave it open."""

from __future__ import annotations

import pytest

from analysis.plan import Plan, synthesized_plan
from local.emulator import DEFAULT_ACCOUNT
from policies.catalogue import catalogue
from policies.policy import Outcome, Policy, Sample, Verdict
from policies.samples import REGION, function, merged, resource
from policies.shared.concurrency_samples import mapping, provisioned, published, scaled
from policies.view import Together, View
from tests.policies.catalogue.harness import QUOTAS

POLICIES: dict[str, Policy] = {found.id.removeprefix("CKV2_LNET_"): found for found in catalogue()}
_PROVIDER = {"provider": {"aws": [{"region": REGION}]}}


def _plan(*samples: Sample, source: str = "orders") -> Plan:
    return synthesized_plan(merged(_PROVIDER, *samples), source)


def _only(number: str, *samples: Sample) -> Verdict:
    (found,) = POLICIES[number].judge(View(_plan(*samples), quotas=QUOTAS, account=DEFAULT_ACCOUNT, region=REGION))
    return found


def test_a_sum_beyond_the_quota_names_quota_and_functions() -> None:
    found = _only("401", function("api", reserved_concurrent_executions=950))
    assert found.outcome is Outcome.FAILED
    assert "add up to 950 executions (aws_lambda_function.api adds 950)" in found.message
    assert found.message.endswith(
        "and at most 900 (Concurrent executions, read on 2026-11-21: 1000, of which 100 stay unreserved) fit"
    )


def test_without_a_snapshot_the_default_quota_is_told_and_nothing_is_certain() -> None:
    plan = _plan(function("api", reserved_concurrent_executions=950))
    (found,) = POLICIES["401"].judge(View(plan, account=DEFAULT_ACCOUNT, region=REGION))
    assert found.outcome is Outcome.UNKNOWN
    assert "more than 900 (AWS's default, Lambda quotas: 1000, of which 100 stay unreserved), which" in found.message
    assert found.fix == "take a snapshot of the account's quotas with `lambdanet quotas snapshot`"


@pytest.mark.parametrize(("elsewhere", "outcome"), [(400, Outcome.PASSED), (600, Outcome.FAILED)])
def test_plans_beside_it_count(elsewhere: int, outcome: Outcome) -> None:
    beside = _plan(function("batch", reserved_concurrent_executions=elsewhere), source="batch")
    plan = _plan(function("api", reserved_concurrent_executions=400))
    together = Together((plan, beside), QUOTAS, DEFAULT_ACCOUNT, REGION)
    for shared in (together, None):
        view = View(plan, account=DEFAULT_ACCOUNT, region=REGION, quotas=QUOTAS, beside=(beside,), together=shared)
        (found,) = POLICIES["401"].judge(view)
        assert (found.address, found.outcome) == ("aws_lambda_function.api", outcome)


def test_a_reservation_that_is_not_known_is_told_with_what_is() -> None:
    late = function("late", reserved_concurrent_executions="${var.reserved}")
    plan = _plan(function("api", reserved_concurrent_executions=50), late)
    verdicts = POLICIES["401"].judge(View(plan, quotas=QUOTAS, account=DEFAULT_ACCOUNT, region=REGION))
    unknown = next(found for found in verdicts if found.address == "aws_lambda_function.late")
    assert (
        "add up to 50 executions (aws_lambda_function.api adds 50), and whether all stay within 900" in unknown.message
    )
    assert unknown.message.endswith("without knowing reserved_concurrent_executions of aws_lambda_function.late")


def test_functions_on_instances_reserve_nothing() -> None:
    config = [{"lambda_managed_instances_capacity_provider_config": [{"capacity_provider_arn": "arn"}]}]
    plan = _plan(function("api", capacity_provider_config=config))
    assert list(POLICIES["402"].judge(View(plan))) == []


def test_a_function_that_reserves_none_never_runs() -> None:
    found = _only("402", function("api", reserved_concurrent_executions=0))
    assert found.message == (
        "reserved_concurrent_executions is 0, so that Lambda refuses every invocation of the function"
    )


def test_a_maximum_beyond_the_reservation_tells_both() -> None:
    found = _only("403", function("api", reserved_concurrent_executions=10), mapping("jobs", "api", 50))
    assert found.message == (
        "scaling_config.maximum_concurrency lets it invoke aws_lambda_function.api 50 times at once, and that reserves "
        "10, so that messages are throttled, and go to the dead-letter queue unread"
    )
    assert found.fix == (
        "set scaling_config.maximum_concurrency to at most 10, or reserved_concurrent_executions of "
        "aws_lambda_function.api to at least 50"
    )


def test_pollers_that_are_provisioned_bound_a_queue() -> None:
    pollers = [{"minimum_pollers": 2, "maximum_pollers": 4}]
    source = mapping("jobs", "api", provisioned_poller_config=pollers)
    assert _only("403", function("api", reserved_concurrent_executions=40), source).outcome is Outcome.PASSED
    found = _only("403", function("api", reserved_concurrent_executions=39), source)
    assert "provisioned_poller_config.maximum_pollers lets it invoke aws_lambda_function.api 40 times" in found.message


def test_a_function_outside_the_plan_reserves_what_nobody_knows() -> None:
    name = "arn:aws:lambda:eu-west-1:123456789012:function:payments"
    found = _only("403", _mapping(name))
    assert (found.outcome, found.message) == (
        Outcome.UNKNOWN,
        "what its function, payments, reserves is not in the plan",
    )


def _mapping(name: str, arn: str = "arn:aws:sqs:eu-west-1:123456789012:jobs", **body: object) -> Sample:
    scaling = body or {"scaling_config": [{"maximum_concurrency": 5}]}
    return resource("aws_lambda_event_source_mapping", "jobs", event_source_arn=arn, function_name=name, **scaling)


@pytest.mark.parametrize(
    ("arn", "outcomes"),
    [
        ("arn:aws:kinesis:eu-west-1:123456789012:stream/clicks", []),
        ("arn:aws:sqs:eu-west-1:123456789012:jobs", [Outcome.FAILED]),
        ("${var.source}", [Outcome.UNKNOWN]),
    ],
)
def test_only_queues_need_a_maximum(arn: str, outcomes: list[Outcome]) -> None:
    plan = _plan(function("api"), _mapping("${aws_lambda_function.api.arn}", arn, batch_size=5))
    assert [found.outcome for found in POLICIES["403"].judge(View(plan))] == outcomes


def test_a_sum_of_queues_names_each() -> None:
    sources = [mapping("first", "api", 6), mapping("second", "api", 6, "other")]
    found = _only("404", function("api", reserved_concurrent_executions=10), *sources)
    assert found.message == (
        "its queues may invoke it 12 times at once (aws_lambda_event_source_mapping.first 6, "
        "aws_lambda_event_source_mapping.second 6), and it reserves 10, so that messages are throttled, and go to the "
        "dead-letter queue unread"
    )


def test_provisioned_concurrency_beyond_the_reservation_tells_both() -> None:
    found = _only("405", published("api", reserved_concurrent_executions=2), provisioned("ready", "api", 5))
    assert found.message == (
        "provisioned concurrency of aws_lambda_function.api is 5 in all, and it reserves 2, so that Lambda refuses it"
    )


def test_provisioned_concurrency_of_an_unpublished_version_is_refused() -> None:
    found = _only("405", published("api", publish=False), provisioned("ready", "api"))
    assert found.message == (
        "the version of aws_lambda_alias.of_api is $LATEST, and Lambda keeps only published versions ready"
    )


def test_everything_that_snap_start_refuses_is_told() -> None:
    body = {"runtime": "nodejs22.x", "ephemeral_storage": [{"size": 1024}]}
    found = _only("406", function("api", snap_start=[{"apply_on": "PublishedVersions"}], **body))
    assert found.message == (
        "it has SnapStart and publish is not true, so that there is no version to start from; it has SnapStart and "
        "1024 MB of /tmp, more than 512; it has SnapStart and nodejs22.x has none"
    )


def test_a_scaling_target_alone_scales_nothing() -> None:
    sample = merged(published("api"), provisioned("ready", "api"), scaled("api", "api"))
    del sample["resource"]["aws_appautoscaling_policy"]
    assert _only("407", sample).message == (
        "aws_appautoscaling_target.api has neither a policy nor a schedule, so that nothing scales it"
    )


def test_a_fixed_number_is_told() -> None:
    assert _only("407", published("api"), provisioned("ready", "api", 3)).message == (
        "it keeps 3 environments ready and has no aws_appautoscaling_target, so that it is paid for day and night, "
        "busy or not"
    )
