"""Resources of the same name, such as one in each region: a reference says which one is meant, a text does not."""

from __future__ import annotations

from analysis.plan import Plan
from tests.analysis.documents import plan, ref, resource, text

_FUNCTION = "aws_lambda_function"


def _plan() -> Plan:
    ireland = resource(f"{_FUNCTION}.ireland", {"function_name": "orders"})
    ohio = resource(f"{_FUNCTION}.ohio", {"function_name": "orders"}, region="us-east-2")
    reference = {"function_name": ref("aws_lambda_function.ohio.function_name")}
    named = resource("aws_lambda_alias.named", {"function_name": "orders"}, expressions=reference)
    spelt = resource(
        "aws_lambda_alias.spelt", {"function_name": "orders"}, expressions={"function_name": text("orders")}
    )
    return plan(ireland, ohio, named, spelt)


def test_a_reference_leads_to_the_resource_it_names() -> None:
    found = _plan()
    alias = found.at("aws_lambda_alias.named")
    assert alias is not None
    links = found.links(alias, "function_name", _FUNCTION)
    assert [entry.address for entry in links.resources] == ["aws_lambda_function.ohio"]
    assert links.is_complete
    assert not links.literals


def test_a_name_that_several_have_is_no_resource() -> None:
    found = _plan()
    alias = found.at("aws_lambda_alias.spelt")
    assert alias is not None
    links = found.links(alias, "function_name", _FUNCTION)
    assert links.resources == ()
    assert links.literals == ("orders",)
