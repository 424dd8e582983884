"""Where an attribute leads, in every way that Terraform's configuration can say it; what cannot be told is named."""

from __future__ import annotations

from typing import Any

import pytest

from analysis.plan import UNKNOWN, Links, Plan
from tests.analysis.documents import plan, ref, resource, text

UNKNOWN_SUBNETS = {"vpc_config": [{"subnet_ids": True}]}


def function(expressions: Any, *, unknown: Any = None, values: Any = None, **more: Any) -> Any:
    return resource(
        "aws_lambda_function.api",
        values or {"vpc_config": [{}]},
        expressions={"vpc_config": [{"subnet_ids": expressions}]},
        unknown=UNKNOWN_SUBNETS if unknown is None else unknown,
        **more,
    )


def subnet(name: str, key: str = "", **more: Any) -> Any:
    return resource(f"aws_subnet.{name}{key}", unknown={"id": True}, **more)


def links(plan: Plan, address: str = "aws_lambda_function.api", path: str = "vpc_config.subnet_ids") -> Links:
    found = plan.at(address)
    assert found, address
    return plan.links(found, path, "aws_subnet")


def addresses(found: Links) -> list[str]:
    return [entry.address for entry in found.resources]


@pytest.mark.parametrize(
    "expression",
    [
        ref("aws_subnet.a.id"),
        text(["${aws_subnet.a.id}"]),
        text("${[aws_subnet.a.id]}"),
        text('${tolist(["${aws_subnet.a.id}"])}'),
    ],
)
def test_one_subnet(expression: dict[str, Any]) -> None:
    found = links(plan(function(expression), subnet("a"), subnet("b")))
    assert addresses(found) == ["aws_subnet.a"]
    assert found.is_complete


@pytest.mark.parametrize(
    "expression", [ref("aws_subnet.a"), text("${aws_subnet.a[*].id}"), text("${aws_subnet.a.*.id}")]
)
def test_all_instances_of_a_count(expression: dict[str, Any]) -> None:
    found = links(plan(function(expression), subnet("a", "[0]"), subnet("a", "[1]"), subnet("b")))
    assert addresses(found) == ["aws_subnet.a[0]", "aws_subnet.a[1]"]


@pytest.mark.parametrize("key", ["[1]", '["eu"]'])
def test_one_instance_by_its_key(key: str) -> None:
    found = links(
        plan(function(ref(f"aws_subnet.a{key}.id")), subnet("a", "[0]"), subnet("a", key), subnet("a", '["us"]'))
    )
    assert addresses(found) == [f"aws_subnet.a{key}"]


def test_the_instance_with_the_same_index() -> None:
    association = [
        resource(
            f"aws_route_table_association.a[{index}]",
            expressions={"subnet_id": ref("aws_subnet.a", "count.index")},
            unknown={"subnet_id": True},
        )
        for index in (0, 1)
    ]
    found = links(plan(*association, subnet("a", "[0]"), subnet("a", "[1]")), association[1]["address"], "subnet_id")
    assert addresses(found) == ["aws_subnet.a[1]"]


def test_each_value_is_the_instance_with_the_same_key() -> None:
    associations = [
        resource(
            f'aws_route_table_association.a["{key}"]',
            expressions={"subnet_id": ref("each.value.id", "each.value")},
            unknown={"subnet_id": True},
            for_each=ref("aws_subnet.a"),
        )
        for key in "xy"
    ]
    made = plan(*associations, subnet("a", '["x"]'), subnet("a", '["y"]'))
    assert addresses(links(made, 'aws_route_table_association.a["y"]', "subnet_id")) == ['aws_subnet.a["y"]']


def test_each_value_of_a_map_of_several_things_is_not_guessed() -> None:
    association = resource(
        'aws_route_table_association.a["x"]',
        expressions={"subnet_id": ref("each.value")},
        unknown={"subnet_id": True},
        for_each=ref("aws_subnet.a.id", "aws_subnet.b.id"),
    )
    found = links(plan(association, subnet("a"), subnet("b")), 'aws_route_table_association.a["x"]', "subnet_id")
    assert found.unresolved == ("each.value",)


def nested(expression: dict[str, Any], keys: tuple[str, str] = ("", "")) -> Plan:
    """A function in a module in a module; its subnets go in by variables of both."""
    outer, inner = keys
    path = f"module.outer{outer}.module.inner{inner}"
    return plan(
        function(ref("var.subnet_ids"), module=path),
        subnet("a", '["x"]'),
        subnet("a", '["y"]'),
        calls={
            "outer": {"expressions": {"subnets": expression}, "for_each_expression": ref("aws_subnet.a")},
            "outer.inner": {"expressions": {"subnet_ids": ref("var.subnets")}},
        },
    )


