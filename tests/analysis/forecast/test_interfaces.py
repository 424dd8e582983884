"""Security groups and subnets that network interfaces keep."""

from __future__ import annotations

from typing import Any

from analysis.finding import Level
from analysis.forecast import Action, Step, Wait
from tests.analysis.forecast.changes import (
    DELETE,
    FORGET,
    GROUP,
    NO_OP,
    REPLACE,
    REPLACE_LATE,
    SUBNET,
    UPDATE,
    Changes,
    function,
)

SOURCE = "Lambda guide, VPC access; provider documentation, aws_lambda_function"
MOVED: dict[str, Any] = {
    "replace_security_groups_on_destroy": True,
    "replacement_security_group_ids": ["sg-00000000000000001"],
}


def test_a_group_that_is_destroyed_with_its_function_waits_for_the_interfaces() -> None:
    plan = (
        Changes()
        .add("aws_security_group.api", DELETE, GROUP)
        .add("aws_lambda_function.api", DELETE, function(), depends_on=["aws_security_group.api"])
    )

    finding = plan.only("interfaces-of-security-group")

    assert finding.level is Level.ERROR
    assert str(finding) == (
        "aws_security_group.api: deletion of the security group waits for the network interfaces of "
        "aws_lambda_function.api; Lambda takes up to 20 minutes to remove them, and the provider waits up to 45 "
        "minutes "
        "(Lambda guide, VPC access; provider documentation, aws_lambda_function); set "
        "replace_security_groups_on_destroy and replacement_security_group_ids on aws_lambda_function.api, apply, then "
        "destroy; the replacement group must not be destroyed with them"
    )
    assert finding.missing == "network interfaces of aws_lambda_function.api gone before the security group"
    assert plan.forecast.longest_wait_minutes == 45


def test_interfaces_that_the_provider_moves_keep_the_subnet_and_not_the_group() -> None:
    plan = (
        Changes()
        .add("aws_security_group.api", DELETE, GROUP)
        .add("aws_subnet.a", DELETE, SUBNET)
        .add("aws_lambda_function.api", DELETE, function(**MOVED))
    )

    assert plan.rules() == {"interfaces-of-subnet": Level.ERROR}
    finding = plan.only("interfaces-of-subnet")
    assert finding.address == "aws_subnet.a"
    assert finding.fix == (
        "destroy or detach aws_lambda_function.api first, wait 20 minutes, then destroy the subnet in an apply of its "
        "own; nothing makes it faster"
    )


def test_the_replacement_group_waits_itself_when_it_goes_too() -> None:
    values = function(groups=["sg-00000000000000002"], **{**MOVED, "replacement_security_group_ids": [GROUP["id"]]})
    plan = Changes().add("aws_security_group.parking", DELETE, GROUP).add("aws_lambda_function.api", DELETE, values)

    assert plan.only("interfaces-of-security-group").address == "aws_security_group.parking"


def test_replacement_groups_without_the_switch_move_nothing() -> None:
    values = function(**{**MOVED, "replace_security_groups_on_destroy": False})
    plan = Changes().add("aws_security_group.api", DELETE, GROUP).add("aws_lambda_function.api", DELETE, values)

    assert plan.rules() == {"interfaces-of-security-group": Level.ERROR}


def test_a_function_alone_waits_for_nothing() -> None:
    plan = Changes().add("aws_security_group.api", NO_OP, GROUP).add("aws_lambda_function.api", DELETE, function())

    assert plan.forecast.findings == ()
    assert plan.forecast.steps == ()


def test_a_group_that_the_function_leaves_in_the_same_plan_waits() -> None:
    after = function(groups=["sg-00000000000000001"])
    plan = (
        Changes().add("aws_security_group.api", DELETE, GROUP).add("aws_lambda_function.api", UPDATE, function(), after)
    )

    finding = plan.only("interfaces-of-security-group")

    assert finding.fix == (
        "change aws_lambda_function.api in an apply of its own, wait 20 minutes, then remove the group"
    )


def test_a_published_version_keeps_the_group_that_the_function_leaves() -> None:
    before = function(publish=True, version="7")
    after = function(groups=["sg-00000000000000001"], publish=True)
    plan = Changes().add("aws_security_group.api", DELETE, GROUP).add("aws_lambda_function.api", UPDATE, before, after)

    finding = plan.only("interfaces-of-versions")

    assert finding.message == (
        "version 7 of aws_lambda_function.api was published with the security group and keeps its network interfaces; "
        "the security group cannot be deleted while the version exists"
    )


def test_a_group_that_is_replaced_before_the_new_one_exists_is_in_use() -> None:
    plan = (
        Changes()
        .add("aws_security_group.api", REPLACE, GROUP, replace=[["description"]])
        .add("aws_lambda_function.api", UPDATE, function(), unknown={"vpc_config": [{"security_group_ids": True}]})
    )

    finding = plan.only("security-group-in-use")

    assert finding.missing == "lifecycle create_before_destroy"
    assert finding.message == (
        "the security group is deleted before the new one exists, while aws_lambda_function.api still uses it; EC2 "
        "refuses the deletion (DependencyViolation) until the provider gives up"
    )


