"""The function read back: code, limits, network, logs, environment, failure path, signing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rollout.readback.check import Check, Clients, equal, pages
from rollout.readback.expected import Expected
from rollout.readback.keys import key_arn
from rollout.readback.log_groups import log_group_checks
from rollout.readback.policy_document import policy_checks, statement, statements

_PROXY_PORT = "5432"


def function_configuration(clients: Clients, outputs: Mapping[str, Any]) -> Any:
    """The function, as Lambda describes it; `Any`, as boto3 returns plain dictionaries."""
    client: Any = clients("lambda")  # Any: clients are made from models at run time
    return client.get_function_configuration(FunctionName=outputs["function_name"])


def function_checks(clients: Clients, outputs: Mapping[str, Any], expected: Expected) -> list[Check]:
    """Settings of the function, its concurrency and its logs."""
    client: Any = clients("lambda")  # Any: as above
    name, wanted = outputs["function_name"], expected.function
    found = function_configuration(clients, outputs)
    concurrency = client.get_function_concurrency(FunctionName=name)
    logging = found.get("LoggingConfig") or {}
    group = f"/aws/lambda/{name}"
    role = f"arn:{expected.partition}:iam::{expected.account_id}:role/{outputs['function_role_name']}"
    facts: dict[str, tuple[object, object]] = {
        "state": ("Active", found.get("State")),
        "package": ("Zip", found.get("PackageType")),
        "CodeSha256": (expected.code_sha256, found.get("CodeSha256")),
        "role": (role, found["Role"]),
        "runtime": (wanted.runtime, found.get("Runtime")),
        "architecture": ([wanted.architecture], found.get("Architectures")),
        "handler": (wanted.handler, found.get("Handler")),
        "memory": (wanted.memory_mb, found["MemorySize"]),
        "timeout": (wanted.timeout_seconds, found["Timeout"]),
        "ephemeral storage": (wanted.ephemeral_storage_mb, (found.get("EphemeralStorage") or {}).get("Size")),
        "reserved concurrency": (wanted.reserved_concurrency, concurrency.get("ReservedConcurrentExecutions")),
        "tracing": ("Active", (found.get("TracingConfig") or {}).get("Mode")),
        "log format": ("JSON", logging.get("LogFormat")),
        "log group": (group, logging.get("LogGroup")),
        "application log level": (wanted.application_log_level, logging.get("ApplicationLogLevel")),
        "system log level": (wanted.system_log_level, logging.get("SystemLogLevel")),
    }
    return [
        *(equal(f"function {name}: {fact}", want, seen) for fact, (want, seen) in facts.items()),
        *log_group_checks(clients, group, retention_days=wanted.log_retention_days, prefix=expected.prefix),
    ]


def environment_checks(clients: Clients, outputs: Mapping[str, Any], expected: Expected) -> list[Check]:
    """The variables are those of the configuration and of the proxy, encrypted with the stack's key."""
    found, subject = function_configuration(clients, outputs), f"function {outputs['function_name']}"
    variables = {
        **expected.function.environment,
        "DB_HOST": outputs["proxy_endpoint"],
        "DB_NAME": expected.database.database_name,
        "DB_PORT": _PROXY_PORT,
        "DB_USER": expected.database.master_username,
    }
    return [
        equal(f"{subject}: environment", variables, (found.get("Environment") or {}).get("Variables") or {}),
        equal(f"{subject}: key of the environment", key_arn(clients, expected.prefix), found.get("KMSKeyArn")),
    ]


def attachment_checks(clients: Clients, outputs: Mapping[str, Any]) -> list[Check]:
    """The function is attached to the private subnets with its group, and Lambda has made the interfaces."""
    ec2: Any = clients("ec2")  # Any: as above
    subject = f"function {outputs['function_name']}"
    attached = function_configuration(clients, outputs).get("VpcConfig") or {}
    private, groups = list(outputs["private_subnet_ids"]), list(outputs["function_security_group_ids"])
    interfaces = pages(
        ec2,
        "describe_network_interfaces",
        "NetworkInterfaces",
        Filters=[
            {"Name": "vpc-id", "Values": [outputs["vpc_id"]]},
            {"Name": "group-id", "Values": groups},
        ],
    )
    return [
        equal(f"{subject}: VPC", outputs["vpc_id"], attached.get("VpcId")),
        equal(f"{subject}: subnets", private, attached.get("SubnetIds")),
        equal(f"{subject}: security groups", groups, attached.get("SecurityGroupIds")),
        # a set: Lambda adds interfaces to a subnet as traffic grows
        equal(
            f"{subject}: network interfaces",
            {f"lambda in {subnet}" for subnet in private},
            {f"{interface['InterfaceType']} in {interface['SubnetId']}" for interface in interfaces},
        ),
    ]


def failure_checks(clients: Clients, outputs: Mapping[str, Any], expected: Expected) -> list[Check]:
    """What fails asynchronously is tried again as configured and then kept in an encrypted queue that exists."""
    client: Any = clients("lambda")  # Any: as above
    sqs: Any = clients("sqs")  # Any: as above
    name, wanted = outputs["function_name"], expected.function
    target = str((function_configuration(clients, outputs).get("DeadLetterConfig") or {}).get("TargetArn") or "")
    own = expected.arn("sqs", f"{name}-dead-letters")
    retry = client.get_function_event_invoke_config(FunctionName=name)
    url = sqs.get_queue_url(QueueName=f"{name}-dead-letters")["QueueUrl"]
    queue = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]
    plain_http = statement(
        ["sqs:*"], [own], effect="Deny", principal={"AWS": ["*"]}, condition=("Bool", "aws:SecureTransport", "false")
    )
    subject = f"queue {name}-dead-letters"
    return [
        equal(f"function {name}: dead letters go to", own, target),
        equal(f"function {name}: retries", wanted.max_retries, retry.get("MaximumRetryAttempts")),
        equal(
            f"function {name}: seconds an event may wait",
            wanted.max_event_age_seconds,
            retry.get("MaximumEventAgeInSeconds"),
        ),
        equal(f"{subject}: ARN", own, queue["QueueArn"]),
        equal(f"{subject}: key", key_arn(clients, expected.prefix), queue.get("KmsMasterKeyId")),
        equal(
            f"{subject}: seconds kept",
            str(wanted.dead_letter_retention_seconds),
            queue.get("MessageRetentionPeriod"),
        ),
        *policy_checks(subject, {"DenyPlainHttp": plain_http}, statements(queue.get("Policy"))),
    ]


def signing_checks(clients: Clients, outputs: Mapping[str, Any], expected: Expected) -> list[Check]:
    """A code signing configuration is attached and treats unsigned code as configured."""
    client: Any = clients("lambda")  # Any: as above
    subject = f"function {outputs['function_name']}"
    attached = client.get_function_code_signing_config(FunctionName=outputs["function_name"])
    arn = attached.get("CodeSigningConfigArn") or ""
    checks = [equal(f"{subject}: has a code signing configuration", True, bool(arn))]  # noqa: FBT003  # the value compared with
    if arn:
        config = client.get_code_signing_config(CodeSigningConfigArn=arn)["CodeSigningConfig"]
        policy = (config.get("CodeSigningPolicies") or {}).get("UntrustedArtifactOnDeployment")
        publishers = (config.get("AllowedPublishers") or {}).get("SigningProfileVersionArns") or []
        checks.append(equal(f"{subject}: unsigned code", expected.function.untrusted_artifact, policy))
        checks.append(equal(f"{subject}: trusts a publisher", True, bool(publishers)))  # noqa: FBT003  # as above
    return checks