def test_variables_through_two_modules() -> None:
    made = nested(ref('aws_subnet.a["y"].id'), ("[0]", '["k"]'))
    assert addresses(links(made, 'module.outer[0].module.inner["k"].aws_lambda_function.api')) == ['aws_subnet.a["y"]']


def test_variables_of_a_module_with_for_each() -> None:
    made = nested(ref("each.value.id", "each.value"), ('["y"]', ""))
    assert addresses(links(made, 'module.outer["y"].module.inner.aws_lambda_function.api')) == ['aws_subnet.a["y"]']


def test_outputs_through_two_modules() -> None:
    made = plan(
        function(ref("module.outer.subnet_ids")),
        subnet("a", "[0]", module="module.outer.module.inner"),
        subnet("a", "[1]", module="module.outer.module.inner"),
        calls={"outer": {}, "outer.inner": {}},
        outputs={"outer.subnet_ids": ref("module.inner.ids"), "outer.inner.ids": ref("aws_subnet.a")},
    )
    assert addresses(links(made)) == [f"module.outer.module.inner.aws_subnet.a[{index}]" for index in (0, 1)]


def test_the_output_of_one_instance_of_a_module() -> None:
    made = plan(
        function(ref('module.net["b"].subnet_id')),
        subnet("a", module='module.net["a"]'),
        subnet("a", module='module.net["b"]'),
        calls={"net": {}},
        outputs={"net.subnet_id": ref("aws_subnet.a.id")},
    )
    assert addresses(links(made)) == ['module.net["b"].aws_subnet.a']


def test_a_default_of_a_module_names_nothing() -> None:
    made = plan(function(ref("var.subnet_ids"), module="module.m"), calls={"m": {}})
    assert links(made, "module.m.aws_lambda_function.api").unresolved == ("vpc_config.subnet_ids",)


def test_a_local_value_is_unresolved() -> None:
    found = links(plan(function(ref("local.subnet_ids")), subnet("a")))
    assert found == Links(unresolved=("local.subnet_ids",))


def test_a_member_of_a_list_that_leads_to_no_subnet_is_unresolved() -> None:
    members = text(["${aws_subnet.a.id}", "${terraform_data.other.output}"])
    found = links(plan(function(members), subnet("a"), resource("terraform_data.other", unknown={"output": True})))
    assert addresses(found) == ["aws_subnet.a"]
    assert found.unresolved == ("terraform_data.other.output",)


def test_a_local_value_beside_the_plan_is_resolved() -> None:
    made = plan(function(text(["${local.subnet}"])), subnet("a"), local_values={"subnet": "${aws_subnet.a.id}"})
    assert addresses(links(made)) == ["aws_subnet.a"]


def test_local_values_that_name_each_other_end() -> None:
    made = plan(function(text("${local.a}")), local_values={"a": "${local.b}", "b": "${local.a}"})
    assert links(made).unresolved == ("local.a",)


def test_a_local_value_does_not_hide_what_is_known() -> None:
    values = {"vpc_config": [{"subnet_ids": ["subnet-0123456789abcdef0", None]}]}
    expression = ref("local.subnet_ids", "aws_subnet.a.id")
    found = links(plan(
        function(expression, values=values, unknown={"vpc_config": [{"subnet_ids": [False, True]}]}), subnet("a")
    ))  # fmt: skip
    assert addresses(found) == ["aws_subnet.a"]
    assert found.literals == ("subnet-0123456789abcdef0",)
    assert found.unresolved == ("local.subnet_ids",)


def test_a_variable_of_the_root_module_is_known() -> None:
    values = {"vpc_config": [{"subnet_ids": ["subnet-0123456789abcdef0", None]}]}
    expression = ref("var.subnet_id", "aws_subnet.a.id")
    found = links(plan(
        function(expression, values=values, unknown={"vpc_config": [{"subnet_ids": [False, True]}]}), subnet("a")
    ))  # fmt: skip
    assert addresses(found) == ["aws_subnet.a"]
    assert found.is_complete


def test_after_apply_ids_are_known() -> None:
    known = {"vpc_config": [{"subnet_ids": ["subnet-0123456789abcdef0", "subnet-0fffffffffffffff0"]}]}
    api = resource("aws_lambda_function.api", known, expressions={"vpc_config": [{}]}, actions=("no-op",))
    other = resource("aws_subnet.a", {"id": "subnet-0123456789abcdef0"}, actions=("no-op",))
    found = links(plan(api, other))
    assert addresses(found) == ["aws_subnet.a"]
    assert found.literals == ("subnet-0fffffffffffffff0",)


