"""Lambda Insights and OpenTelemetry: what they bring with them, and what they rule out."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from modules.core.target import Target
from modules.function import FunctionConfig, InsightsConfig, TelemetryConfig
from modules.function.extensions import (
    extension_environment,
    extension_layers,
    extension_services,
    extension_statements,
)
from modules.function.insights import insights_alarms
from modules.observability.metrics import metric_of
from tests.modules.core.samples import CI, STRING_TOKEN, fields_of, refusal, refuses_or_keeps, sentence

INSIGHTS = "arn:aws:lambda:eu-west-1:580247275435:layer:LambdaInsightsExtension-Arm64:20"
PYTHON = "arn:aws:lambda:eu-west-1:615299751070:layer:AWSOpenTelemetryDistroPython:16"
OLD = "arn:aws:lambda:eu-west-1:901920570463:layer:aws-otel-{}-ver-1-32-0:2"
OWN = "arn:aws:lambda:eu-west-1:123456789012:layer:our-otel:3"


def target(**other: Any) -> Target:
    where = {"org": "acme", "env": "dev", "account": "main", "account_id": "123456789012", "region": "eu-west-1"}
    return Target.parse({**where, "stack": "orders", "owner": "me", **other})


def function(**fields: Any) -> dict[str, Any]:
    return {"code": {"source": "handlers/api"}, "reserved_concurrency": 5, **fields}


def parsed(**fields: Any) -> FunctionConfig:
    return FunctionConfig.parse(function(**fields))


def insights(**fields: Any) -> dict[str, Any]:
    return {"insights": {"layer_version_arn": INSIGHTS, **fields}}


def telemetry(arn: str = PYTHON, **fields: Any) -> dict[str, Any]:
    return {"telemetry": {"layer_version_arn": arn, **fields}}


def sids(config: FunctionConfig) -> list[str]:
    return [statement.sid for statement in extension_statements(config, target())]


def test_without_extensions_nothing_is_brought() -> None:
    config = parsed()
    assert extension_layers(config) == ()
    assert extension_environment(config) == {}
    assert extension_services(config) == ()
    assert extension_statements(config, target()) == ()
    assert insights_alarms("api", config.insights) == ()


def test_insights_write_to_one_log_group_and_reach_logs() -> None:
    config = parsed(**insights())
    assert extension_layers(config) == (INSIGHTS,)
    assert extension_services(config) == ("logs",)
    group = "arn:aws:logs:eu-west-1:123456789012:log-group:/aws/lambda-insights"
    write, make = extension_statements(config, target())
    assert (write.sid, write.actions, write.resources) == (
        "WriteInsights", ("logs:CreateLogStream", "logs:PutLogEvents"), (f"{group}:*",),
    )  # fmt: skip
    assert (make.sid, make.actions, make.resources) == (
        "MakeInsightsLogGroup", ("logs:CreateLogGroup",), (group, f"{group}:*"),
    )  # fmt: skip
    assert sids(parsed(**insights(log_group_exists=True))) == ["WriteInsights"]


def test_the_alarm_of_memory_is_the_recommended_one() -> None:
    [alarm] = insights_alarms("api", InsightsConfig.parse({"layer_version_arn": INSIGHTS}))
    assert (alarm.threshold, alarm.periods, alarm.datapoints, alarm.statistic) == (90, 10, 10, "Average")
    assert metric_of(alarm.namespace, alarm.metric, alarm.dimensions).takes_statistic(alarm.statistic)


def test_insights_are_those_of_architecture_and_region() -> None:
    x86 = INSIGHTS.replace("-Arm64", "")
    assert sentence(FunctionConfig, function(insights={"layer_version_arn": x86})) == (
        f'insights.layer_version_arn is "{x86}" and the architecture is arm64; the layer\'s programs are built for one '
        "architecture; -Arm64 is that of arm64; copy the ARN for the architecture"
    )
    config = parsed(insights={"layer_version_arn": INSIGHTS.replace("eu-west-1", "eu-west-2")})
    assert [str(problem) for problem in config.target_checks(target())] == [
        (
            f'insights.layer_version_arn is "{INSIGHTS.replace("eu-west-1", "eu-west-2")}"; a layer lies in the '
            "function's region, eu-west-1 (Lambda guide, layers); copy the ARN for that region"
        )
    ]
    assert sentence(InsightsConfig, {"layer_version_arn": PYTHON}) == (
        f'layer_version_arn is "{PYTHON}"; the layer\'s ARN ends in layer:LambdaInsightsExtension and its version, '
        "with -Arm64 before the version for arm64; copy it for region and architecture from the CloudWatch guide, "
        "versions of the Lambda Insights extension"
    )


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"layer_version_arn": PYTHON}, "/opt/otel-instrument"),
        ({"layer_version_arn": PYTHON.replace("Python", "Js")}, "/opt/otel-instrument"),
        ({"layer_version_arn": OLD.format("python-arm64")}, "/opt/otel-instrument"),
        ({"layer_version_arn": OLD.format("nodejs-arm64")}, "/opt/otel-handler"),
        ({"layer_version_arn": OLD.format("java-agent-amd64")}, "/opt/otel-handler"),
        ({"layer_version_arn": OLD.format("java-wrapper-amd64"), "wrapper": "/opt/otel-sqs-handler"},
         "/opt/otel-sqs-handler"),
        ({"layer_version_arn": OLD.format("collector-amd64")}, ""),
        ({"layer_version_arn": OWN, "wrapper": "none"}, ""),
        ({"layer_version_arn": OWN, "wrapper": "/opt/otel-handler"}, "/opt/otel-handler"),
    ],
)  # fmt: skip
def test_each_layer_has_its_wrapper(given: dict[str, Any], expected: str) -> None:
    assert TelemetryConfig.parse(given).exec_wrapper == expected


def test_what_telemetry_sets_and_reaches() -> None:
    plain = parsed(**telemetry())
    assert extension_environment(plain) == {
        "AWS_LAMBDA_EXEC_WRAPPER": "/opt/otel-instrument",
        "OTEL_AWS_APPLICATION_SIGNALS_ENABLED": "false",
    }
    assert extension_services(plain) == ("xray",)
    assert sids(plain) == ["ReadSamplingRules"]
    full = parsed(
        **telemetry(
            service_name="orders",
            resource_attributes={"team": "orders", "deployment.environment": "dev"},
            application_signals=True,
            otlp_endpoint="https://collector.example.com:4318",
        )
    )
    assert extension_environment(full) == {
        "AWS_LAMBDA_EXEC_WRAPPER": "/opt/otel-instrument",
        "OTEL_AWS_APPLICATION_SIGNALS_ENABLED": "true",
        "OTEL_EXPORTER_OTLP_ENDPOINT": "https://collector.example.com:4318",
        "OTEL_RESOURCE_ATTRIBUTES": "deployment.environment=dev,team=orders",
        "OTEL_SERVICE_NAME": "orders",
    }
    assert extension_services(full) == ("logs",)
    assert sids(full) == ["WriteApplicationSignals", "MakeApplicationSignalsLogGroup"]
    exists = parsed(**telemetry(application_signals=True, log_group_exists=True))
    assert sids(exists) == ["WriteApplicationSignals", "ReadSamplingRules"]
    collector = telemetry(OLD.format("python-arm64"), collector_config_uri="/var/task/collector.yaml")
    assert extension_environment(parsed(**collector)) == {
        "AWS_LAMBDA_EXEC_WRAPPER": "/opt/otel-instrument",
        "OPENTELEMETRY_COLLECTOR_CONFIG_URI": "/var/task/collector.yaml",
    }


def test_the_layer_is_that_of_runtime_and_architecture() -> None:
    js = PYTHON.replace("Python", "Js")
    assert sentence(FunctionConfig, function(**telemetry(js))) == (
        'telemetry.layer_version_arn names "AWSOpenTelemetryDistroJs" and runtime is "python3.13"; the layer '
        "instruments nodejs (ADOT guide); use the layer for the runtime"
    )
    assert sentence(FunctionConfig, function(**telemetry(OLD.format("python-amd64")))) == (
        'telemetry.layer_version_arn names "aws-otel-python-amd64-ver-1-32-0" and the architecture is arm64; the layer '
        "was built for x86_64 (ADOT guide); use the layer for the architecture"
    )


def test_the_wrapper_is_set_once() -> None:
    assert sentence(
        FunctionConfig, function(**telemetry(), environment={"AWS_LAMBDA_EXEC_WRAPPER": "/var/task/start"})
    ) == ('environment holds "AWS_LAMBDA_EXEC_WRAPPER"; telemetry sets it; remove it from environment')


def test_what_the_layer_does_not_have() -> None:
    assert sentence(TelemetryConfig, {"layer_version_arn": OWN}) == (
        'layer_version_arn names "our-otel" and wrapper is empty; the wrappers of AWS\'s own layers are known, those '
        "of others are not; set wrapper to what the layer brings, such as /opt/otel-instrument, or to none"
    )
    old = {"layer_version_arn": OLD.format("python-arm64"), "application_signals": True}
    assert sentence(TelemetryConfig, old) == (
        'layer_version_arn names "aws-otel-python-arm64-ver-1-32-0" and application_signals is true; only the layers '
        "AWSOpenTelemetryDistroPython, Js, Java and DotNet know it (ADOT guide); use one of them, or remove "
        "application_signals"
    )
    assert refusal(
        TelemetryConfig,
        {
            "layer_version_arn": PYTHON,
            "collector_config_uri": "/var/task/x.yaml",
            "log_group_exists": True,
            "wrapper": "/opt/otel-proxy-handler",
        },
    ) == [
        "log_group_exists is true; nothing is written there without application_signals; remove it",
        (
            'layer_version_arn names "AWSOpenTelemetryDistroPython" and collector_config_uri is set; that layer has no '
            "collector (ADOT guide); remove it, or use a layer with a collector"
        ),
        (
            'layer_version_arn names "AWSOpenTelemetryDistroPython" and wrapper is "/opt/otel-proxy-handler"; that '
            "wrapper is for Java (ADOT guide); remove wrapper"
        ),
    ]


def test_runtimes_that_hold_an_operating_system_only_have_no_wrapper() -> None:
    zipped = {"kind": "zip", "path": "function.zip", "runtime": "provided.al2023", "handler": "bootstrap"}
    wrapped = telemetry(OWN, wrapper="/opt/otel-handler")
    assert sentence(FunctionConfig, function(**wrapped) | {"code": zipped}) == (
        'telemetry starts the runtime by "/opt/otel-handler" and runtime is "provided.al2023"; Lambda runs no wrapper '
        "on runtimes that hold an operating system only (Lambda guide, wrapper scripts); instrument the code, and set "
        "telemetry.wrapper to none"
    )


def test_a_deny_of_making_log_groups_is_told() -> None:
    role = {"role": {"eni_permissions": "managed_policy"}}
    assert sentence(FunctionConfig, function(**insights(), **role)) == (
        'insights.log_group_exists is false and role.eni_permissions is "managed_policy"; that policy comes with a '
        "Deny of making log groups, and the extension would make /aws/lambda-insights; make that log group and set "
        "insights.log_group_exists, or set role.eni_permissions to scoped"
    )
    assert parsed(**insights(log_group_exists=True), **role).insights is not None


def test_tokens_are_not_judged() -> None:
    assert (
        TelemetryConfig.parse({"layer_version_arn": PYTHON, "otlp_endpoint": STRING_TOKEN}).environment[
            "OTEL_EXPORTER_OTLP_ENDPOINT"
        ]
        == STRING_TOKEN
    )


@CI
@given(
    fields_of(
        TelemetryConfig,
        {
            "layer_version_arn": st.sampled_from([PYTHON, OWN, OLD.format("nodejs-arm64")]),
            "wrapper": st.sampled_from(["", "none", "/opt/otel-handler"]),
            "resource_attributes": st.dictionaries(st.just("team"), st.just("orders")),
        },
    )
)
def test_telemetry_is_refused_with_sentences_or_kept(data: dict[str, Any]) -> None:
    refuses_or_keeps(TelemetryConfig, data)


@CI
@given(fields_of(InsightsConfig, {"layer_version_arn": st.just(INSIGHTS), "memory_percent": st.integers(0, 101)}))
def test_insights_are_refused_with_sentences_or_kept(data: dict[str, Any]) -> None:
    refuses_or_keeps(InsightsConfig, data)
