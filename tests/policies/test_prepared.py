"""What is given to Checkov's checks in place of what a plan or synthesized JSON writes."""

from __future__ import annotations

import json
from typing import Any

import pytest

from policies.runner.prepared import policy_of, prepared_plan, prepared_synthesized, read_policies, without_unset

POLICY = '{"Statement": [{"Action": "*"}]}'
OPEN = {"from_port": 22}


def written(body: dict[str, Any], kind: str = "aws_security_group") -> dict[str, Any]:
    found: dict[str, Any] = prepared_synthesized({"resource": {kind: {"a": body}}})["resource"][kind]["a"]
    return found


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ({"a": None, "b": "", "c": [], "d": 0, "e": False, "f": {}}, {"d": 0, "e": False, "f": {}}),
        ({"block": [{"a": None}], "list": ["", None, "x"]}, {"block": [{}], "list": ["", None, "x"]}),
        ({"//": {"metadata": {}}, "a": {"b": {"c": None}}}, {"a": {"b": {}}}),
        ({"reserved_concurrent_executions": -1, "retention_in_days": 0}, {"retention_in_days": 0}),
        ({"reserved_concurrent_executions": 0}, {"reserved_concurrent_executions": 0}),
    ],
)
def test_what_says_nothing_is_left_out(given: dict[str, Any], kept: dict[str, Any]) -> None:
    assert without_unset("aws_lambda_function", given) == kept


@pytest.mark.parametrize(
    ("dynamic", "ingress"),
    [
        ({"ingress": {"for_each": "${var.rules}", "content": OPEN}}, [OPEN]),
        ([{"ingress": [{"for_each": [1, 2], "content": [OPEN]}]}], [OPEN]),
        ({"ingress": {"for_each": [], "content": OPEN}}, None),
        (
            {"ingress": {"for_each": ["a"], "content": {"dynamic": {"b": {"for_each": ["a"], "content": {}}}}}},
            [{"b": [{}]}],
        ),
    ],
)
def test_a_dynamic_block_is_written_out_once(dynamic: Any, ingress: Any) -> None:
    assert written({"name": "a", "dynamic": dynamic}) == {"name": "a"} | ({"ingress": ingress} if ingress else {})


def test_a_dynamic_block_adds_to_the_blocks_that_are_written() -> None:
    dynamic = {"ingress": {"for_each": ["a"], "content": {"from_port": 2}}}
    assert written({"ingress": {"from_port": 1}, "dynamic": dynamic})["ingress"] == [{"from_port": 1}, {"from_port": 2}]


@pytest.mark.parametrize("named", ["yes", {"a": "b"}, {"a": {"b": "c"}}, {}])
def test_a_setting_that_is_called_dynamic_stays(named: Any) -> None:
    assert written({"tags": {"dynamic": named}})["tags"] == {"dynamic": named}


def test_settings_beside_blocks_and_lists_of_one_do_not_end_the_parser() -> None:
    document = {
        "//": {"metadata": {}},
        "terraform": {"required_version": ">= 1.9", "backend": {"local": {}}},
        "module": [{"network": [{"source": "./network"}]}],
        "provider": {"aws": [{"region": "eu-west-1"}]},
        "resource": {"aws_vpc": {"main": [{"cidr_block": "10.0.0.0/16"}], "//": "note"}},
    }
    assert prepared_synthesized(document) == {
        "//": {"metadata": {}},
        "terraform": {"backend": {"local": {}}},
        "module": {"network": {"source": "./network"}},
        "provider": {"aws": [{"region": "eu-west-1"}]},
        "resource": {"aws_vpc": {"main": {"cidr_block": "10.0.0.0/16"}}},
        "data": {},
    }


@pytest.mark.parametrize(
    "text", [None, 1, "", "arn:aws:iam::aws:policy/A", "{", "[]", '{"Version": "1"}', "${a.b.json}"]
)
def test_other_texts_are_no_policies(text: object) -> None:
    assert policy_of(text) is None


def test_policy_texts_become_documents() -> None:
    body: dict[str, Any] = {"policy": [f" {POLICY}"], "name": ["a"], "other": [POLICY, POLICY]}
    read_policies(body)
    assert body == {"policy": [json.loads(POLICY)], "name": ["a"], "other": [POLICY, POLICY]}


def resource(address: str, mode: str = "managed", **values: Any) -> dict[str, Any]:
    *_, kind, name = address.split(".")
    return {"address": address, "mode": mode, "type": kind, "name": name.partition("[")[0], "values": values}


def test_a_plan_keeps_the_policy_texts_and_the_data_that_it_knows() -> None:
    module, read = 'module.a["x.y"].module.b[0]', "data.aws_iam_policy_document.read"
    setting = {"mode": "managed", "type": "aws_iam_role_policy", "name": "p", "expressions": {}}
    policy = {"policy": {"constant_value": POLICY}, "role": {"constant_value": "${a.b}"}, "block": [{"a": {}}]}
    inner = {"resources": [setting | {"expressions": policy}]}
    calls = {"a": {"module": {"module_calls": {"b": {"module": inner}}}}}
    child = {"address": module, "resources": [resource(f"{module}.aws_iam_role_policy.p[0]", role=None)]}
    outer = {"address": 'module.a["x.y"]', "child_modules": [child]}
    before = {
        "address": module,
        "resources": [resource(f"{module}.{read}", "data", json=POLICY), resource("a.managed")],
    }
    known = resource(read, "data", json="planned")
    plan = prepared_plan(
        {
            "planned_values": {"root_module": {"resources": [known], "child_modules": [outer]}},
            "configuration": {"root_module": {"module_calls": calls}},
            "prior_state": {
                "values": {"root_module": {"resources": [resource(read, "data")], "child_modules": [before]}}
            },
        }
    )
    root = plan["planned_values"]["root_module"]
    assert root["resources"] == [known]
    assert root["child_modules"][0]["child_modules"][0]["resources"] == [
        resource(f"{module}.aws_iam_role_policy.p[0]", policy=POLICY),
        resource(f"{module}.{read}", "data", json=POLICY),
    ]