def test_the_name_of_a_resource_counts_for_its_type_only() -> None:
    policy = resource("aws_iam_role_policy.p", {"role": "orders"}, expressions={"role": text("orders")})
    role, queue = resource("aws_iam_role.r", {"name": "orders"}), resource("aws_sqs_queue.q", {"name": "orders"})
    made = plan(policy, role, queue)
    assert [
        entry.address for entry in made.links(made.of("aws_iam_role_policy")[0], "role", "aws_iam_role").resources
    ] == ["aws_iam_role.r"]
    assert made.links(made.of("aws_iam_role_policy")[0], "role").literals == ("orders",)


def test_a_data_source_that_is_read_during_apply() -> None:
    reader = resource("data.aws_subnet.chosen", {}, unknown={"id": True}, actions=("read",))
    made = plan(function(ref("data.aws_subnet.chosen.id")), reader)
    assert addresses(links(made)) == ["data.aws_subnet.chosen"]


def test_a_data_source_that_was_read() -> None:
    reader = resource("data.aws_subnet.chosen", {"id": "subnet-0123456789abcdef0"})
    known = {"vpc_config": [{"subnet_ids": ["subnet-0123456789abcdef0"]}]}
    made = plan(function(ref("data.aws_subnet.chosen.id"), values=known, unknown={}), reader)
    assert addresses(links(made)) == ["data.aws_subnet.chosen"]


def test_another_type_is_told_by_what_is_unresolved() -> None:
    found = links(plan(function(ref("aws_vpc.main.id")), resource("aws_vpc.main", unknown={"id": True})))
    assert found.unresolved == ("aws_vpc.main.id",)


def test_a_reference_to_nothing_that_exists_is_unresolved() -> None:
    assert links(plan(function(ref("aws_subnet.gone.id")))).unresolved == ("aws_subnet.gone.id",)


def test_a_dynamic_block_is_unresolved() -> None:
    api = resource("aws_lambda_function.api", {"vpc_config": [{}]}, unknown=UNKNOWN_SUBNETS)
    assert links(plan(api, subnet("a"))).unresolved == ("vpc_config.subnet_ids",)


def test_of_blocks_and_dynamic_blocks_together_none_is_guessed() -> None:
    rules = [{"actions": ["a"]}, {"actions": ["b"]}]
    reader = resource(
        "data.aws_iam_policy_document.d",
        {"statement": rules},
        unknown={"statement": [{"resources": True}, {"resources": True}]},
        expressions={"statement": [{"resources": ref("aws_sqs_queue.q.arn")}]},
        actions=("read",),
    )
    made = plan(reader, resource("aws_sqs_queue.q", unknown={"arn": True}))
    document = made.at("data.aws_iam_policy_document.d")
    assert document
    for index in (0, 1):
        found = made.links(document, f"statement.{index}.resources")
        assert found == Links(unresolved=(f"statement.{index}.resources",))
    assert made.links(document, "statement").unresolved == ("statement",)


def test_blocks_written_as_an_attribute_share_their_references() -> None:
    table = resource(
        "aws_route_table.r",
        {"route": [{"cidr_block": "0.0.0.0/0"}, {"cidr_block": "::/0"}]},
        unknown={"route": [{"nat_gateway_id": True}, {"egress_only_gateway_id": True}]},
        expressions={"route": ref("aws_nat_gateway.n.id", "aws_egress_only_internet_gateway.e.id")},
    )
    made = plan(
        table,
        resource("aws_nat_gateway.n", unknown={"id": True}),
        resource("aws_egress_only_internet_gateway.e", unknown={"id": True}),
    )
    block = made.of("aws_route_table")[0].blocks("route")[0]
    assert block.get("nat_gateway_id") is UNKNOWN
    found = made.links(made.of("aws_route_table")[0], f"{block.path}.nat_gateway_id", "aws_nat_gateway")
    assert addresses(found) == ["aws_nat_gateway.n"]


def test_nothing_set_leads_nowhere() -> None:
    assert links(plan(function(text([]), values={"vpc_config": []}, unknown={}))).is_empty


def test_referrers_and_edges() -> None:
    made = plan(function(ref("aws_subnet.a.id")), subnet("a"))
    [node] = made.of("aws_subnet")
    assert [entry.address for entry in made.referrers(node, via="vpc_config")] == ["aws_lambda_function.api"]
    assert made.referrers(node, via="vpc_config.security_group_ids") == ()
    assert [key for *_, key in made.graph.edges(keys=True)] == ["vpc_config.subnet_ids"]


def test_below_a_module_holds_only_its_resources() -> None:
    made = plan(subnet("a"), subnet("a", module='module.net["b"]'), calls={"net": {}})
    assert [entry.address for entry in made.below("module.net").resources] == ['module.net["b"].aws_subnet.a']
    assert made.below("module.ne").resources == ()
