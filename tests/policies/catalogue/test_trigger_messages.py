"""What policies on triggers say, and what they make of plans that were written by hand."""

from __future__ import annotations

from typing import Any

import pytest

from analysis.plan import Plan, synthesized_plan
from policies.catalogue import catalogue
from policies.policy import Outcome, Policy, Sample, Verdict
from policies.samples import function, merged, policy, resource, role
from policies.shared.trigger_samples import alias, mapping, permission, queue, rule, subscription, target, topic, worker
from policies.view import View
from tests.analysis.documents import plan, ref
from tests.analysis.documents import resource as entry

POLICIES: dict[str, Policy] = {found.id.removeprefix("CKV2_LNET_"): found for found in catalogue()}
_PROVIDER = {"provider": {"aws": [{"region": "eu-west-1"}]}}
_WORKER, _QUEUE = "${aws_lambda_function.worker.arn}", "aws_sqs_queue.jobs"


def _only(number: str, *samples: Sample) -> Verdict:
    return _judged(number, synthesized_plan(merged(_PROVIDER, *samples)))


def _judged(number: str, of: Plan) -> Verdict:
    (found,) = POLICIES[number].judge(View(of))
    return found


def test_a_short_visibility_timeout_tells_its_numbers() -> None:
    found = _only("501", worker("worker", timeout=20), queue("jobs"), mapping("jobs", "jobs", _WORKER))
    assert found.message == (
        "the visibility timeout of aws_sqs_queue.jobs is 30 seconds, less than 120: 6 times the timeout of "
        "aws_lambda_function.worker, 20 seconds, and the batching window of 0 seconds"
    )
    assert found.fix == "set visibility_timeout_seconds of aws_sqs_queue.jobs to at least 120"


def test_a_queue_outside_the_plan_is_unknown() -> None:
    arn = "arn:aws:sqs:eu-west-1:123456789012:payments"
    polled = resource("aws_lambda_event_source_mapping", "jobs", event_source_arn=arn, function_name=_WORKER)
    found = _only("501", worker("worker"), polled)
    assert (found.outcome, found.message) == (
        Outcome.UNKNOWN,
        f"the visibility timeout of {arn} stands nowhere in what is judged",
    )


def test_a_queue_is_known_by_the_arn_that_it_will_have() -> None:
    arn = "arn:aws:sqs:eu-west-1:123456789012:sample-jobs"
    polled = resource("aws_lambda_event_source_mapping", "jobs", event_source_arn=arn, function_name=_WORKER)
    assert _only("501", worker("worker"), queue("jobs"), polled).outcome is Outcome.FAILED


@pytest.mark.parametrize(
    ("count", "outcome"), [('"7"', Outcome.PASSED), ('"4"', Outcome.FAILED), ("5", Outcome.PASSED)]
)
def test_receives_may_be_written_as_a_text(count: str, outcome: Outcome) -> None:
    dead = f'{{"deadLetterTargetArn": "${{aws_sqs_queue.dead.arn}}", "maxReceiveCount": {count}}}'
    queues = merged(queue("dead", message_retention_seconds=1_209_600), queue("jobs", redrive_policy=dead))
    assert _only("502", worker("worker"), queues, mapping("jobs", "jobs", _WORKER)).outcome is outcome


def test_a_dead_letter_queue_outside_the_plan_is_unknown() -> None:
    arn = "arn:aws:sqs:eu-west-1:123456789012:dead"
    jobs = queue("jobs", redrive_policy=f'{{"deadLetterTargetArn": "{arn}", "maxReceiveCount": 5}}')
    found = _only("502", worker("worker"), jobs, mapping("jobs", "jobs", _WORKER))
    assert found.message == f"retention of its dead-letter queue {arn} stands nowhere in what is judged"


def test_a_lost_event_names_who_sends_it() -> None:
    found = _only("505", worker("worker"), rule("hourly"), target("hourly", "hourly", _WORKER))
    assert found.message == (
        "aws_cloudwatch_event_target.hourly invokes it asynchronously, and an event that fails is lost after its "
        "retries: no dead_letter_config, and no on_failure destination for what is invoked"
    )


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        (
            {"principal": "sns.amazonaws.com"},
            "source_arn is not set: whoever makes sns send to the function, in any account, may invoke it",
        ),
        ({"principal": "*"}, "its principal is *: every account of AWS may invoke the function"),
        ({"principal": "1", "action": "lambda:*"}, "its action is lambda:*, more than lambda:InvokeFunction"),
    ],
)
def test_a_wide_permission_tells_who_may_invoke(fields: dict[str, Any], message: str) -> None:
    principal = fields.pop("principal")
    assert _only("508", worker("worker"), permission("one", "worker", principal, **fields)).message == message


def test_a_permission_of_the_function_is_none_of_its_alias() -> None:
    found = _only(
        "509",
        worker("worker"),
        alias("live", "worker"),
        topic("news"),
        subscription("news", "news", "${aws_lambda_alias.live.arn}"),
        permission("news", "worker", "sns.amazonaws.com", source_arn="${aws_sns_topic.news.arn}"),
    )
    assert found.message == (
        "no permission lets sns.amazonaws.com invoke aws_lambda_function.worker with the qualifier live for it: events "
        "of sns never arrive"
    )


def test_a_loop_names_the_action_and_both_ways() -> None:
    found = _only(
        "510",
        function("worker"),
        role(),
        resource(
            "aws_iam_role_policy",
            "sends",
            role="${aws_iam_role.function.id}",
            policy=policy(Action="sqs:*", Resource="${aws_sqs_queue.jobs.arn}"),
        ),
        queue("jobs"),
        mapping("jobs", "jobs", _WORKER),
    )
    assert found.message == (
        "aws_lambda_event_source_mapping.jobs invokes it for aws_sqs_queue.jobs, and its role aws_iam_role.function "
        "may do sqs:SendMessage there: what it writes invokes it again, without end"
    )


def test_a_filter_may_keep_what_a_function_writes_from_invoking_it() -> None:
    sends = resource(
        "aws_iam_role_policy",
        "sends",
        role="${aws_iam_role.function.id}",
        policy=policy(Action="sqs:*", Resource="${aws_sqs_queue.jobs.arn}"),
    )
    criteria = [{"filter": [{"pattern": '{"body": {"kind": ["order"]}}'}]}]
    polled = mapping("jobs", "jobs", _WORKER, filter_criteria=criteria)
    found = _only("510", function("worker"), role(), sends, queue("jobs"), polled)
    assert found.outcome is Outcome.UNKNOWN
    assert found.message == (
        "whether what it writes to aws_sqs_queue.jobs matches the filter of aws_lambda_event_source_mapping.jobs "
        "cannot be told"
    )


def test_a_reference_in_hcl_may_have_a_qualifier_behind_it() -> None:
    orders = entry("aws_lambda_function.orders", {"function_name": "orders"}, unknown={"arn": True})
    live = entry(
        "aws_lambda_alias.live",
        {"name": "live", "function_name": "orders"},
        expressions={"function_name": ref("aws_lambda_function.orders.function_name")},
        unknown={"arn": True},
    )
    hourly = entry(
        "aws_cloudwatch_event_target.hourly",
        {},
        expressions={"arn": ref("aws_lambda_function.orders.arn")},
        unknown={"arn": True},
    )
    assert not list(POLICIES["802"].judge(View(plan(orders, hourly))))
    assert _judged("802", plan(orders, hourly, live)).outcome is Outcome.UNKNOWN
