from __future__ import annotations

from typing import Any

import pytest

from rollout.readback.function import (
    attachment_checks,
    environment_checks,
    function_checks,
    signing_checks,
)
from tests.rollout.readback.breaking import Case, call, changed, failed, listed, verify
from tests.rollout.readback.sample_stack import FUNCTION, SampleStack, environment, package

NAME = {"FunctionName": FUNCTION}
GROUP = f"/aws/lambda/{FUNCTION}"
LOGGING = {"LogFormat": "JSON", "LogGroup": GROUP, "ApplicationLogLevel": "INFO", "SystemLogLevel": "INFO"}
OTHER_KEY = "arn:aws:kms:us-east-1:123456789012:key/00000000-0000-0000-0000-000000000000"


def configured(name: str, fact: str, expected: str, found: str, bad: dict[str, Any], good: dict[str, Any]) -> Case:
    broken, restored = changed("lambda", "update_function_configuration", NAME, bad, good)
    return Case(name, broken, restored, lambda _: [(f"function {FUNCTION}: {fact}", expected, found)])


SETTINGS = [
    configured("timeout", "timeout", "30", "3", {"Timeout": 3}, {"Timeout": 30}),
    configured("memory", "memory", "512", "128", {"MemorySize": 128}, {"MemorySize": 512}),
    configured("runtime", "runtime", "python3.13", "python3.12", {"Runtime": "python3.12"}, {"Runtime": "python3.13"}),
    configured("handler", "handler", "handler.handler", "a.b", {"Handler": "a.b"}, {"Handler": "handler.handler"}),
    configured(
        "tracing",
        "tracing",
        "Active",
        "PassThrough",
        {"TracingConfig": {"Mode": "PassThrough"}},
        {"TracingConfig": {"Mode": "Active"}},
    ),
    configured(
        "ephemeral storage",
        "ephemeral storage",
        "512",
        "1024",
        {"EphemeralStorage": {"Size": 1024}},
        {"EphemeralStorage": {"Size": 512}},
    ),
    configured(
        "log group",
        "log group",
        GROUP,
        "/shared",
        {"LoggingConfig": {**LOGGING, "LogGroup": "/shared"}},
        {"LoggingConfig": LOGGING},
    ),
    configured(
        "log level",
        "application log level",
        "INFO",
        "DEBUG",
        {"LoggingConfig": {**LOGGING, "ApplicationLogLevel": "DEBUG"}},
        {"LoggingConfig": LOGGING},
    ),
    Case(
        "reserved concurrency",
        call("lambda", "put_function_concurrency", **NAME, ReservedConcurrentExecutions=5),
        call("lambda", "put_function_concurrency", **NAME, ReservedConcurrentExecutions=20),
        lambda _: [(f"function {FUNCTION}: reserved concurrency", "20", "5")],
    ),
    Case(
        "no reserved concurrency",
        call("lambda", "delete_function_concurrency", **NAME),
        call("lambda", "put_function_concurrency", **NAME, ReservedConcurrentExecutions=20),
        lambda _: [(f"function {FUNCTION}: reserved concurrency", "20", "(nothing)")],
    ),
    Case(
        "log retention",
        call("logs", "delete_retention_policy", logGroupName=GROUP),
        call("logs", "put_retention_policy", logGroupName=GROUP, retentionInDays=365),
        lambda _: [(f"log group {GROUP}: days kept", "365", "(nothing)")],
    ),
    Case(
        "log key",
        call("logs", "disassociate_kms_key", logGroupName=GROUP),
        call("logs", "associate_kms_key", logGroupName=GROUP, kmsKeyId=lambda stack: stack.key),
        lambda stack: [(f"log group {GROUP}: key", stack.key, "(nothing)")],
    ),
]


@pytest.mark.parametrize("case", SETTINGS, ids=str)
def test_settings(case: Case, stack: SampleStack) -> None:
    verify(case, stack, function_checks)


def test_code_that_is_not_the_reviewed_package(stack: SampleStack) -> None:
    client = stack.client("lambda")
    answer = client.update_function_code(**NAME, ZipFile=package("# another\n"))
    try:
        assert failed(stack, function_checks) == [
            (f"function {FUNCTION}: CodeSha256", stack.code_sha256, answer["CodeSha256"])
        ]
    finally:
        client.update_function_code(**NAME, ZipFile=stack.zip)
    assert failed(stack, function_checks) == []


