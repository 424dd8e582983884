"""What functions become in Terraform's JSON where the emulator's provider, 5.100, cannot apply it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from modules.core.target import Target
from modules.function import Function, FunctionConfig
from modules.key import Key
from modules.network import Network, NetworkConfig
from modules.secret import SecretReference
from stacks.base import App, TargetStack

pytestmark = pytest.mark.synth
ACCOUNT = "eu-west-1:123456789012"
KEY = f"arn:aws:kms:{ACCOUNT}:key/11111111-2222-4333-8444-555555555555"
CAPACITY = f"arn:aws:lambda:{ACCOUNT}:capacity-provider:orders"
LAYER = "arn:aws:lambda:eu-west-1:015030872274:layer:AWS-Parameters-and-Secrets-Lambda-Extension-Arm64:21"
SECRET = f"arn:aws:secretsmanager:{ACCOUNT}:secret:payment/key-AbCdEf"
CALLER = "arn:aws:iam::210987654321:role/caller"
CODE = {"kind": "inline", "text": "def handler(event, context):\n    return {}\n"}
OFF = {"enabled": False, "reason": "not what these tests are about"}
FUNCTIONS: dict[str, dict[str, Any]] = {
    "durable": {
        "code": {**CODE, "runtime": "python3.14"},
        "durable": {"execution_timeout_seconds": 86_400, "retention_days": 30},
        "source_kms_key_arn": KEY,
        "logging": {"deletion_protection": True, "removal": "keep", "adopt_existing": True},
        "skip_destroy_reason": "its versions are called for a year",
        "resource_timeouts": {"create_minutes": 20, "delete_minutes": 60},
    },
    "tenants": {"tenancy": {}, "secrets_extension": {"layer_version_arn": LAYER, "http_port": 3_000}},
    "instances": {
        "reserved_concurrency": None,
        "unreserved_reason": "managed instances",
        "attachment": {"state": "detached", "detaching_applied": "it never was in a VPC"},
        "capacity_provider": {
            "capacity_provider_arn": CAPACITY, "memory_gib_per_vcpu": 4, "max_concurrency": 10,
        },
    },
    "public": {"url": {"authorization": "NONE", "public_reason": "a web hook without signatures", "qualifier": "live"}},
    "stream": {
        "attachment": {"state": "detached", "detaching_applied": "it never was in a VPC"},
        "url": {"invoke_mode": "RESPONSE_STREAM"},
    },
    "partner": {"url": {"principals": [CALLER, "210987654321"]}},
}  # fmt: skip


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Any]]:
    """The resources of a stack for AWS provider 6, by type and by their construct's path."""
    with pytest.MonkeyPatch.context() as patch:
        folder = tmp_path_factory.mktemp("functions")
        patch.chdir(folder)
        where = {"org": "acme", "env": "dev", "account": "main", "account_id": "123456789012", "region": "eu-west-1"}
        provider = {"aws_provider_version": ">= 6.69, < 7"}
        target = Target.parse({**where, "stack": "orders", "owner": "me", **provider})
        app = App(outdir=str(folder))
        stack = TargetStack(app, target)
        key = Key(stack, "key")
        zones = ("eu-west-1a", "eu-west-1b")
        plan = {"cidr": "10.0.0.0/16", "availability_zones": zones, "egress": "endpoints_only", "alarms": OFF}
        network = Network(stack, "network", config=NetworkConfig.parse(plan), key=key)
        for name, fields in FUNCTIONS.items():
            config = FunctionConfig.parse({"code": CODE, "reserved_concurrency": 5, "alarms": OFF, **fields})
            made = Function(stack, name, config=config, network=network, key=key)
            if name == "partner":
                made.connect_to(SecretReference(name="payment-key", arn=SECRET, kms_key_arn=KEY))
        app.synth()
        yield json.loads((folder / "stacks" / target.name / "cdk.tf.json").read_text(encoding="utf-8"))


def resources(made: dict[str, Any], kind: str, name: str) -> list[dict[str, Any]]:
    """Resources of a type below a function."""
    return [found for key, found in sorted(made["resource"].get(kind, {}).items()) if key.startswith(f"{name}_")]


def function(made: dict[str, Any], name: str) -> dict[str, Any]:
    [found] = resources(made, "aws_lambda_function", name)
    return found


