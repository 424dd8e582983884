"""What invokes functions: everything but event source mappings, which Lambda polls itself."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from analysis.plan import Plan, Resource
from analysis.plan.values import EMPTY
from policies.shared.callees import Callee, callee
from policies.shared.per_plan import per_plan
from policies.shared.settings import blocks

RULE_TARGET = "aws_cloudwatch_event_target"
SUBSCRIPTION = "aws_sns_topic_subscription"
NOTIFICATION = "aws_s3_bucket_notification"
SCHEDULE = "aws_scheduler_schedule"
REST, HTTP = "aws_api_gateway_integration", "aws_apigatewayv2_integration"
LOGS = "aws_cloudwatch_log_subscription_filter"
ROTATION = "aws_secretsmanager_secret_rotation"
IOT = "aws_iot_topic_rule"
TARGET_GROUP = "aws_lb_target_group_attachment"


@dataclass(frozen=True)
class Kind:
    """How resources of a type invoke functions.

    Attributes:
        callee: path of the attribute that names the function; the name of a block and that of an attribute in it.
        principal: service that invokes it; empty where a role does.
        source: attribute that names what the permission's `source_arn` is of; empty for the resource itself.
        source_types: resource types that it names.
        is_asynchronous: whether Lambda queues the event (Lambda guide, invoking functions with other services).
        by_role: attribute with a role that is used in place of a permission; empty where there is none.
    """

    callee: str
    principal: str
    source: str = ""
    source_types: tuple[str, ...] = ()
    is_asynchronous: bool = False
    by_role: str = ""


KINDS = {
    RULE_TARGET: Kind("arn", "events.amazonaws.com", "rule", ("aws_cloudwatch_event_rule",), is_asynchronous=True),
    SUBSCRIPTION: Kind("endpoint", "sns.amazonaws.com", "topic_arn", ("aws_sns_topic",), is_asynchronous=True),
    NOTIFICATION: Kind(
        "lambda_function/lambda_function_arn", "s3.amazonaws.com", "bucket", ("aws_s3_bucket",), is_asynchronous=True
    ),
    SCHEDULE: Kind("target.arn", "", is_asynchronous=True, by_role="target.role_arn"),
    REST: Kind("uri", "apigateway.amazonaws.com", "rest_api_id", ("aws_api_gateway_rest_api",), by_role="credentials"),
    HTTP: Kind(
        "integration_uri",
        "apigateway.amazonaws.com",
        "api_id",
        ("aws_apigatewayv2_api",),
        by_role="credentials_arn",
    ),
    LOGS: Kind(
        "destination_arn",
        "logs.amazonaws.com",
        "log_group_name",
        ("aws_cloudwatch_log_group",),
        is_asynchronous=True,
    ),
    ROTATION: Kind("rotation_lambda_arn", "secretsmanager.amazonaws.com", "secret_id", ("aws_secretsmanager_secret",)),
    IOT: Kind("lambda/function_arn", "iot.amazonaws.com", is_asynchronous=True),
    TARGET_GROUP: Kind(
        "target_id",
        "elasticloadbalancing.amazonaws.com",
        "target_group_arn",
        ("aws_lb_target_group", "aws_alb_target_group"),
    ),
}


@dataclass(frozen=True)
class Trigger:
    """One attribute of a resource that makes a service invoke a function.

    Attributes:
        resource: the resource.
        kind: how it invokes.
        callee: the function.
        path: where the function is named; a block's path with the block's number.
    """

    resource: Resource
    kind: Kind
    callee: Callee
    path: str


@per_plan
def triggers(plan: Plan) -> tuple[Trigger, ...]:
    """Everything that invokes a function, or may."""
    return tuple(_found(plan))


def _found(plan: Plan) -> Iterator[Trigger]:
    for resource in plan.of(*KINDS):
        kind = KINDS[resource.type]
        if resource.type == SUBSCRIPTION and resource.get("protocol") != "lambda":
            continue
        for path in _paths(resource, kind.callee):
            called = callee(plan, resource, path)
            if called is not None:
                yield Trigger(resource, kind, called, path)


def _paths(resource: Resource, path: str) -> Iterator[str]:
    name, _, attribute = path.partition("/")
    if not attribute:
        yield path
        return
    for block in blocks(resource, name):
        if block.get(attribute) not in EMPTY:
            yield f"{block.path}.{attribute}"
