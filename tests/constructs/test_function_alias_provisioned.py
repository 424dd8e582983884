"""What is kept ready for an alias, as it stands in Terraform's JSON: number, scaling, schedules; bounds of instances.

Complaints of users that end here: provisioned concurrency that the provider loses because it was given the function's
ARN; a number that Application Auto Scaling has changed and Terraform puts back.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from modules.core.concurrency import Concurrency, ConnectionDemand
from modules.core.connections import Connection
from tests.constructs.functions import API, Made, address, alias_name

pytestmark = pytest.mark.synth
CAPACITY = "arn:aws:lambda:eu-west-1:123456789012:capacity-provider:orders"
MORNING = {"schedule": "cron(0 7 ? * MON-FRI *)", "timezone": "Europe/Berlin", "minimum": 2, "maximum": 5}


def test_what_is_kept_ready_belongs_to_the_alias_and_to_the_functions_name(source: Path) -> None:
    made = Made(source)
    api = made.function(alias={"provisioned_concurrency": {"minimum": 3}})
    found = made.only("aws_lambda_provisioned_concurrency_config")
    assert {name: value for name, value in found.items() if name != "//"} == {
        "function_name": f"${{{address(made, 'aws_lambda_function')}.function_name}}",
        "qualifier": alias_name(made),
        "provisioned_concurrent_executions": 3,
        "depends_on": [address(made, "aws_lambda_alias")],
    }
    assert made.only("aws_lambda_alias")["lifecycle"] == {"ignore_changes": ["routing_config"]}  # weights of Lambda's
    assert made.resources("aws_appautoscaling_target") == {}
    assert api.live is not None
    assert api.live.provisioned is not None


def test_utilization_is_tracked(source: Path) -> None:
    made = Made(source)
    scaled = {"minimum": 1, "maximum": 4, "target_utilization_percent": 55, "scale_in": False}
    made.function(alias={"provisioned_concurrency": {**scaled, "scale_out_cooldown_seconds": 30}})
    kept = made.only("aws_lambda_provisioned_concurrency_config")
    assert kept["lifecycle"] == {"ignore_changes": ["provisioned_concurrent_executions"]}
    target = made.only("aws_appautoscaling_target")
    name = f"${{{address(made, 'aws_lambda_function')}.function_name}}"
    assert (target["min_capacity"], target["max_capacity"]) == (1, 4)
    assert target["resource_id"] == f"function:{name}:{alias_name(made)}"
    assert target["depends_on"] == [address(made, "aws_lambda_provisioned_concurrency_config")]
    assert "lifecycle" not in target
    policy = made.only("aws_appautoscaling_policy")
    assert (policy["name"], policy["policy_type"]) == ("acme-dev-orders-api-provisioned", "TargetTrackingScaling")
    assert policy["target_tracking_scaling_policy_configuration"] == {
        "predefined_metric_specification": {"predefined_metric_type": "LambdaProvisionedConcurrencyUtilization"},
        "target_value": 0.55,
        "scale_in_cooldown": 0,
        "scale_out_cooldown": 30,
        "disable_scale_in": True,
    }
    for each in (target, policy):
        assert (each["service_namespace"], each["scalable_dimension"]) == (
            "lambda", "lambda:function:ProvisionedConcurrency",
        )  # fmt: skip


def test_schedules_change_the_bounds(source: Path) -> None:
    made = Made(source)
    sale = {"schedule": "at(2030-11-29T00:00:00)", "minimum": 5}
    made.function(alias={"provisioned_concurrency": {"minimum": 1, "schedules": {"sale": sale, "morning": MORNING}}})
    target = made.only("aws_appautoscaling_target")
    assert target["lifecycle"] == {"ignore_changes": ["min_capacity", "max_capacity"]}
    assert (target["min_capacity"], target["max_capacity"]) == (1, 1)
    found = {each["name"]: each for each in made.resources("aws_appautoscaling_scheduled_action").values()}
    assert sorted(found) == ["acme-dev-orders-api-provisioned-morning", "acme-dev-orders-api-provisioned-sale"]
    morning, once = (found[name] for name in sorted(found))
    assert (morning["schedule"], morning["timezone"]) == ("cron(0 7 ? * MON-FRI *)", "Europe/Berlin")
    assert morning["scalable_target_action"] == {"min_capacity": "2", "max_capacity": "5"}
    assert (once["timezone"], once["scalable_target_action"]) == ("UTC", {"min_capacity": "5", "max_capacity": "5"})
    assert morning["resource_id"] == f"${{{address(made, 'aws_appautoscaling_target')}.resource_id}}"


def test_schedules_without_anything_between_their_bounds_track_nothing(source: Path) -> None:
    made = Made(source)
    night = {"schedule": "cron(0 22 ? * * *)", "minimum": 1}
    made.function(alias={"provisioned_concurrency": {"minimum": 3, "schedules": {"night": night}}})
    assert made.resources("aws_appautoscaling_policy") == {}
    kept = made.only("aws_lambda_provisioned_concurrency_config")
    assert kept["lifecycle"] == {"ignore_changes": ["provisioned_concurrent_executions"]}


class Budget:
    """Something with room for connections that notes what it is asked for."""

    def __init__(self) -> None:
        self.admitted: list[Concurrency] = []

    def admit(self, concurrency: Concurrency, *, connections_per_environment: int) -> None:
        del connections_per_environment
        self.admitted.append(concurrency)

    def connection(self) -> Connection:
        return Connection(name="database", port=5432, demand=ConnectionDemand(self))


def test_what_is_kept_ready_is_counted_where_the_function_connects(source: Path) -> None:
    budget = Budget()
    api = Made(source).function(alias={"provisioned_concurrency": {"minimum": 1, "maximum": 4}})
    api.connect_to(budget)
    assert budget.admitted == [Concurrency(API, reserved=5, provisioned=4)]


@pytest.mark.parametrize("published", ["alias", "publish", "publish_to"])
def test_bounds_of_managed_instances(source: Path, published: str) -> None:
    made = Made(source, provider=">= 6.69, < 7")
    scaling = {"min_execution_environments": 3, "max_execution_environments": 30}
    choices: dict[str, Any] = {"alias": {}, "publish": True, "publish_to": "LATEST_PUBLISHED"}
    made.function(
        reserved_concurrency=None,
        unreserved_reason="managed instances",
        attachment={"state": "detached", "detaching_applied": "it never was in a VPC"},
        capacity_provider={"capacity_provider_arn": CAPACITY, "scaling": scaling},
        **{published: choices[published]},
    )
    function = made.only("aws_lambda_function")
    assert (function["publish"], function.get("publish_to")) == (
        True, "LATEST_PUBLISHED" if published == "publish_to" else None,
    )  # fmt: skip
    address_of_function = address(made, "aws_lambda_function")
    found = made.only("aws_lambda_function_scaling_config")
    assert {name: value for name, value in found.items() if name != "//"} == {
        "function_name": f"${{{address_of_function}.function_name}}",
        "qualifier": "$LATEST.PUBLISHED" if published == "publish_to" else f"${{{address_of_function}.version}}",
        "function_scaling_config": [scaling],
    }
