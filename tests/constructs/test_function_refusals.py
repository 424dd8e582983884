"""What only a function together with its network, its layers and its connections can refuse.

Complaints of users that end here: a function in a subnet without NAT or endpoint hangs; destinations, their permissions
and keys show at apply; settings that the AWS provider does not know show at plan.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from modules.core.connections import Connection, FileSystemMount
from modules.core.destinations import EventDestination
from modules.core.statements import Condition, Statement
from modules.core.target import Target
from modules.function import (
    AsynchronousConfig,
    AsynchronousInvocationConfig,
    DestinationConfig,
    Function,
    FunctionConfig,
)
from modules.key import Key
from modules.network import Network, NetworkConfig
from modules.observability import AlarmsConfig
from modules.secret import SecretReference
from stacks.base import App, TargetStack
from tests.constructs.bare import refusal

pytestmark = pytest.mark.synth
OFF = AlarmsConfig.off(reason="not what these tests are about")
CODE = {"kind": "inline", "text": "def handler(event, context):\n    return {}\n"}
WHERE = "dev-main-eu-west-1-orders/api: "
SECRET = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:payment/key-AbCdEf"
EFS = FileSystemMount("arn:aws:elasticfilesystem:eu-west-1:123456789012:access-point/fsap-1", "/mnt/a", ("eu-west-1a",))


@dataclass(frozen=True)
class Mounted:
    """Something with a file system."""

    mount: FileSystemMount

    def connection(self) -> Connection:
        return Connection(name="files", port=2049, file_system=self.mount)


class Pail:
    """A bucket, as a destination."""

    def destination(self) -> EventDestination:
        return EventDestination("arn:aws:s3:::pail", "s3", ())


@pytest.fixture
def stack(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> TargetStack:
    monkeypatch.chdir(tmp_path)
    where = {"org": "acme", "env": "dev", "account": "main", "account_id": "123456789012", "region": "eu-west-1"}
    return TargetStack(App(outdir=str(tmp_path)), Target.parse({**where, "stack": "orders", "owner": "me"}))


def function(stack: TargetStack, parts: dict[str, Any] | None = None, **fields: Any) -> Function:
    key = Key(stack, "key")
    zones = ["eu-west-1a", "eu-west-1b"]
    network = NetworkConfig.parse({"cidr": "10.0.0.0/16", "availability_zones": zones, "egress": "none", "alarms": OFF})
    config = FunctionConfig.parse(
        {"code": CODE, "reserved_concurrency": 5, "alarms": {"enabled": False, "reason": "x"}, **fields}
    )
    made = Network(stack, "network", config=network, key=key)
    return Function(stack, "api", config=config, network=made, key=key, **(parts or {}))


def test_a_service_that_nothing_leads_to(stack: TargetStack) -> None:
    assert refusal(lambda: function(stack, aws_services=["sqs"])) == NO_WAY.format("sqs")


def test_a_secret_that_nothing_leads_to(stack: TargetStack) -> None:
    api = function(stack)
    secret = SecretReference(name="payment-key", arn=SECRET)

    assert refusal(lambda: api.connect_to(secret)) == NO_WAY.format("secretsmanager")


NO_WAY = (
    'dev-main-eu-west-1-orders/api dev-main-eu-west-1-orders/network: a way to the service "{}" is asked for; the '
    "network has no route to the internet, and endpoints for dynamodb, s3; add it to endpoints.gateway or "
    "endpoints.interface"
)


def test_a_file_system_beside_snap_start(stack: TargetStack) -> None:
    api = function(stack, snap_start="PublishedVersions", publish=True)

    assert refusal(lambda: api.connect_to(Mounted(EFS))) == (
        WHERE + 'snap_start is "PublishedVersions" and a file system is mounted, at /mnt/a; SnapStart takes no file '
        "system (Lambda guide, SnapStart); remove snap_start, or keep the files in a bucket"
    )


def test_successes_in_a_bucket(stack: TargetStack) -> None:
    assert refusal(lambda: function(stack, {"on_success": Pail()})) == (
        WHERE + "on_success is a bucket; Lambda writes only the records of failed events to S3 (Lambda guide, "
        "destinations); use a queue, topic, function or event bus"
    )


def test_two_destinations_for_one_outcome(stack: TargetStack) -> None:
    path = {"on_failure": {"arn": "arn:aws:sqs:eu-west-1:123456789012:failed"}}

    assert refusal(lambda: function(stack, {"on_failure": Pail()}, asynchronous=path)) == (
        WHERE + "on_failure is given as a construct and in the configuration; an invocation has one destination for "
        "each outcome; remove one of them"
    )


def test_dead_letters_of_an_alias(stack: TargetStack) -> None:
    api = function(stack)

    assert refusal(lambda: api.add_asynchronous("live", qualifier="live", config=AsynchronousConfig())) == (
        WHERE + 'asynchronous path "live" has an AsynchronousConfig, with dead_letters; Lambda keeps dead letters for '
        "the whole function (lambda API model, DeadLetterConfig); give it an AsynchronousInvocationConfig"
    )


def test_a_second_path_of_the_latest_code(stack: TargetStack) -> None:
    api, config = function(stack), AsynchronousInvocationConfig()

    assert refusal(lambda: api.add_asynchronous("latest", qualifier="$LATEST", config=config)) == (
        WHERE
        + 'asynchronous path "latest" is for $LATEST; Lambda keeps one configuration for $LATEST, and it is that of '
        "the unqualified function (PutFunctionEventInvokeConfig); set it in the function's asynchronous"
    )


def test_a_path_without_a_qualifier_is_the_functions_own(stack: TargetStack) -> None:
    api, config = function(stack), AsynchronousInvocationConfig()

    assert refusal(lambda: api.add_asynchronous("plain", qualifier="", config=config)) == (
        WHERE
        + 'asynchronous path "plain" is for no qualifier; Lambda keeps one configuration for $LATEST, and it is that '
        "of the unqualified function (PutFunctionEventInvokeConfig); set it in the function's asynchronous"
    )


def test_two_paths_of_one_version(stack: TargetStack) -> None:
    api, config = function(stack), AsynchronousInvocationConfig()
    api.add_asynchronous("first", qualifier="2", config=config)

    assert refusal(lambda: api.add_asynchronous("second", qualifier="2", config=config)) == (
        WHERE + 'asynchronous path "second" is for 2, as "first" is; Lambda keeps one configuration for each version '
        "and alias (PutFunctionEventInvokeConfig); remove one of them"
    )


def test_an_environment_that_connections_make_too_large(stack: TargetStack) -> None:
    api = function(stack, environment={"TEXT": "x" * 4_000})

    assert refusal(lambda: api.connect_to(SecretReference(name="payment-key", arn=SECRET))) == (
        WHERE + "environment takes 4103 bytes; Lambda takes 4096 for all names and values, as JSON (Lambda quotas); "
        "shorten it, or move values to SSM Parameter Store"
    )


def test_settings_that_the_targets_provider_cannot_write(stack: TargetStack) -> None:
    fields: dict[str, Any] = {
        "durable": {"execution_timeout_seconds": 60},
        "url": {"authorization": "NONE", "public_reason": "a web hook"},
        "logging": {"deletion_protection": True, "removal": "keep"},
    }
    told = refusal(lambda: function(stack, **fields)).splitlines()

    assert [line.removeprefix(WHERE).partition(";")[0] for line in told] == [
        "logging.deletion_protection is true", 'url.authorization is "NONE"', "durable is set",
    ]  # fmt: skip


def test_a_destination_for_each_qualifier_has_statements_of_its_own(stack: TargetStack) -> None:
    api = function(stack)
    for number in (1, 2):
        failed = DestinationConfig(arn=f"arn:aws:sqs:eu-west-1:123456789012:failed-{number}")
        config = AsynchronousInvocationConfig(on_failure=failed)
        api.add_asynchronous(f"version-{number}", qualifier=str(number), config=config)

    assert {statement.sid: statement.resources for statement in api.role.statements if "Failure" in statement.sid} == {
        f"OnFailureVersion{number}Send": (f"arn:aws:sqs:eu-west-1:123456789012:failed-{number}",) for number in (1, 2)
    }


def test_a_caller_of_the_same_account_takes_both_permissions_of_a_url(stack: TargetStack) -> None:
    api = function(stack, url={"qualifier": "live"})
    assert api.url is not None
    called = (f"{api.arn}:live",)

    assert api.url.invoke_statements() == (
        Statement(
            "InvokeFunctionUrl",
            ("lambda:InvokeFunctionUrl",),
            called,
            conditions=(Condition("StringEquals", "lambda:FunctionUrlAuthType", ("AWS_IAM",)),),
        ),
        Statement(
            "InvokeViaFunctionUrl",
            ("lambda:InvokeFunction",),
            called,
            conditions=(Condition("Bool", "lambda:InvokedViaFunctionUrl", ("true",)),),
        ),
    )