@pytest.mark.parametrize(
    "case",
    [
        Case(
            "another host",
            call(
                "lambda",
                "update_function_configuration",
                **NAME,
                Environment=lambda stack: environment(stack, DB_HOST="db.example.com"),
            ),
            call("lambda", "update_function_configuration", **NAME, Environment=environment),
            lambda stack: [
                (
                    f"function {FUNCTION}: environment",
                    rendered(stack.proxy_endpoint),
                    rendered("db.example.com"),
                )
            ],
        ),
        Case(
            "another key",
            call("lambda", "update_function_configuration", **NAME, KMSKeyArn=OTHER_KEY),
            call("lambda", "update_function_configuration", **NAME, KMSKeyArn=lambda stack: stack.key),
            lambda stack: [(f"function {FUNCTION}: key of the environment", stack.key, OTHER_KEY)],
        ),
    ],
    ids=str,
)
def test_environment(case: Case, stack: SampleStack) -> None:
    verify(case, stack, environment_checks)


def rendered(host: str) -> str:
    return f'{{"DB_HOST": "{host}", "DB_NAME": "orders", "DB_PORT": "5432", "DB_USER": "orders", "LEVEL": "7"}}'


def attached(*subnets: str, group: str = "api") -> Any:
    """`VpcConfig` of the function, from subnets such as `private us-east-1a`."""
    return lambda stack: {
        "SubnetIds": [stack.network.subnets[subnet] for subnet in subnets],
        "SecurityGroupIds": [stack.network.groups[group]],
    }


BOTH = ("private us-east-1a", "private us-east-1b")


def test_a_function_in_one_subnet_only(stack: SampleStack) -> None:
    """The published version keeps its interfaces."""
    subnets = stack.network.tier("private")
    case = Case(
        "one subnet",
        call("lambda", "update_function_configuration", **NAME, VpcConfig=attached("private us-east-1a")),
        call("lambda", "update_function_configuration", **NAME, VpcConfig=attached(*BOTH)),
        lambda _: [(f"function {FUNCTION}: subnets", listed(*subnets), listed(subnets[0]))],
    )
    verify(case, stack, lambda clients, outputs, _: attachment_checks(clients, outputs))


def test_a_function_with_another_group(stack: SampleStack) -> None:
    groups = stack.network.groups
    case = Case(
        "default group",
        call("lambda", "update_function_configuration", **NAME, VpcConfig=attached(*BOTH, group="default")),
        call("lambda", "update_function_configuration", **NAME, VpcConfig=attached(*BOTH)),
        lambda _: [(f"function {FUNCTION}: security groups", listed(groups["api"]), listed(groups["default"]))],
    )
    verify(case, stack, lambda clients, outputs, _: attachment_checks(clients, outputs))


def test_a_subnet_without_an_interface(stack: SampleStack) -> None:
    subnets, groups = stack.network.tier("private"), stack.network.groups
    of_lambda = [
        {"Name": "subnet-id", "Values": [subnets[1]]},
        {"Name": "interface-type", "Values": ["lambda"]},
    ]
    interfaces = stack.client("ec2").describe_network_interfaces(Filters=of_lambda)["NetworkInterfaces"]
    [of_version] = [each["NetworkInterfaceId"] for each in interfaces]
    change = {"NetworkInterfaceId": of_version}
    case = Case(
        "one interface",
        call("ec2", "modify_network_interface_attribute", **change, Groups=[groups["default"]]),
        call("ec2", "modify_network_interface_attribute", **change, Groups=[groups["api"]]),
        lambda _: [
            (
                f"function {FUNCTION}: network interfaces",
                listed(*(f"lambda in {subnet}" for subnet in subnets)),
                listed(f"lambda in {subnets[0]}"),
            )
        ],
    )
    verify(case, stack, lambda clients, outputs, _: attachment_checks(clients, outputs))


def test_signing_that_is_detached(stack: SampleStack) -> None:
    case = Case(
        "detached",
        call("lambda", "delete_function_code_signing_config", **NAME),
        call(
            "lambda",
            "put_function_code_signing_config",
            **NAME,
            CodeSigningConfigArn=lambda stack: stack.signing_config,
        ),
        lambda _: [(f"function {FUNCTION}: has a code signing configuration", "true", "false")],
    )
    verify(case, stack, signing_checks)


def test_signing_that_is_stricter_than_configured(stack: SampleStack) -> None:
    def policy(value: str) -> Any:
        return call(
            "lambda",
            "update_code_signing_config",
            CodeSigningConfigArn=lambda stack: stack.signing_config,
            CodeSigningPolicies={"UntrustedArtifactOnDeployment": value},
        )

    case = Case(
        "enforced",
        policy("Enforce"),
        policy("Warn"),
        lambda _: [(f"function {FUNCTION}: unsigned code", "Warn", "Enforce")],
    )
    verify(case, stack, signing_checks)
