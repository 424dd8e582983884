"""Terraform in JSON as a plan: what is known, what is not, and what leads where."""

from __future__ import annotations

from typing import Any

import pytest

from analysis.plan import UNKNOWN, synthesized_plan
from modules.core.errors import PlanInputError
from tests.analysis.plan.synthesized import SUBNET, one, plan_of


def test_literals_are_known_and_references_are_not() -> None:
    found = one("aws_lambda_function", {"timeout": 30, "role": "${aws_iam_role.function.arn}"})

    assert found.actions == ("create",)
    assert found.get("timeout") == 30
    assert found.get("role") is UNKNOWN
    assert found.get("arn") is UNKNOWN
    assert found.get("dead_letter_config.target_arn") is None


def test_a_text_with_a_reference_stays_in_the_configuration() -> None:
    policy = '{"Statement":[{"Resource":"${aws_sqs_queue.jobs.arn}"}]}'
    plan = plan_of({"aws_iam_role_policy": {"it": {"policy": policy}}, "aws_sqs_queue": {"jobs": {"name": "jobs"}}})
    [found] = plan.of("aws_iam_role_policy")

    assert found.get("policy") is UNKNOWN
    assert plan.texts(found, "policy") == (policy,)
    assert plan.links(found, "policy").only is plan.at("aws_sqs_queue.jobs")


def test_escaped_marks_are_text() -> None:
    assert one("aws_sqs_queue", {"name": "a$${b}%%{c}"}).get("name") == "a${b}%{c}"
    assert one("aws_sqs_queue", {"name": "%{ if var.a }x%{ endif }"}).get("name") is UNKNOWN


@pytest.mark.parametrize("config", [{"subnet_ids": ["subnet-1"]}, [{"subnet_ids": ["subnet-1"]}]])
def test_a_block_is_a_list_however_it_is_written(config: Any) -> None:
    found = one("aws_lambda_function", {"vpc_config": config})

    assert [block.get("subnet_ids") for block in found.blocks("vpc_config")] == [["subnet-1"]]


def test_maps_stay_maps() -> None:
    variables = {"A": "1", "B": "2"}
    found = one("aws_lambda_function", {"environment": {"variables": variables}, "tags": {"Name": "api"}})

    assert found.get("environment.variables") == variables
    assert found.get("tags") == {"Name": "api"}
    assert one("null_resource", {"triggers": {"a": "1"}}).get("triggers") == {"a": "1"}
    assert one("terraform_data", {"input": {"a": 1}}).get("input") == {"a": 1}


def test_the_same_name_is_a_map_in_one_type_and_a_block_in_another() -> None:
    alarm = one("aws_cloudwatch_metric_alarm", {"dimensions": {"QueueName": "jobs"}})
    budget = one("aws_ce_anomaly_subscription", {"threshold_expression": {"dimension": {"key": "a"}}})

    assert alarm.get("dimensions") == {"QueueName": "jobs"}
    assert len(budget.blocks("threshold_expression.dimension")) == 1


def test_rules_that_are_attributes_in_the_schema_are_blocks() -> None:
    rule = {"from_port": 443, "to_port": 443, "protocol": "tcp", "prefix_list_ids": None, "cidr_blocks": ["0.0.0.0/0"]}
    plan = plan_of({"aws_security_group": {"it": {"ingress": rule, "egress": [rule, rule]}}})
    [found] = plan.of("aws_security_group")

    assert [block.path for block in found.blocks("egress")] == ["egress.0", "egress.1"]
    assert [block.get("cidr_blocks") for block in found.blocks("ingress")] == [["0.0.0.0/0"]]
    assert plan.is_configured(found, "ingress")


def test_references_in_blocks_are_told_apart() -> None:
    routes = [{"nat_gateway_id": "${aws_nat_gateway.a.id}"}, {"gateway_id": "${aws_internet_gateway.a.id}"}]
    plan = plan_of(
        {
            "aws_route_table": {"it": {"route": routes}},
            "aws_nat_gateway": {"a": {}},
            "aws_internet_gateway": {"a": {}},
        }
    )
    [table] = plan.of("aws_route_table")
    first, second = table.blocks("route")

    assert plan.links(table, f"{first.path}.nat_gateway_id").only is plan.at("aws_nat_gateway.a")
    assert plan.links(table, f"{second.path}.nat_gateway_id").is_empty
    assert plan.links(table, f"{second.path}.gateway_id").only is plan.at("aws_internet_gateway.a")


