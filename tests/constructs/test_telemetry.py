"""What Lambda Insights and OpenTelemetry open, grant and set for a function in a VPC."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from modules.function import Function, FunctionConfig
from modules.observability import AlarmTopic
from tests.constructs.functions import API, Made, refusal

pytestmark = pytest.mark.synth
INSIGHTS = "arn:aws:lambda:eu-west-1:580247275435:layer:LambdaInsightsExtension-Arm64:20"
OTEL = "arn:aws:lambda:eu-west-1:615299751070:layer:AWSOpenTelemetryDistroPython:16"
OWN = "arn:aws:lambda:eu-west-1:123456789012:layer:common:1"


def statements(made: Made) -> dict[str, dict[str, Any]]:
    [name] = [name for name in made.resources("aws_iam_role_policy") if name.startswith("api_")]
    policy = json.loads(made.resources("aws_iam_role_policy")[name]["policy"])
    return {statement["Sid"]: statement for statement in policy["Statement"]}


def services(made: Made) -> set[str]:
    return {str(each["service_name"]).rpartition(".")[2] for each in made.resources("aws_vpc_endpoint").values()}


def test_insights_get_a_way_to_cloudwatch_logs(source: Path) -> None:
    made = Made(source, egress={"strategy": "endpoints_only"})
    before = services(made)
    made.function(layers=[OWN], insights={"layer_version_arn": INSIGHTS})
    assert services(made) - before == {"logs"}
    assert made.only("aws_lambda_function")["layers"] == [OWN, INSIGHTS]
    write = statements(made)["WriteInsights"]
    assert write["Action"] == ["logs:CreateLogStream", "logs:PutLogEvents"]
    assert write["Resource"] == ["arn:aws:logs:eu-west-1:123456789012:log-group:/aws/lambda-insights:*"]


def test_telemetry_gets_a_way_to_x_ray(source: Path) -> None:
    made = Made(source, egress={"strategy": "endpoints_only"})
    before = services(made)
    made.function(telemetry={"layer_version_arn": OTEL, "service_name": "orders"})
    assert services(made) - before == {"xray"}
    function = made.only("aws_lambda_function")
    assert function["layers"] == [OTEL]
    assert function["environment"]["variables"] == {
        "AWS_LAMBDA_EXEC_WRAPPER": "/opt/otel-instrument",
        "OTEL_AWS_APPLICATION_SIGNALS_ENABLED": "false",
        "OTEL_SERVICE_NAME": "orders",
    }
    assert {"WriteTraces", "ReadSamplingRules"} <= set(statements(made))


def test_a_collector_of_your_own_gets_no_way_to_x_ray(source: Path) -> None:
    made = Made(source)
    made.function(telemetry={"layer_version_arn": OTEL, "otlp_endpoint": "http://10.0.1.5:4318"})
    assert "xray" not in services(made)
    variables = made.only("aws_lambda_function")["environment"]["variables"]
    assert variables["OTEL_EXPORTER_OTLP_ENDPOINT"] == "http://10.0.1.5:4318"


def test_without_a_way_insights_are_refused(source: Path) -> None:
    made = Made(source)
    assert refusal(lambda: made.function(insights={"layer_version_arn": INSIGHTS})) == (
        f'{API} dev-main-eu-west-1-orders/network: a way to the service "logs" is asked for; the network has no route '
        "to the internet, and endpoints for dynamodb, s3; add it to endpoints.gateway or endpoints.interface"
    )


def test_the_same_layer_twice_is_refused(source: Path) -> None:
    made = Made(source, egress={"strategy": "endpoints_only"})
    assert refusal(
        lambda: made.function(layers=[INSIGHTS.replace(":20", ":19")], insights={"layer_version_arn": INSIGHTS})
    ) == (
        f'{API}: layers holds "{INSIGHTS.removesuffix(":20")}" twice; a function takes one version of a layer; remove '
        "one"
    )


def test_memory_has_an_alarm(source: Path) -> None:
    made = Made(source, egress={"strategy": "endpoints_only"})
    topic = AlarmTopic(made.stack, "alarm-topic", key=made.key)
    insights = {"layer_version_arn": INSIGHTS, "memory_percent": 80}
    config = FunctionConfig.parse({"code": {"source": str(source)}, "reserved_concurrency": 5, "insights": insights})
    function = Function(made.stack, "api", config=config, network=made.network, key=made.key, alarm_topic=topic)
    assert "acme-dev-orders-api-memory" in function.alarm_names
    alarms = made.resources("aws_cloudwatch_metric_alarm").values()
    [alarm] = [each for each in alarms if each.get("metric_name") == "memory_utilization"]
    assert (alarm["namespace"], alarm["threshold"]) == ("LambdaInsights", 80)
    assert list(alarm["dimensions"]) == ["function_name"]
