"""A dashboard, saved queries, logs that go on, and functions with Lambda Insights and OpenTelemetry."""

from __future__ import annotations

import contextlib
import io
import json
import zipfile
from typing import Any

from local.emulator import Emulator
from modules.dashboard import Dashboard, DashboardConfig
from modules.function import Function, FunctionConfig
from modules.key import Key
from modules.observability import (
    AlarmTopic,
    LogErrorMetric,
    LogQueries,
    LogSubscription,
    LogSubscriptionConfig,
)
from modules.stream import Stream
from modules.table import Table, TableConfig
from stacks.base import TargetStack
from tests.apply.function_base import CODE
from tests.apply.harness import Applied, Prove

LAYERS = "arn:aws:lambda:eu-west-1"
INSIGHTS = f"{LAYERS}:580247275435:layer:LambdaInsightsExtension-Arm64:1"
OTEL = f"{LAYERS}:615299751070:layer:AWSOpenTelemetryDistroPython:1"
RECORDS = "arn:aws:kinesis:eu-west-1:123456789012:stream/central-records"
FIREHOSE = "arn:aws:firehose:eu-west-1:123456789012:deliverystream/central-logs"
CENTRAL = "arn:aws:logs:eu-west-1:210987654321:destination:central"
GONE = {"removal": "destroy", "removal_reason": "a test"}
UNSCANNED = "Checkov wants functions in a VPC and with dead letters (CKV_AWS_116, CKV_AWS_117), not the subject here"
OFF = {"enabled": False, "reason": "not what this is about"}


class Parts:
    """What the stack of this test is made of."""

    def __init__(self, stack: TargetStack) -> None:
        self.stack, self.key = stack, Key(stack, "key")
        self.topic = AlarmTopic(stack, "alarm-topic", key=self.key)

    def function(self, name: str, **fields: Any) -> Function:
        config = FunctionConfig.parse(
            {
                "code": CODE,
                "reserved_concurrency": 5,
                "attachment": {"state": "detached", "detaching_applied": "it never was in a VPC"},
                "asynchronous": {"dead_letters": {"kind": "none", "reason": "a test"}},
                **fields,
            }
        )
        return Function(self.stack, name, config=config, network=None, key=self.key, alarm_topic=self.topic)


def build(stack: TargetStack, *, with_more: bool = False) -> None:
    parts = Parts(stack)
    api = parts.function("api", insights={"layer_version_arn": INSIGHTS}, alias={})
    worker = parts.function(
        "worker",
        telemetry={"layer_version_arn": OTEL, "service_name": "worker", "application_signals": True},
        logging={"format": "Text"},
        alarms=OFF,
    )
    functions = [worker, api]
    if with_more:
        functions.append(parts.function("more", alarms=OFF))
    records = Stream.from_existing(stack, "records", arn=RECORDS)
    fields = {**GONE, "alarms": OFF, "partition_key": {"name": "id", "type": "S"}}
    orders = Table(stack, "orders", config=TableConfig.parse(fields), key=parts.key)
    for function in (api, worker):
        LogQueries(stack, f"{function.node.id}-queries", of=function, name=function.node.id)
    LogSubscription(stack, "api-to-worker", of=api, to=worker)
    by_shard = LogSubscriptionConfig(filter_pattern="?ERROR", distribution="Random")
    LogSubscription(stack, "api-to-records", of=api, to=records, config=by_shard)
    LogSubscription(stack, "worker-to-firehose", of=worker, config=LogSubscriptionConfig(firehose_arn=FIREHOSE))
    LogSubscription(stack, "worker-to-central", of=worker, config=LogSubscriptionConfig(destination_arn=CENTRAL))
    metric = LogErrorMetric(stack, "api-errors", of=api)
    dashboard = Dashboard(
        stack,
        "dashboard",
        config=DashboardConfig.parse({"function_period_seconds": {"worker": 300}}),
        functions=functions,
        streams=[records],
        tables=[orders],
    )
    stack.output("dashboard_name", dashboard.name, "The dashboard")
    stack.output("metric_name", f"{metric.namespace} {metric.metric_name}", "The metric of logged errors")
    stack.output("api_name", api.function_name, "The function with Lambda Insights")
    stack.output("worker_name", worker.function_name, "The function with OpenTelemetry")


def publish(emulator: Emulator, arn: str) -> None:
    """What AWS publishes in its own accounts."""
    _, _, _, region, account, _, name, version = arn.split(":")
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("extensions/x", "")
    with contextlib.closing(emulator.client("lambda", region, account)) as client:
        client.publish_layer_version(LayerName=name, Content={"ZipFile": content.getvalue()})
        client.add_layer_version_permission(
            LayerName=name, VersionNumber=int(version), StatementId="all", Action="lambda:GetLayerVersion",
            Principal="*",
        )  # fmt: skip