def test_a_set_or_map_with_an_unknown_member_is_unknown_as_in_a_plan() -> None:
    found = one(
        "aws_lambda_function",
        {
            "vpc_config": {"subnet_ids": ["${aws_subnet.a.id}"]},
            "environment": {"variables": {"A": "${var.a}", "B": "1"}},
        },
    )

    assert found.get("vpc_config.subnet_ids") is UNKNOWN
    assert found.get("environment.variables") is UNKNOWN


def test_what_is_no_value_is_left_out() -> None:
    body = {
        "//": {"metadata": {"path": "stack/it"}},
        "name": "jobs",
        "lifecycle": {"prevent_destroy": True},
        "depends_on": ["aws_vpc.main"],
        "provider": "aws.west",
        "provisioner": [{"local-exec": {"command": "true"}}],
        "connection": {"type": "ssh"},
        "kms_master_key_id": None,
    }
    found = one(
        "aws_sqs_queue", body, provider={"aws": [{"region": "eu-west-1"}, {"alias": "west", "region": "us-west-2"}]}
    )

    assert set(found.values) == {"name"} | {name for name, value in found.values.items() if value == []}
    assert found.get("kms_master_key_id") is None
    assert found.provider == "aws.west"


@pytest.mark.parametrize(
    ("kind", "name", "written", "taken"),
    [
        ("aws_lambda_function", "timeout", "30", 30),
        ("aws_lambda_function", "publish", "true", True),
        ("aws_sqs_queue", "name", 5, "5"),
        ("aws_db_proxy", "require_tls", False, False),
    ],
)
def test_a_text_is_a_number_where_the_provider_wants_one(kind: str, name: str, written: Any, taken: Any) -> None:
    found = one(kind, {name: written}).get(name)

    assert (found, type(found)) == (taken, type(taken))


def test_local_values_that_are_literals_are_known() -> None:
    values = {
        "seconds": 30,
        "name": "jobs-${local.stage}",
        "stage": "prod",
        "role": "${aws_iam_role.it.arn}",
        "circle": "${local.circle}",
    }
    body = {
        "timeout": "${local.seconds}",
        "function_name": "${local.name}",
        "role": "${local.role}",
        "runtime": "${local.circle}",
    }
    plan = plan_of({"aws_lambda_function": {"it": body}, "aws_iam_role": {"it": {"name": "r"}}}, locals=values)
    [found] = plan.of("aws_lambda_function")

    assert (found.get("timeout"), found.get("function_name")) == (30, "jobs-prod")
    assert found.get("runtime") is UNKNOWN
    assert found.get("role") is UNKNOWN
    assert plan.links(found, "role").only is plan.at("aws_iam_role.it")


def test_what_another_resource_is_given_is_known_and_what_the_provider_gives_is_not() -> None:
    alarm = {
        "dimensions": {"FunctionName": "${aws_lambda_function.it.function_name}"},
        "threshold": "${aws_lambda_function.it.timeout}",
        "alarm_name": "${aws_lambda_function.it.version}",
        "namespace": "${aws_lambda_function.it.runtime}",
    }
    functions = {"it": {"function_name": "api", "timeout": "30"}}
    plan = plan_of({"aws_cloudwatch_metric_alarm": {"it": alarm}, "aws_lambda_function": functions})
    [found] = plan.of("aws_cloudwatch_metric_alarm")

    assert found.get("dimensions") == {"FunctionName": "api"}
    assert found.get("threshold") == 30
    assert found.get("alarm_name") is UNKNOWN
    assert found.get("namespace") is UNKNOWN  # not given: the provider may have a default
    assert plan.links(found, "dimensions").only is plan.at("aws_lambda_function.it")


def test_a_default_of_a_variable_is_not_its_value() -> None:
    found = one("aws_lambda_function", {"timeout": "${var.seconds}"}, variable={"seconds": {"default": 30}})

    assert found.get("timeout") is UNKNOWN


