"""A queue, a stream and a table's stream that Lambda polls for a function with an alias and for one without."""

from __future__ import annotations

import json
from typing import Any

from cdktf_cdktf_provider_aws.sqs_queue import SqsQueue

from modules.event_source import (
    PollersConfig,
    QueueSource,
    QueueSourceConfig,
    StreamSource,
    StreamSourceConfig,
    TableSource,
    TableSourceConfig,
)
from modules.function import Function, FunctionConfig
from modules.key import Key
from modules.observability import AlarmTopic
from modules.queue import Queue
from modules.stream import Stream, StreamConfig
from modules.table import Table, TableConfig
from modules.topic import Topic, TopicConfig
from stacks.base import TargetStack
from tests.apply.function_base import CODE, NAME
from tests.apply.harness import Applied, Prove

UNSCANNED = (
    "Checkov wants every function in a VPC (CKV_AWS_117) and with dead letters (CKV_AWS_116), whatever the reason; "
    "both cost minutes of an apply and are not what this test is about"
)
OFF = {"enabled": False, "reason": "not what this test is about"}
GONE = {"removal": "destroy", "removal_reason": "made by a test"}
CALM: dict[str, Any] = {
    "attachment": {"state": "detached", "detaching_applied": "it never was in a VPC"},
    "asynchronous": {"dead_letters": {"kind": "none", "reason": "not what this test is about"}},
    "alarms": OFF,
}
ALIAS = f"arn:aws:lambda:eu-west-1:123456789012:function:{NAME.format('live')}:live"
PLAIN = f"arn:aws:lambda:eu-west-1:123456789012:function:{NAME.format('plain')}"
BODY = {"body": {"kind": ["order", {"prefix": "order-"}]}}
INSERTED = {"eventName": ["INSERT"], "dynamodb": {"NewImage": {"state": {"S": [{"anything-but": ["draft"]}]}}}}


def build(stack: TargetStack) -> None:
    key = Key(stack, "key")
    alarms = AlarmTopic(stack, "alarm-topic", key=key)

    def function(name: str, reserved: int, **fields: Any) -> Function:
        config = FunctionConfig.parse({"code": CODE, "reserved_concurrency": reserved, **CALM, **fields})
        return Function(stack, name, config=config, network=None, key=key)

    # a bare queue: the policy of a Queue costs 50 seconds of the provider's own waits, and polling goes by the role
    bare = SqsQueue(stack, "queue", name=NAME.format("jobs"), kms_master_key_id=key.arn, visibility_timeout_seconds=185)
    jobs = Queue.from_existing(
        stack, "jobs", arn=bare.arn, url=bare.url, key_arn=key.arn, visibility_timeout_seconds=185
    )
    clicks = Stream(stack, "clicks", config=StreamConfig.parse({"consumers": ["live"], "alarms": OFF, **GONE}), key=key)
    orders = Table(
        stack,
        "orders",
        config=TableConfig.parse(
            {"partition_key": {"name": "id"}, "stream_view_type": "NEW_IMAGE", "alarms": OFF, **GONE}
        ),
        key=key,
    )
    failed = Topic(stack, "failed", config=TopicConfig.parse({"alarms": OFF}), key=key)

    live = function("live", 5, alias={})
    several = QueueSourceConfig(
        batch_size=50, batching_window_seconds=5, maximum_concurrency=4, filters=(BODY,), event_metrics=True
    )
    QueueSource(stack, "jobs-of-live", function=live, queue=jobs, config=several, key=key, alarm_topic=alarms)
    fanned = StreamSourceConfig(consumer="live", parallelization_factor=2, event_metrics=True)
    StreamSource(
        stack, "clicks-of-live", function=live, stream=clicks, config=fanned, on_failure=failed, alarm_topic=alarms
    )
    inserted = TableSourceConfig(filters=(INSERTED,), maximum_retry_attempts=2, tumbling_window_seconds=60)
    TableSource(
        stack, "orders-of-live", function=live, table=orders, config=inserted, on_failure=failed, alarm_topic=alarms
    )

    plain = function("plain", 20)
    pollers = QueueSourceConfig(provisioned_pollers=PollersConfig(maximum=2), disabled_reason="live polls it")
    QueueSource(stack, "jobs-of-plain", function=plain, queue=jobs, config=pollers)
    lossy = {"discard_reason": "clicks are counted elsewhere", "alarms": OFF}
    newest = StreamSourceConfig.parse({"starting_position": "LATEST", "reports_batch_item_failures": False, **lossy})
    StreamSource(stack, "clicks-of-plain", function=plain, stream=clicks, config=newest)
    forever = TableSourceConfig.parse({"maximum_retry_attempts": None, "maximum_record_age_seconds": None, **lossy})
    TableSource(stack, "orders-of-plain", function=plain, table=orders, config=forever)