def test_a_group_that_is_replaced_after_the_new_one_exists_waits_for_the_old_interfaces() -> None:
    plan = (
        Changes()
        .add("aws_security_group.api", REPLACE_LATE, GROUP, replace=[["name"]])
        .add("aws_lambda_function.api", UPDATE, function(), unknown={"vpc_config": [{"security_group_ids": True}]})
    )

    assert plan.rules() == {"interfaces-of-security-group": Level.ERROR}


def test_what_stays_in_a_subnet_refuses_its_deletion() -> None:
    database = {"id": "db", "network_interface_id": "eni-0123456789abcdef0", "subnet_id": SUBNET["id"]}
    plan = Changes().add("aws_subnet.a", DELETE, SUBNET).add("aws_network_interface.x", NO_OP, database)

    finding = plan.only("subnet-in-use")

    assert str(finding) == (
        "aws_subnet.a: aws_network_interface.x still uses the subnet after this plan; EC2 refuses to delete it "
        "(DependencyViolation) until the provider gives up; take the subnet off aws_network_interface.x in an apply of "
        "its own, then remove it"
    )


def test_a_rule_of_another_group_refuses_the_deletion() -> None:
    rule = {
        "id": "sgr-0123456789abcdef0",
        "security_group_id": "sg-00000000000000001",
        "referenced_security_group_id": GROUP["id"],
    }
    own = {"id": "sgr-0123456789abcdef1", "security_group_id": GROUP["id"]}
    plan = (
        Changes()
        .add("aws_security_group.api", DELETE, GROUP)
        .add("aws_vpc_security_group_ingress_rule.database", NO_OP, rule)
        .add("aws_vpc_security_group_egress_rule.own", DELETE, own)
    )

    assert plan.only("security-group-in-use").missing == (
        "aws_vpc_security_group_ingress_rule.database without the security group"
    )


def test_text_that_holds_an_id_keeps_nothing() -> None:
    plan = (
        Changes()
        .add("aws_security_group.api", DELETE, GROUP)
        .add("aws_ssm_parameter.group", NO_OP, {"id": "/group", "value": GROUP["id"]})
    )

    assert plan.forecast.findings == ()


def test_a_forgotten_function_keeps_its_group_and_subnet() -> None:
    plan = (
        Changes()
        .add("aws_security_group.api", DELETE, GROUP)
        .add("aws_subnet.a", DELETE, SUBNET)
        .add("aws_lambda_function.api", FORGET, function())
    )

    assert plan.rules() == {"security-group-in-use": Level.ERROR, "subnet-in-use": Level.ERROR}
    assert next((step.address, step.action) for step in plan.forecast.steps) == (
        "aws_lambda_function.api",
        Action.FORGET,
    )


def test_steps_stand_in_the_order_of_the_recorded_dependencies() -> None:
    plan = (
        Changes()
        .add("aws_security_group.api", DELETE, GROUP)
        .add("aws_lambda_function.api", DELETE, function(), depends_on=["aws_security_group.api"])
        .add("aws_nat_gateway.a", DELETE, {"id": "nat-0123456789abcdef0"}, depends_on=["aws_subnet.a"])
        .add("aws_subnet.a", DELETE, {**SUBNET, "id": "subnet-00000000000000001"})
    )

    assert plan.forecast.steps == (
        Step(
            1,
            "aws_nat_gateway.a",
            Action.DELETE,
            Wait(
                30,
                "AWS deletes it; the provider gives up after this time",
                "provider documentation, aws_nat_gateway",
            ),
        ),
        Step(
            2,
            "aws_security_group.api",
            Action.DELETE,
            Wait(45, "network interfaces of aws_lambda_function.api", SOURCE),
            ("interfaces-of-security-group",),
        ),
    )


def test_a_plan_that_only_creates_says_nothing() -> None:
    plan = Changes().add("aws_security_group.api", ["create"], None, GROUP)

    assert (plan.forecast.steps, plan.forecast.findings) == ((), ())


def test_what_leaves_a_group_in_the_plan_that_deletes_it_may_come_too_late() -> None:
    database = {"id": "db-ABC", "vpc_security_group_ids": [GROUP["id"]]}
    after = {"vpc_security_group_ids": ["sg-00000000000000001"]}
    plan = Changes().add("aws_security_group.api", DELETE, GROUP).add("aws_db_instance.orders", UPDATE, database, after)

    finding = plan.only("security-group-order")

    assert (finding.level, finding.missing) == (
        Level.UNDECIDABLE,
        "whether aws_db_instance.orders changes before the security group is deleted",
    )
    assert finding.message == (
        "aws_db_instance.orders leaves the security group in the plan that deletes it; unless the security group was "
        "applied with create_before_destroy, most versions of Terraform delete first, which EC2 refuses "
        "(DependencyViolation)"
    )


def test_what_goes_with_its_group_is_destroyed_first() -> None:
    database = {"id": "db-ABC", "vpc_security_group_ids": [GROUP["id"]], "skip_final_snapshot": True}
    plan = (
        Changes()
        .add("aws_security_group.api", DELETE, GROUP)
        .add("aws_db_instance.orders", DELETE, database, depends_on=["aws_security_group.api"])
    )

    assert plan.forecast.findings == ()
    assert [(step.address, step.wait and step.wait.minutes) for step in plan.forecast.steps] == [
        ("aws_db_instance.orders", 60)
    ]