def test_outputs_of_modules_are_unresolved() -> None:
    body = {"vpc_config": {"subnet_ids": ["${module.net.subnet_id}", "${aws_subnet.a.id}"]}}
    plan = plan_of(
        {"aws_lambda_function": {"it": body}, "aws_subnet": {"a": SUBNET}},
        module={"net": {"source": "./net", "name": "x"}},
    )
    [found] = plan.of("aws_lambda_function")
    links = plan.links(found, "vpc_config.subnet_ids", "aws_subnet")

    assert links.resources == (plan.at("aws_subnet.a"),)
    assert links.unresolved == ("module.net.subnet_id",)


def test_data_sources_are_read_during_apply() -> None:
    plan = plan_of(
        {"aws_subnet": {"it": {"vpc_id": "${data.aws_vpc.main.id}"}}}, data={"aws_vpc": {"main": {"default": True}}}
    )
    [vpc], [subnet] = plan.of("aws_vpc", mode="data"), plan.of("aws_subnet")

    assert (vpc.address, vpc.get("default"), vpc.get("cidr_block")) == ("data.aws_vpc.main", True, UNKNOWN)
    assert plan.links(subnet, "vpc_id").only is vpc


@pytest.mark.parametrize(
    ("provider", "region"),
    [
        ({"aws": [{"region": "eu-west-1"}]}, "eu-west-1"),
        ({"aws": {"region": "${local.region}"}}, "eu-west-2"),
        ([{"aws": {"region": "eu-west-3"}}], "eu-west-3"),
        ({"aws": {"region": "${var.region}"}}, None),
    ],
)
def test_the_region_is_the_providers(provider: Any, region: str | None) -> None:
    plan = plan_of({"aws_vpc": {"it": {}}}, provider=provider, locals=[{"region": "eu-west-2"}])

    assert plan.region(plan.of("aws_vpc")[0]) == region


@pytest.mark.parametrize(
    "resources",
    [
        {"aws_vpc": {"it": {}}},
        [{"aws_vpc": {"it": {}}}],
        {"aws_vpc": [{"it": {}}]},
        {"aws_vpc": {"it": [{}]}},
        [{"aws_vpc": [{"it": [{}]}]}],
        {"//": "note", "aws_vpc": {"//": "note", "it": {}}},
    ],
)
def test_lists_are_taken_at_every_level(resources: Any) -> None:
    assert [entry.address for entry in plan_of(resources).resources] == ["aws_vpc.it"]


@pytest.mark.parametrize(
    ("document", "sentence"),
    [
        ({}, "cdk.tf.json holds no resource, so that nothing can be judged"),
        ({"data": {"aws_region": {"it": {}}}}, "holds no resource"),
        ({"module": {"net": {"source": "./net"}}}, "cdk.tf.json only calls modules"),
        ({"resource": "aws_vpc"}, "resource holds a text where an object is needed"),
        ({"resource": {"aws_vpc": []}}, "holds no resource"),
        ({"resource": {"aws_vpc": {"it": 5}}}, "resource aws_vpc.it holds a number where an object is needed"),
        ({"resource": [{"aws_vpc": {"it": {}}}, {"aws_vpc": {"it": {}}}]}, "resource aws_vpc.it stands there twice"),
        (
            {"resource": {"aws_lambda_function": {"it": {"vpc_config": [1]}}}},
            "vpc_config holds a number where an object is needed",
        ),
        (
            {"resource": {"aws_lambda_function": {"it": {"timeout": ""}}}},
            'it: timeout: "" stands where a number is needed',
        ),
        (
            {"resource": {"aws_lambda_function": {"it": {"timeout": [3]}}}},
            "timeout: a list stands where a number is needed",
        ),
        (
            {"resource": {"aws_lambda_function": {"it": {"publish": "yes"}}}},
            'publish: "yes" stands where a bool is needed',
        ),
        ({"resource": {"aws_lambda_function": {"it": {"tags": "x"}}}}, 'tags: "x" stands where a map is needed'),
        ({"resource": {"aws_vpc": {"it": {}}}, "resources": {}}, "Terraform knows no resources"),
        ({"resource": {"aws_vpc": {"it": {"dynamic": "x"}}}}, "dynamic holds a text where an object is needed"),
    ],
)
def test_what_terraform_does_not_read_is_refused(document: Any, sentence: str) -> None:
    with pytest.raises(PlanInputError, match=sentence):
        synthesized_plan(document, "cdk.tf.json")
