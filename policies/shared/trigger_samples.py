"""Parts of samples: queues, streams, and what invokes functions."""

from __future__ import annotations

from typing import Any

from policies.samples import cloud, function, merged, policy, resource

ARN = "${{{}.{}.arn}}"


def worker(name: str, /, **body: Any) -> dict[str, Any]:
    """A function whose role may poll every queue and stream of the sample."""
    actions = [
        "sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes", "kinesis:DescribeStream",
        "kinesis:DescribeStreamSummary", "kinesis:GetRecords", "kinesis:GetShardIterator", "kinesis:ListShards",
        "dynamodb:DescribeStream", "dynamodb:GetRecords", "dynamodb:GetShardIterator", "dynamodb:ListStreams",
    ]  # fmt: skip
    return merged(
        function(name, **body),
        resource(
            "aws_iam_role_policy",
            "polls",
            name="polls",
            role="${aws_iam_role.function.id}",
            policy=policy(Action=actions, Resource="*"),
        ),
    )


def alias(name: str, function_name: str, /, **body: Any) -> dict[str, Any]:
    """An alias of a function, named as its resource is."""
    settings = {"name": name, "function_name": f"${{aws_lambda_function.{function_name}.function_name}}", **body}
    return resource("aws_lambda_alias", name, **{"function_version": "$LATEST", **settings})


def queue(name: str, /, **body: Any) -> dict[str, Any]:
    """A queue."""
    return resource("aws_sqs_queue", name, **{"name": cloud(name), **body})


def stream(name: str, /) -> dict[str, Any]:
    """A Kinesis stream of one shard."""
    return resource("aws_kinesis_stream", name, name=cloud(name), shard_count=1)


def table(name: str, /) -> dict[str, Any]:
    """A table with a stream of its changes."""
    return resource(
        "aws_dynamodb_table",
        name,
        name=cloud(name),
        billing_mode="PAY_PER_REQUEST",
        hash_key="id",
        attribute=[{"name": "id", "type": "S"}],
        stream_enabled=True,
        stream_view_type="NEW_AND_OLD_IMAGES",
    )


def mapping(name: str, source: str, function_name: str, /, **body: Any) -> dict[str, Any]:
    """A mapping of `source`: the name of a queue, or a reference."""
    arn = source if source.startswith("${") else f"${{aws_sqs_queue.{source}.arn}}"
    return resource("aws_lambda_event_source_mapping", name, event_source_arn=arn, function_name=function_name, **body)


def permission(name: str, function_name: str, principal: str, /, **body: Any) -> dict[str, Any]:
    """A permission to invoke a function of the sample."""
    settings = {
        "function_name": f"${{aws_lambda_function.{function_name}.function_name}}",
        "action": "lambda:InvokeFunction",
        "principal": principal,
        **body,
    }
    given = {key: value for key, value in settings.items() if value is not None}
    return resource("aws_lambda_permission", name, **given)


def topic(name: str, /) -> dict[str, Any]:
    """A topic."""
    return resource("aws_sns_topic", name, name=cloud(name))


def subscription(name: str, topic_name: str, endpoint: str, /, **body: Any) -> dict[str, Any]:
    """A subscription of a function."""
    topic_arn = f"${{aws_sns_topic.{topic_name}.arn}}"
    return resource(
        "aws_sns_topic_subscription",
        name,
        **{"topic_arn": topic_arn, "protocol": "lambda", "endpoint": endpoint, **body},
    )


def rule(name: str, /) -> dict[str, Any]:
    """A rule of EventBridge that fires every hour."""
    return resource("aws_cloudwatch_event_rule", name, name=cloud(name), schedule_expression="rate(1 hour)")


def target(name: str, rule_name: str, arn: str, /, **body: Any) -> dict[str, Any]:
    """What a rule invokes."""
    reference = f"${{aws_cloudwatch_event_rule.{rule_name}.name}}"
    return resource("aws_cloudwatch_event_target", name, **{"rule": reference, "arn": arn, **body})
