"""Parts that samples of policies on concurrency are put together from."""

from __future__ import annotations

from typing import Any

from policies.policy import Sample
from policies.samples import LAMBDA, cloud, function, merged, policy, resource, role

POLLING = resource(
    "aws_iam_role_policy",
    "function",
    role="${aws_iam_role.function.id}",
    policy=policy(
        Action=["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"],
        Resource="${aws_sqs_queue.jobs.arn}",
    ),
)
"""What lets a function's role poll the queue `aws_sqs_queue.jobs`."""


def mapping(name: str, to: str, maximum: object = None, queue: str = "jobs", **body: Any) -> Sample:
    """A mapping from a queue to a function, with a maximum concurrency where one is given."""
    scaling = {} if maximum is None else {"scaling_config": [{"maximum_concurrency": maximum}]}
    return merged(
        role("function", LAMBDA),
        resource("aws_sqs_queue", queue, name=cloud(queue), visibility_timeout_seconds=60),
        POLLING,
        resource(
            "aws_lambda_event_source_mapping",
            name,
            event_source_arn=f"${{aws_sqs_queue.{queue}.arn}}",
            function_name=f"${{aws_lambda_function.{to}.arn}}",
            **scaling,
            **body,
        ),
    )


def published(name: str, /, **body: Any) -> Sample:
    """A function with versions and the alias `aws_lambda_alias.<name>` of the last."""
    return merged(
        function(name, **{"publish": True, **body}),
        resource(
            "aws_lambda_alias",
            f"of_{name}",
            name="live",
            function_name=f"${{aws_lambda_function.{name}.function_name}}",
            function_version=f"${{aws_lambda_function.{name}.version}}",
        ),
    )


def provisioned(name: str, of: str, count: object = 2, /, **body: Any) -> Sample:
    """Provisioned concurrency of the alias of `published(of)`."""
    settings = {
        "function_name": f"${{aws_lambda_function.{of}.function_name}}",
        "qualifier": f"${{aws_lambda_alias.of_{of}.name}}",
        "provisioned_concurrent_executions": count,
        **body,
    }
    return resource("aws_lambda_provisioned_concurrency_config", name, **settings)


def scaled(name: str, of: str, most: object = 4, identity: str = "", /) -> Sample:
    """What scales the provisioned concurrency of the alias of `published(of)`, or of what `identity` names."""
    own = f"function:${{aws_lambda_function.{of}.function_name}}:${{aws_lambda_alias.of_{of}.name}}"
    return merged(
        resource(
            "aws_appautoscaling_target",
            name,
            service_namespace="lambda",
            scalable_dimension="lambda:function:ProvisionedConcurrency",
            resource_id=identity or own,
            min_capacity=1,
            max_capacity=most,
        ),
        resource(
            "aws_appautoscaling_policy",
            f"of_{name}",
            name=cloud(name),
            policy_type="TargetTrackingScaling",
            service_namespace=f"${{aws_appautoscaling_target.{name}.service_namespace}}",
            scalable_dimension=f"${{aws_appautoscaling_target.{name}.scalable_dimension}}",
            resource_id=f"${{aws_appautoscaling_target.{name}.resource_id}}",
            target_tracking_scaling_policy_configuration=[
                {
                    "target_value": 0.7,
                    "predefined_metric_specification": [
                        {"predefined_metric_type": "LambdaProvisionedConcurrencyUtilization"}
                    ],
                }
            ],
        ),
    )
