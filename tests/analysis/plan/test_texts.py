"""What constant texts with `${…}` lead to, as CDKTF writes them, and known ids and ARNs."""

from __future__ import annotations

from typing import Any

import pytest

from analysis.plan import Links
from tests.analysis.documents import plan, ref, resource, text


def addresses(found: Links) -> list[str]:
    return [entry.address for entry in found.resources]


@pytest.mark.parametrize(
    ("written", "named"),
    [
        ("arn:aws:sqs:eu-west-1:1:${aws_sqs_queue.q.name}", ["aws_sqs_queue.q"]),
        ('${join(":", [aws_sqs_queue.q.arn, "*"])}', ["aws_sqs_queue.q"]),
        ('${jsonencode([aws_sqs_queue.q.arn, "${aws_sns_topic.t.arn}/*"])}', ["aws_sns_topic.t", "aws_sqs_queue.q"]),
        ('${lookup({"}" = "${aws_sqs_queue.q.arn}"}, "aws_sns_topic.t.arn")}', ["aws_sqs_queue.q"]),
        ('${["aws_sns_topic.t.arn"]}${aws_sqs_queue.q.id}', ["aws_sqs_queue.q"]),
        ("${aws_sqs_queue.q.arn", ["aws_sqs_queue.q"]),
        ('${"a\\"b ${upper("${aws_sqs_queue.q.arn}}")}"}', ["aws_sqs_queue.q"]),
        ("${" + "[" * 5_000 + "aws_sqs_queue.q.arn" + "]" * 5_000 + "}", ["aws_sqs_queue.q"]),
        ('${"text aws_sns_topic.t.arn"}${aws_sqs_queue.q.id}', ["aws_sqs_queue.q"]),
        ("$${aws_sns_topic.t.arn} ${aws_sqs_queue.q.id}", ["aws_sqs_queue.q"]),
    ],
)  # fmt: skip
def test_references_inside_texts(written: str, named: list[str]) -> None:
    policy = resource("aws_iam_policy.p", expressions={"policy": text(written)}, unknown={"policy": True})
    made = plan(policy, resource("aws_sqs_queue.q"), resource("aws_sns_topic.t"))
    found = made.of("aws_iam_policy")[0]
    assert addresses(made.links(found, "policy")) == named
    assert addresses(made.text_links(found, written)) == named


def test_a_key_in_quotes_picks_an_instance() -> None:
    vpc, subnets = resource("aws_vpc.v"), [resource(f'aws_subnet.a["eu.{side}"]') for side in ("west", "north")]
    made = plan(vpc, *subnets)
    found = made.text_links(made.of("aws_vpc")[0], '${aws_subnet.a["eu.west"].id}')
    assert addresses(found) == ['aws_subnet.a["eu.west"]']


def test_a_text_without_references_is_whose_it_is() -> None:
    arn = "arn:aws:sqs:eu-west-1:123456789012:jobs"
    made = plan(resource("aws_sqs_queue.q", {"arn": arn}), resource("aws_vpc.v"))
    assert addresses(made.text_links(made.of("aws_vpc")[0], arn)) == ["aws_sqs_queue.q"]
    assert made.text_links(made.of("aws_vpc")[0], "arn:aws:sqs:eu-west-1:123456789012:other").literals
    assert made.owner(arn) is made.of("aws_sqs_queue")[0]
    assert made.owner(arn, "aws_sns_topic") is None


@pytest.mark.parametrize(
    ("kind", "values"),
    [
        ("aws_db_proxy", {"endpoint": "orders.example"}),
        ("aws_elasticache_replication_group", {"primary_endpoint_address": "orders.example"}),
        ("aws_elasticache_serverless_cache", {"endpoint": [{"address": "orders.example", "port": 6379}]}),
        ("aws_rds_cluster", {"reader_endpoint": "orders.example"}),
        ("aws_dynamodb_table", {"stream_arn": "orders.example"}),
    ],
)
def test_a_known_host_belongs_to_its_resource(kind: str, values: dict[str, Any]) -> None:
    made = plan(resource(f"{kind}.h", values), resource("aws_vpc.v", {"tags": {"host": "orders.example"}}))
    assert made.owner("orders.example") is made.of(kind)[0]
    assert made.referrers(made.of(kind)[0], "aws_vpc") == made.of("aws_vpc")


def test_a_subscription_is_not_the_queue_that_it_names() -> None:
    arn = "arn:aws:sqs:eu-west-1:123456789012:jobs"
    subscription = resource("aws_sns_topic_subscription.s", {"endpoint": arn, "arn": "arn:aws:sns:eu-west-1:1:t:s"})
    made = plan(subscription, resource("aws_sqs_queue.q", {"arn": arn}))
    assert made.owner(arn) is made.of("aws_sqs_queue")[0]


def test_constants_keep_the_names_in_a_map_that_the_plan_does_not_know() -> None:
    written = {"NAME": "jobs", "URL": "${aws_sqs_queue.q.url}"}
    function = resource(
        "aws_lambda_function.f",
        expressions={"environment": [{"variables": text(written)}], "role": ref("aws_iam_role.r.arn")},
        unknown={"environment": [{"variables": True}], "role": True},
    )
    made = plan(function, resource("aws_sqs_queue.q"), resource("aws_iam_role.r"))
    found = made.of("aws_lambda_function")[0]
    assert made.constants(found, "environment.variables") == (written,)
    assert made.constants(found, "environment.variables.NAME") == ("jobs",)
    assert made.constants(found, "role") == ()
    assert made.constants(found, "handler") == ()