def test_every_kind_of_event_source(prove: Prove) -> None:
    with prove(build, unscanned_reason=UNSCANNED) as applied:
        assert {arn: sorted(mappings_of(applied, arn)) for arn in (ALIAS, PLAIN)} == {
            ALIAS: ["dynamodb", "kinesis", "sqs"],
            PLAIN: ["dynamodb", "kinesis", "sqs"],
        }
        _the_alias_is_invoked_within_bounds(mappings_of(applied, ALIAS))
        _the_function_is_invoked_as_it_says(mappings_of(applied, PLAIN))
        _roles_may_do_what_polling_takes(applied)
        _alarms_watch_the_mapping_and_the_alias(applied, mappings_of(applied, ALIAS))


def mappings_of(applied: Applied, function: str) -> dict[str, dict[str, Any]]:
    """The mappings of a function or alias, by the service that is polled."""
    found = applied.client("lambda").list_event_source_mappings(FunctionName=function)["EventSourceMappings"]
    return {each["EventSourceArn"].split(":")[2]: each for each in found}


def _the_alias_is_invoked_within_bounds(found: dict[str, dict[str, Any]]) -> None:
    jobs, clicks, orders = found["sqs"], found["kinesis"], found["dynamodb"]
    assert {each["State"] for each in found.values()} == {"Enabled"}
    assert {tuple(each["FunctionResponseTypes"]) for each in found.values()} == {("ReportBatchItemFailures",)}
    assert (jobs["ScalingConfig"], jobs["BatchSize"], jobs["MaximumBatchingWindowInSeconds"]) == (
        {"MaximumConcurrency": 4}, 50, 5,
    )  # fmt: skip
    assert [json.loads(each["Pattern"]) for each in jobs["FilterCriteria"]["Filters"]] == [BODY]
    assert jobs["KMSKeyArn"].startswith("arn:aws:kms:eu-west-1:")
    assert jobs["MetricsConfig"] == {"Metrics": ["EventCount"]}
    assert clicks["EventSourceArn"].endswith("/consumer/live")
    assert (clicks["ParallelizationFactor"], clicks["StartingPosition"]) == (2, "TRIM_HORIZON")
    assert (clicks["BisectBatchOnFunctionError"], clicks["MaximumRetryAttempts"]) == (True, 5)
    assert clicks["MaximumRecordAgeInSeconds"] == 43_200
    assert {each["DestinationConfig"]["OnFailure"]["Destination"] for each in (clicks, orders)} == {
        f"arn:aws:sns:eu-west-1:123456789012:{NAME.format('failed')}"
    }
    assert (orders["MaximumRetryAttempts"], orders["TumblingWindowInSeconds"]) == (2, 60)
    assert [json.loads(each["Pattern"]) for each in orders["FilterCriteria"]["Filters"]] == [INSERTED]


def _the_function_is_invoked_as_it_says(found: dict[str, dict[str, Any]]) -> None:
    jobs, clicks, orders = found["sqs"], found["kinesis"], found["dynamodb"]
    assert (jobs["State"], jobs.get("ScalingConfig") or {}) == ("Disabled", {})
    assert jobs["ProvisionedPollerConfig"] == {"MinimumPollers": 2, "MaximumPollers": 2}
    assert (clicks["StartingPosition"], clicks["FunctionResponseTypes"]) == ("LATEST", [])
    assert clicks["EventSourceArn"].endswith(f"stream/{NAME.format('clicks')}")
    assert (orders["MaximumRetryAttempts"], orders["MaximumRecordAgeInSeconds"]) == (-1, -1)
    assert orders["DestinationConfig"] == {"OnFailure": {}}


def _roles_may_do_what_polling_takes(applied: Applied) -> None:
    for name, sent in (("live", {"OnFailureClicksOfLivePublishToFailed"}), ("plain", set[str]())):
        role = NAME.format(name)
        document = applied.client("iam").get_role_policy(RoleName=role, PolicyName=role)["PolicyDocument"]
        sids = {statement["Sid"] for statement in document["Statement"]}
        wanted = {"ConsumeJobs", "DecryptJobs", "ReadClicks", "DecryptClicks", "ReadStreamOfOrders", "DecryptOrders"}
        assert sids >= wanted | sent


def _alarms_watch_the_mapping_and_the_alias(applied: Applied, found: dict[str, dict[str, Any]]) -> None:
    alarms = {
        alarm["AlarmName"].removeprefix(NAME.format("")): {each["Name"]: each["Value"] for each in alarm["Dimensions"]}
        for alarm in applied.client("cloudwatch").describe_alarms()["MetricAlarms"]
    }
    of_alias = {"FunctionName": NAME.format("live"), "Resource": f"{NAME.format('live')}:live"}
    of_clicks = {"EventSourceMappingUUID": found["kinesis"]["UUID"]}
    assert alarms == {
        "jobs-of-live-failed-events": {"EventSourceMappingUUID": found["sqs"]["UUID"]},
        "clicks-of-live-iterator-age": of_alias,
        "clicks-of-live-destination-errors": of_alias,
        "clicks-of-live-failed-events": of_clicks,
        "clicks-of-live-dropped-events": of_clicks,
        "orders-of-live-iterator-age": of_alias,
        "orders-of-live-destination-errors": of_alias,
    }
