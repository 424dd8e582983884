"""Members of lists and maps: the instance with the same index or key, or none that is guessed."""

from __future__ import annotations

from typing import Any

import pytest

from analysis.plan import Links
from tests.analysis.documents import plan, ref, resource, text

SUBNETS = [resource(f"aws_subnet.a[{index}]", module="module.net", unknown={"id": True}) for index in (0, 1)]
NAMED = [resource(f'aws_subnet.a["{key}"]', module="module.net", unknown={"id": True}) for key in ("xx", "y")]
NET = {"calls": {"net": {}}, "outputs": {"net.subnet_ids": ref("aws_subnet.a")}}


def member(expression: dict[str, Any], *entries: Any, key: str = "", **more: Any) -> Links:
    """What the subnet of an instance leads to."""
    address = f"aws_instance.i{key}"
    made = plan(resource(address, expressions={"subnet_id": expression}, unknown={"subnet_id": True}), *entries, **more)
    found = made.at(address)
    assert found
    return made.links(found, "subnet_id", "aws_subnet")


@pytest.mark.parametrize(
    ("expression", "entries", "key", "expected"),
    [
        (ref("module.net.subnet_ids[1]"), SUBNETS, "", "module.net.aws_subnet.a[1]"),
        (ref('module.net.subnet_ids["y"]'), NAMED, "", 'module.net.aws_subnet.a["y"]'),
        (ref("module.net.subnet_ids", "count.index"), SUBNETS, "[1]", "module.net.aws_subnet.a[1]"),
        (ref("module.net.subnet_ids", "each.key"), NAMED, '["xx"]', 'module.net.aws_subnet.a["xx"]'),
        (ref("module.net.subnet_ids[7]"), SUBNETS[:1], "", "module.net.aws_subnet.a[0]"),
    ],
)
def test_a_member_of_an_output(expression: Any, entries: Any, key: str, expected: str) -> None:
    found = member(expression, *entries, key=key, **NET)
    assert [entry.address for entry in found.resources] == [expected]
    assert found.is_complete


@pytest.mark.parametrize(
    ("expression", "entries", "key"),
    [
        (ref("module.net.subnet_ids[0]"), NAMED, ""),
        (ref("module.net.subnet_ids", "count.index"), SUBNETS, "[2]"),
        (ref("module.net.subnet_ids", "each.key"), NAMED, '["z"]'),
    ],
)
def test_a_member_that_no_instance_matches_is_unresolved(expression: Any, entries: Any, key: str) -> None:
    found = member(expression, *entries, key=key, **NET)
    assert found == Links(unresolved=(expression["references"][0],))


@pytest.mark.parametrize(
    ("count", "members", "expected"),
    [
        (ref("module.net.subnet_ids"), NAMED, [['module.net.aws_subnet.a["xx"]'], ['module.net.aws_subnet.a["y"]']]),
        (ref("module.net.subnet_ids"), [*NAMED, resource('aws_subnet.a["z"]', module="module.net")], [[], []]),
        (ref("module.net.others"), NAMED, [[], []]),
        (text(2), NAMED, [[], []]),
    ],
)
def test_a_count_of_all_members_takes_them_in_their_order(count: Any, members: Any, expected: list[list[str]]) -> None:
    expression = {"subnet_id": ref("module.net.subnet_ids", "count.index")}
    instances = [
        resource(f"aws_instance.i[{at}]", expressions=expression, unknown={"subnet_id": True}, count=count)
        for at in (0, 1)
    ]
    made = plan(*instances, *reversed(members), calls={"net": {}}, outputs={"net.subnet_ids": ref("aws_subnet.a")})
    found = [made.links(instance, "subnet_id", "aws_subnet") for instance in made.of("aws_instance")]
    assert [[entry.address for entry in links.resources] for links in found] == expected
    assert [links.is_complete for links in found] == [bool(names) for names in expected]


def test_an_instance_beyond_those_that_exist_is_unresolved() -> None:
    subnets = [resource(f"aws_subnet.a[{index}]", unknown={"id": True}) for index in (0, 1)]
    expression = ref("aws_subnet.a", "count.index")
    assert member(expression, *subnets, key="[2]") == Links(unresolved=("aws_subnet.a",))
    assert [entry.address for entry in member(expression, subnets[0], key="[2]").resources] == ["aws_subnet.a[0]"]


def test_a_member_of_a_variable() -> None:
    inner = resource(
        "aws_instance.i", expressions={"subnet_id": ref("var.ids[1]")}, unknown={"subnet_id": True}, module="module.m"
    )
    subnets = [resource(f"aws_subnet.a[{index}]", unknown={"id": True}) for index in (0, 1)]
    made = plan(inner, *subnets, calls={"m": {"expressions": {"ids": ref("aws_subnet.a")}}})
    found = made.links(made.of("aws_instance")[0], "subnet_id", "aws_subnet")
    assert [entry.address for entry in found.resources] == ["aws_subnet.a[1]"]
