"""What the provider takes each name for: the table, and how it is made."""

from __future__ import annotations

import json
from importlib.resources import files
from typing import Any

import pytest

from analysis.plan.shapes import Name, shape, shape_of, table_of
from rollout.provider_schema import table_text


def attribute(kind: Any, *, computed: bool = False) -> dict[str, Any]:
    return {"type": kind, "optional": True, "computed": computed}


INNER = {"attributes": {"seconds": attribute("number")}}
SCHEMA = {
    "resource_schemas": {
        "aws_b": {"block": {"block_types": {"timeouts": {"nesting_mode": "single", "block": INNER}}}},
        "aws_a": {
            "block": {
                "attributes": {
                    "arn": attribute("string", computed=True),
                    "name": attribute("string"),
                    "zones": attribute(["list", "string"]),
                    "subnets": attribute(["set", "string"]),
                    "tags": attribute(["map", "string"]),
                    "rules": attribute(["set", ["object", {"port": "number"}]], computed=True),
                    "on": attribute("bool"),
                    "any": attribute("dynamic"),
                    "nested": {"nested_type": {"nesting_mode": "single", "attributes": {}}, "optional": True},
                },
                "block_types": {
                    "rule": {"nesting_mode": "list", "block": INNER},
                    "label": {"nesting_mode": "map", "block": INNER},
                },
            }
        },
    },
    "data_source_schemas": {"aws_a": {"block": {"attributes": {"id": attribute("string", computed=True)}}}},
}


def test_what_a_rule_tells_is_left_out_of_the_table() -> None:
    assert table_of(SCHEMA) == {
        "resources": {"aws_a": 1, "aws_b": 2},
        "data": {"aws_a": 3},
        "shapes": [
            "seconds:n",
            "any:d !arn nested:Ns on:b !rules:so subnets:s tags:m label>m:0 rule>0",
            "timeouts>1:0",
            "!id",
        ],
    }


def test_the_file_names_its_provider_and_does_not_change_without_need() -> None:
    schema = json.dumps({"provider_schemas": {"registry.terraform.io/hashicorp/aws": SCHEMA}})
    written = files("analysis.plan").joinpath("provider_schema.json").read_text(encoding="utf-8")

    assert json.loads(table_text(schema))["provider"] == json.loads(written)["provider"] == "hashicorp/aws 5.100.0"
    assert written == json.dumps(json.loads(written), indent=0, sort_keys=True) + "\n"


@pytest.mark.parametrize(
    ("kind", "name", "expected"),
    [
        ("aws_lambda_function", "timeout", Name("n")),
        ("aws_lambda_function", "arn", Name("", is_computed=True)),
        ("aws_lambda_function", "tags", Name("m")),
        ("aws_security_group", "ingress", Name("so", is_computed=True)),
        ("terraform_data", "input", Name("d")),
    ],
)
def test_names_of_the_provider(kind: str, name: str, expected: Name) -> None:
    found = shape_of("managed", kind)

    assert found is not None
    assert found[name] == expected


def test_blocks_lead_to_their_names() -> None:
    function, vpc = shape_of("managed", "aws_lambda_function"), shape_of("data", "aws_vpc")
    assert function
    assert vpc

    assert function["environment"].is_block
    assert shape(function["environment"].inner)["variables"] == Name("m")
    assert function["timeouts"].kind == "single"
    assert vpc["cidr_block"].is_computed
    assert shape_of("managed", "aws_of_a_later_provider") is None
