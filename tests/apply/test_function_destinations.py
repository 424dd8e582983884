"""Where asynchronous results and dead letters go: each kind of destination, for the function and for a qualifier."""

from __future__ import annotations

from typing import Any

from cdktf_cdktf_provider_aws.cloudwatch_event_bus import CloudwatchEventBus
from cdktf_cdktf_provider_aws.lambda_alias import LambdaAlias
from cdktf_cdktf_provider_aws.sns_topic import SnsTopic
from cdktf_cdktf_provider_aws.sqs_queue import SqsQueue

from modules.bucket import Bucket, BucketConfig
from modules.function import AsynchronousConfig, AsynchronousInvocationConfig, DestinationConfig
from modules.function.destinations_config import ExistingDeadLettersConfig
from stacks.base import TargetStack
from tests.apply.function_base import NAME, base
from tests.apply.harness import Prove

UNSCANNED = (
    "Checkov wants every bucket replicated to another region (CKV_AWS_144), and concurrency reserved and dead letters "
    "kept for every function (CKV_AWS_115, CKV_AWS_116), whatever the reason"
)
BUCKET = {"removal": "destroy", "removal_reason": "made by a test"}


def build(stack: TargetStack) -> None:
    there = base(stack)
    key = there.key.arn
    bus = CloudwatchEventBus(stack, "bus", name=NAME.format("events"), kms_key_identifier=key)
    queue = SqsQueue(stack, "queue", name=NAME.format("failed"), kms_master_key_id=key)
    topic = SnsTopic(stack, "topic", name=NAME.format("told"), kms_master_key_id=key)
    failed = Bucket(stack, "failed", config=BucketConfig.parse(BUCKET), key=there.key)
    lossy = {"dead_letters": {"kind": "none", "reason": "it may lose records"}}
    unbounded = {"reserved_concurrency": None, "unreserved_reason": "it keeps up with whatever comes"}
    audit = there.function("audit", {"asynchronous": lossy, **unbounded})
    dead_letters = ExistingDeadLettersConfig(kind="existing", arn=topic.arn, service="sns", kms_key_arn=key)
    api = there.function(
        "api",
        {
            "publish": True,
            "asynchronous": AsynchronousConfig(max_event_age_seconds=60, max_retries=0, dead_letters=dead_letters),
        },
        on_success=audit,
        on_failure=failed,
    )
    live = LambdaAlias(stack, "live", name="live", function_name=api.function_name, function_version=api.version)
    api.add_asynchronous(
        "first",
        qualifier=api.version,
        config=AsynchronousInvocationConfig(
            max_event_age_seconds=21_600,
            on_success=DestinationConfig(arn=bus.arn, kind="events"),
            on_failure=DestinationConfig(arn=queue.arn, kind="sqs", kms_key_arn=key),
        ),
    )
    told = DestinationConfig(arn=topic.arn, kind="sns", kms_key_arn=key)
    api.add_asynchronous("live-path", qualifier=live.name, config=AsynchronousInvocationConfig(on_failure=told))
    for name, arn in {"bus": bus.arn, "queue": queue.arn, "topic": topic.arn}.items():
        stack.output(f"{name}_arn", arn, f"The {name}")
    stack.output("audit_arn", audit.arn, "The function that is told of successes")
    stack.output("bucket_arn", failed.arn, "The bucket of failures")


def test_every_kind_of_destination(prove: Prove) -> None:
    with prove(build, unscanned_reason=UNSCANNED) as applied:
        client, made = applied.client("lambda"), applied.outputs
        paths = {
            qualifier: client.get_function_event_invoke_config(
                FunctionName=NAME.format("api"), **({"Qualifier": qualifier} if qualifier else {})
            )
            for qualifier in ("", "1", "live")
        }
        tries = {name: (it["MaximumEventAgeInSeconds"], it["MaximumRetryAttempts"]) for name, it in paths.items()}
        assert tries == {"": (60, 0), "1": (21_600, 2), "live": (3_600, 2)}
        assert paths[""]["DestinationConfig"] == {
            "OnSuccess": {"Destination": made["audit_arn"]}, "OnFailure": {"Destination": made["bucket_arn"]},
        }  # fmt: skip
        assert paths["1"]["DestinationConfig"] == {
            "OnSuccess": {"Destination": made["bus_arn"]}, "OnFailure": {"Destination": made["queue_arn"]},
        }  # fmt: skip
        assert paths["live"]["DestinationConfig"]["OnFailure"] == {"Destination": made["topic_arn"]}
        letters = client.get_function_configuration(FunctionName=NAME.format("api"))["DeadLetterConfig"]
        assert letters == {"TargetArn": made["topic_arn"]}
        assert "DeadLetterConfig" not in client.get_function_configuration(FunctionName=NAME.format("audit"))
        assert "ReservedConcurrentExecutions" not in client.get_function_concurrency(FunctionName=NAME.format("audit"))
        statements = _statements(applied.client("iam"), NAME.format("api"))
        assert {sid: (found["Action"], found["Resource"]) for sid, found in statements.items() if sid in _EXPECTED} == {
            sid: (actions, [made[f"{thing}_arn"]]) for sid, (actions, thing) in _EXPECTED.items()
        }
        for sid in ("DeadLettersEncrypt", "OnFailureFirstEncrypt", "OnFailureLivePathEncrypt"):
            assert statements[sid]["Action"] == ["kms:Decrypt", "kms:GenerateDataKey"]
        alarms = applied.client("cloudwatch").describe_alarms()["MetricAlarms"]
        assert {alarm.get("MetricName") for alarm in alarms} >= {"DestinationDeliveryFailures", "AsyncEventsDropped"}


_EXPECTED = {
    "DeadLettersSend": (["sns:Publish"], "topic"),
    "OnSuccessSend": (["lambda:InvokeFunction"], "audit"),
    "OnSuccessFirstSend": (["events:PutEvents"], "bus"),
    "OnFailureFirstSend": (["sqs:SendMessage"], "queue"),
    "OnFailureLivePathSend": (["sns:Publish"], "topic"),
}


def _statements(iam: Any, role: str) -> dict[str, Any]:
    document = iam.get_role_policy(RoleName=role, PolicyName=role)["PolicyDocument"]
    return {statement["Sid"]: statement for statement in document["Statement"]}