def receive(emulator: Emulator) -> None:
    """What gets records and stands outside the stack; a stream of Terraform's would take 40 s."""
    with contextlib.closing(emulator.client("kinesis", "eu-west-1")) as kinesis:
        kinesis.create_stream(StreamName="central-records", ShardCount=1)
    with contextlib.closing(emulator.client("firehose", "eu-west-1")) as firehose:
        bucket = {"RoleARN": "arn:aws:iam::123456789012:role/logs", "BucketARN": "arn:aws:s3:::central-logs"}
        firehose.create_delivery_stream(DeliveryStreamName="central-logs", ExtendedS3DestinationConfiguration=bucket)
    with contextlib.closing(emulator.client("logs", "eu-west-1", "210987654321")) as logs:
        stream, role = RECORDS.replace("123456789012", "210987654321"), "arn:aws:iam::210987654321:role/logs"
        logs.put_destination(destinationName="central", targetArn=stream, roleArn=role)
        statement = {"Effect": "Allow", "Principal": {"AWS": "123456789012"}, "Action": "logs:PutSubscriptionFilter"}
        logs.put_destination_policy(destinationName="central", accessPolicy=json.dumps({"Statement": [statement]}))


def test_dashboard_and_logs(prove: Prove, emulator: Emulator) -> None:
    for arn in (INSIGHTS, OTEL):
        publish(emulator, arn)
    receive(emulator)
    with prove(build, unscanned_reason=UNSCANNED) as applied:
        before = _widgets(applied)
        assert [widget["type"] for widget in before[:2]] == ["text", "text"]
        titles = [widget["properties"].get("title", "") for widget in before]
        assert {"records iterator age", "api:live invocations", "worker duration", "orders capacity"} <= set(titles)
        [alarms] = [widget for widget in before if widget["type"] == "alarm"]
        known = applied.client("cloudwatch").describe_alarms()["MetricAlarms"]
        assert sorted(alarm["AlarmArn"] for alarm in known) == alarms["properties"]["alarms"]
        assert "acme-dev-orders-api-memory" in {alarm["AlarmName"] for alarm in known}
        _check_logs(applied)
        _check_functions(applied)

        plan = applied.plan_of(lambda stack: build(stack, with_more=True))
        changed = {change.type: change.actions for change in plan.resource_changes if change.actions == ("update",)}
        assert changed == {"aws_cloudwatch_dashboard": ("update",)}


def _widgets(applied: Applied) -> list[dict[str, Any]]:
    name = applied.outputs["dashboard_name"]
    assert name == "acme-dev-orders-dashboard-eu-west-1"
    body = applied.client("cloudwatch").get_dashboard(DashboardName=name)["DashboardBody"]
    assert "${" not in body.replace("${!", "")
    found: list[dict[str, Any]] = json.loads(body)["widgets"]
    periods = {
        widget["properties"]["title"].partition(" ")[0]: widget["properties"]["period"]
        for widget in found
        if widget["type"] == "metric"
    }
    assert (periods["worker"], periods["api"]) == (300, 60)
    return found


def _check_logs(applied: Applied) -> None:
    logs = applied.client("logs")
    queries = logs.describe_query_definitions(queryDefinitionNamePrefix="acme-dev-orders/")["queryDefinitions"]
    assert len(queries) == 12
    [slowest] = [query for query in queries if query["name"] == "acme-dev-orders/api/slowest-requests"]
    assert slowest["logGroupNames"] == ["/aws/lambda/acme-dev-orders-api"]
    found = logs.describe_subscription_filters(logGroupName="/aws/lambda/acme-dev-orders-api")["subscriptionFilters"]
    passed_on = {each["destinationArn"].split(":")[2]: (each["filterName"], each["distribution"]) for each in found}
    assert passed_on == {
        "lambda": ("acme-dev-orders-api-to-worker", "ByLogStream"),
        "kinesis": ("acme-dev-orders-api-to-records", "Random"),
    }
    found = logs.describe_subscription_filters(logGroupName="/aws/lambda/acme-dev-orders-worker")["subscriptionFilters"]
    assert {each["destinationArn"]: "roleArn" in each for each in found} == {FIREHOSE: True, CENTRAL: False}
    [metric] = logs.describe_metric_filters(logGroupName="/aws/lambda/acme-dev-orders-api")["metricFilters"]
    [made] = metric["metricTransformations"]
    assert f"{made['metricNamespace']} {made['metricName']}" == applied.outputs["metric_name"]


def _check_functions(applied: Applied) -> None:
    functions, iam = applied.client("lambda"), applied.client("iam")
    api = functions.get_function_configuration(FunctionName=applied.outputs["api_name"])
    assert [layer["Arn"] for layer in api["Layers"]] == [INSIGHTS]
    worker = functions.get_function_configuration(FunctionName=applied.outputs["worker_name"])
    assert worker["Environment"]["Variables"] == {
        "AWS_LAMBDA_EXEC_WRAPPER": "/opt/otel-instrument",
        "OTEL_AWS_APPLICATION_SIGNALS_ENABLED": "true",
        "OTEL_SERVICE_NAME": "worker",
    }
    sids = {}
    for name in (applied.outputs["api_name"], applied.outputs["worker_name"]):
        policy = iam.get_role_policy(RoleName=name, PolicyName=name)["PolicyDocument"]
        sids[name.rpartition("-")[2]] = [statement["Sid"] for statement in policy["Statement"]]
    assert {"WriteInsights", "MakeInsightsLogGroup"} <= set(sids["api"])
    assert {"WriteApplicationSignals", "MakeApplicationSignalsLogGroup"} <= set(sids["worker"])
