"""Where logs go on to, what counts in them, and which queries are saved."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from modules.core.target import Target
from modules.function import Function, FunctionConfig
from modules.key import Key
from modules.observability import (
    LogErrorMetric,
    LogErrorMetricConfig,
    LogQueries,
    LogQueriesConfig,
    LogSubscription,
    LogSubscriptionConfig,
)
from modules.stream import Stream, StreamConfig
from stacks.base import App, TargetStack
from tests.constructs.bare import refusal

pytestmark = pytest.mark.synth
OFF = {"enabled": False, "reason": "not what this test is about"}
WHERE = "dev-main-eu-west-1-orders"
FIREHOSE = "arn:aws:firehose:eu-west-1:123456789012:deliverystream/logs"
CENTRAL = "arn:aws:logs:eu-west-1:210987654321:destination:central"


class Made:
    """A stack with a key; functions are detached and lose failed events."""

    def __init__(self, folder: Path) -> None:
        where = {"org": "acme", "env": "dev", "account": "main", "account_id": "123456789012", "region": "eu-west-1"}
        target = Target.parse({**where, "stack": "orders", "owner": "me"})
        self.stack = TargetStack(App(outdir=str(folder)), target)
        self.key = Key(self.stack, "key")

    def function(self, name: str, **fields: Any) -> Function:
        config = FunctionConfig.parse(
            {
                "code": {"kind": "inline", "text": "def handler(event, context): ...\n"},
                "reserved_concurrency": 5,
                "attachment": {"state": "detached", "detaching_applied": "it never was attached"},
                "asynchronous": {"dead_letters": {"kind": "none", "reason": "a test"}},
                "alarms": OFF,
                **fields,
            }
        )
        return Function(self.stack, name, config=config, network=None, key=self.key)

    def stream(self) -> Stream:
        config = StreamConfig.parse({"alarms": OFF, "removal": "destroy", "removal_reason": "a test"})
        return Stream(self.stack, "records", config=config, key=self.key)

    def resources(self, kind: str) -> dict[str, dict[str, Any]]:
        found: dict[str, dict[str, Any]] = self.stack.to_terraform()["resource"].get(kind, {})
        return found

    def only(self, kind: str) -> dict[str, Any]:
        [found] = self.resources(kind).values()
        return found


@pytest.fixture
def made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Made:
    monkeypatch.chdir(tmp_path)
    return Made(tmp_path / "out")


def config(**fields: Any) -> LogSubscriptionConfig:
    return LogSubscriptionConfig.parse(fields)


def test_a_function_may_be_invoked_for_that_log_group_only_and_first(made: Made) -> None:
    api, sink = made.function("api"), made.function("sink")
    LogSubscription(made.stack, "to-sink", of=api, to=sink, config=config(filter_pattern='{ $.level = "ERROR" }'))
    [(permission_name, permission)] = made.resources("aws_lambda_permission").items()
    assert permission["principal"] == "logs.amazonaws.com"
    assert re.fullmatch(r"\$\{aws_cloudwatch_log_group\.api_logs_group_\w+\.arn\}:\*", permission["source_arn"])
    assert permission["source_account"] == "123456789012"
    found = made.only("aws_cloudwatch_log_subscription_filter")
    assert found["depends_on"] == [f"aws_lambda_permission.{permission_name}"]
    assert found["name"] == "acme-dev-orders-to-sink"
    assert found["filter_pattern"] == '{ $.level = "ERROR" }'
    assert found["destination_arn"].startswith("${aws_lambda_function.sink_")
    assert "role_arn" not in found
    assert "distribution" not in found


def test_a_function_with_an_alias_gets_records_through_it(made: Made) -> None:
    api, sink = made.function("api"), made.function("sink", alias={})
    LogSubscription(made.stack, "to-sink", of=api, to=sink)
    assert made.only("aws_cloudwatch_log_subscription_filter")["destination_arn"].startswith("${aws_lambda_alias.")
    assert made.only("aws_lambda_permission")["qualifier"].startswith("${aws_lambda_alias.")


def test_a_stream_is_written_by_a_role_that_encrypts_with_its_key(made: Made) -> None:
    LogSubscription(
        made.stack, "to-records", of=made.function("api"), to=made.stream(), config=config(distribution="Random")
    )
    [role_name] = [name for name in made.resources("aws_iam_role") if name.startswith("to-records")]
    role = made.resources("aws_iam_role")[role_name]
    [trust] = json.loads(role["assume_role_policy"])["Statement"]
    assert trust["Principal"] == {"Service": ["logs.amazonaws.com"]}
    assert trust["Condition"] == {"StringLike": {"aws:SourceArn": ["arn:aws:logs:eu-west-1:123456789012:*"]}}
    [policy_name] = [name for name in made.resources("aws_iam_role_policy") if name.startswith("to-records")]
    statements = json.loads(made.resources("aws_iam_role_policy")[policy_name]["policy"])["Statement"]
    assert [each["Sid"] for each in statements] == ["WriteRecords", "EncryptRecords"]
    assert statements[1]["Action"] == ["kms:GenerateDataKey"]
    found = made.only("aws_cloudwatch_log_subscription_filter")
    assert found["distribution"] == "Random"
    assert found["role_arn"] == f"${{aws_iam_role.{role_name}.arn}}"
    assert found["depends_on"] == [f"aws_iam_role_policy.{policy_name}"]


def test_firehose_is_written_by_a_role_and_another_account_by_none(made: Made) -> None:
    api = made.function("api")
    LogSubscription(made.stack, "to-firehose", of=api, config=config(firehose_arn=FIREHOSE))
    LogSubscription(made.stack, "to-central", of=api, config=config(destination_arn=CENTRAL))
    [policy_name] = [name for name in made.resources("aws_iam_role_policy") if name.startswith("to-firehose")]
    [statement] = json.loads(made.resources("aws_iam_role_policy")[policy_name]["policy"])["Statement"]
    assert (statement["Action"], statement["Resource"]) == (
        ["firehose:PutRecord", "firehose:PutRecordBatch"], [FIREHOSE],
    )  # fmt: skip
    filters = made.resources("aws_cloudwatch_log_subscription_filter")
    by_destination = {each["destination_arn"]: "role_arn" in each for each in filters.values()}
    assert by_destination == {FIREHOSE: True, CENTRAL: False}
    assert refusal(lambda: LogSubscription(made.stack, "third", of=api, to=made.stream())) == (
        f"{WHERE}/third: a subscription filter is added beside {WHERE}/to-central, {WHERE}/to-firehose; a log group "
        "takes 2 (PutSubscriptionFilter); remove one, or let one destination pass records on"
    )


def test_what_a_subscription_refuses(made: Made) -> None:
    api = made.function("api")

    def refused(**given: Any) -> str:
        return refusal(lambda: LogSubscription(made.stack, f"s{len(made.stack.node.children)}", of=api, **given))

    assert refused().endswith(
        "to is missing; records go somewhere; pass to=..., or set firehose_arn or destination_arn"
    )
    assert refused(to=api).endswith(
        "to is what the records are of; each record would invoke it, and each invocation write records, without end; "
        "pass them to another function"
    )
    sink = made.function("sink")
    assert refused(to=sink, config=config(firehose_arn=FIREHOSE)).endswith(
        "to is given and firehose_arn is set; a subscription has one destination; remove one"
    )
    assert refused(to=sink, config=config(distribution="Random")).endswith(
        "distribution is set and to is a function; only streams have shards; remove distribution"
    )
    elsewhere = FIREHOSE.replace("eu-west-1:123456789012", "eu-west-2:210987654321")
    assert (
        refused(config=config(firehose_arn=elsewhere))
        .splitlines()[0]
        .endswith(
            f'firehose_arn is "{elsewhere}"; it lies in the log group\'s region, eu-west-1 (PutSubscriptionFilter); '
            "correct it"
        )
    )
    other = FIREHOSE.replace("123456789012", "210987654321")
    assert refused(config=config(firehose_arn=other)).endswith(
        f'firehose_arn is "{other}"; CloudWatch Logs writes to a Firehose stream of the own account only '
        "(PutSubscriptionFilter); let the other account make a destination for it, and set destination_arn"
    )
    assert made.resources("aws_cloudwatch_log_subscription_filter") == {}


def test_logs_that_are_seldom_read_have_no_filters(made: Made) -> None:
    api = made.function("api", logging={"log_group_class": "INFREQUENT_ACCESS"})
    words = (
        "only log groups of the class STANDARD have {0} filters (CloudWatch Logs guide, log classes); set "
        "log_group_class to STANDARD, or query the logs instead"
    )
    assert refusal(lambda: LogSubscription(made.stack, "s", of=api, to=made.stream())) == (
        f"{WHERE}/s: logging.log_group_class is INFREQUENT_ACCESS and a subscription filter is added; "
        + words.format("subscription")
    )
    assert refusal(lambda: LogErrorMetric(made.stack, "m", of=api)) == (
        f"{WHERE}/m: logging.log_group_class is INFREQUENT_ACCESS and a metric filter is added; "
        + words.format("metric")
    )


def test_errors_are_counted_in_either_format(made: Made) -> None:
    metric = LogErrorMetric(made.stack, "api-errors", of=made.function("api"))
    LogErrorMetric(made.stack, "old-errors", of=made.function("old", logging={"format": "Text"}))
    own = LogErrorMetricConfig(filter_pattern="?refused")
    LogErrorMetric(made.stack, "refusals", of=made.function("gate"), config=own)
    assert (metric.namespace, metric.metric_name) == ("acme-dev-orders", "api-errors")
    found = {each["name"]: each for each in made.resources("aws_cloudwatch_log_metric_filter").values()}
    assert {name.removeprefix("acme-dev-orders-"): each["pattern"] for name, each in found.items()} == {
        "api-errors": '{ ($.level = "ERROR") || ($.level = "CRITICAL") || ($.level = "FATAL") }',
        "old-errors": "?ERROR ?Exception ?Traceback",
        "refusals": "?refused",
    }
    assert found["acme-dev-orders-api-errors"]["metric_transformation"] == {
        "name": "api-errors", "namespace": "acme-dev-orders", "value": "1", "default_value": "0", "unit": "Count",
    }  # fmt: skip


def test_queries_are_saved_for_the_format_of_the_records(made: Made) -> None:
    api, old = made.function("api"), made.function("old", logging={"format": "Text"})
    queries = LogQueries(made.stack, "api-queries", of=api, name="api")
    some = LogQueriesConfig.parse({"queries": ["errors"], "additional": {"payments": "filter @message like /pay/"}})
    LogQueries(made.stack, "old-queries", of=old, name="old", config=some)
    assert set(queries.names.values()) == {
        f"acme-dev-orders/api/{name}"
        for name in ("errors", "slowest-requests", "cold-starts", "memory", "timeouts", "out-of-memory")
    }
    found = {each["name"]: each for each in made.resources("aws_cloudwatch_query_definition").values()}
    assert len(found) == 8
    assert 'type = "platform.report"' in found["acme-dev-orders/api/cold-starts"]["query_string"]
    assert found["acme-dev-orders/old/errors"]["query_string"].startswith("filter @message like")
    assert found["acme-dev-orders/old/payments"]["query_string"] == "filter @message like /pay/"
    [group] = found["acme-dev-orders/api/errors"]["log_group_names"]
    assert group.startswith("${aws_cloudwatch_log_group.api_logs_group_")
    long = "x" * 240
    assert refusal(lambda: LogQueries(made.stack, "long", of=api, name=long)) == (
        f"{WHERE}/long: the saved query acme-dev-orders/{long}/cold-starts has 268 characters; a name has at most 255 "
        "(logs API model); shorten name"
    )
