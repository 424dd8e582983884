"""What a module is given."""

from __future__ import annotations

from tests.analysis.documents import plan, ref, resource


def test_resources_that_the_inputs_of_a_module_lead_to() -> None:
    made = plan(
        resource("aws_vpc.main", {}, unknown={"id": True}),
        resource("aws_subnet.a", {}, unknown={"id": True}, module="module.inner"),
        calls={"inner": {"expressions": {"vpc_id": ref("aws_vpc.main.id"), "zone": ref("local.zone")}}},
    )
    found = made.given((("inner", None),))
    assert [str(entry) for entry in found.resources] == ["aws_vpc.main"]
    assert found.unresolved == ("local.zone",)
    assert made.given(()).is_empty