def test_a_durable_function(made: dict[str, Any]) -> None:
    found = function(made, "durable")
    assert found["durable_config"] == {"execution_timeout": 86_400, "retention_period": 30}
    assert (found["runtime"], found["source_kms_key_arn"], found["skip_destroy"]) == ("python3.14", KEY, True)


def test_how_long_terraform_waits(made: dict[str, Any]) -> None:
    assert function(made, "durable")["timeouts"] == {"create": "20m", "update": "10m", "delete": "60m"}


def test_a_function_without_a_vpc_streams_through_its_url(made: dict[str, Any]) -> None:
    [url] = resources(made, "aws_lambda_function_url", "stream")
    assert (url["invoke_mode"], url["authorization_type"]) == ("RESPONSE_STREAM", "AWS_IAM")
    assert "vpc_config" not in function(made, "stream")


def test_a_kept_log_group_that_is_adopted(made: dict[str, Any]) -> None:
    [group] = resources(made, "aws_cloudwatch_log_group", "durable")
    assert (group["deletion_protection_enabled"], group["skip_destroy"]) == (True, True)
    [adopted] = made["import"]
    assert adopted["id"] == "/aws/lambda/acme-dev-orders-durable"
    assert adopted["to"].startswith("aws_cloudwatch_log_group.durable_")


def test_an_environment_for_each_tenant(made: dict[str, Any]) -> None:
    assert function(made, "tenants")["tenancy_config"] == {"tenant_isolation_mode": "PER_TENANT"}


def test_the_secrets_extension_is_a_layer_with_variables(made: dict[str, Any]) -> None:
    found = function(made, "tenants")
    assert found["layers"] == [LAYER]
    assert found["environment"]["variables"] == {"PARAMETERS_SECRETS_EXTENSION_HTTP_PORT": "3000"}
    assert "kms_key_arn" in found


def test_a_secret_by_reference_opens_the_way_to_its_endpoint(made: dict[str, Any]) -> None:
    assert function(made, "partner")["environment"]["variables"] == {"PAYMENT_KEY_ARN": SECRET}
    endpoint = "network_endpoint-secretsmanager"
    [way] = resources(made, "aws_vpc_endpoint", endpoint)
    assert way["service_name"] == "com.amazonaws.eu-west-1.secretsmanager"
    rules = resources(made, "aws_vpc_security_group_egress_rule", "network_application")
    [rule] = [rule for rule in rules if endpoint in rule.get("referenced_security_group_id", "")]
    assert (rule["from_port"], rule["to_port"]) == (443, 443)
    [policy] = resources(made, "aws_iam_role_policy", "partner")
    statements = {statement["Sid"]: statement for statement in json.loads(policy["policy"])["Statement"]}
    assert statements["ReadPaymentKey"]["Resource"] == [SECRET]
    assert statements["DecryptPaymentKey"]["Resource"] == [KEY]


def test_managed_instances_have_the_capacity_providers_network(made: dict[str, Any]) -> None:
    found = function(made, "instances")
    assert found["capacity_provider_config"] == {
        "lambda_managed_instances_capacity_provider_config": {
            "capacity_provider_arn": CAPACITY,
            "execution_environment_memory_gib_per_vcpu": 4,
            "per_execution_environment_max_concurrency": 10,
        }
    }
    absent = {"vpc_config", "reserved_concurrent_executions", "environment", "kms_key_arn"}
    assert not absent & found.keys()


@pytest.mark.parametrize(
    ("name", "principals", "auth_type"),
    [("public", ["*"], "NONE"), ("partner", ["210987654321", CALLER], "AWS_IAM")],
)
def test_a_caller_of_a_url_gets_two_permissions(
    made: dict[str, Any], name: str, principals: list[str], auth_type: str
) -> None:
    found = resources(made, "aws_lambda_permission", name)
    by_url = [each for each in found if each["action"] == "lambda:InvokeFunctionUrl"]
    by_function = [each for each in found if each["action"] == "lambda:InvokeFunction"]
    assert len(found) == len(by_url) + len(by_function)
    for each in (by_url, by_function):
        assert sorted(permission["principal"] for permission in each) == sorted(principals)
    assert {each["function_url_auth_type"] for each in by_url} == {auth_type}
    # nobody may invoke the function but through its URL
    assert [each.get("invoked_via_function_url") for each in by_function] == [True] * len(principals)
    assert {each.get("qualifier") for each in found} == ({"live"} if name == "public" else {None})
