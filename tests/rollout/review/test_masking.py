"""What a plan marks as sensitive stands nowhere on the page, whichever way it takes."""

from __future__ import annotations

import json
from typing import Any

import pytest

from analysis.plan import Plan
from rollout.review import Given, review
from rollout.review.html import as_html
from rollout.review.markdown import as_markdown
from rollout.review.masking import SENSITIVE, Mask, sensitive_texts
from tests.analysis.forecast.changes import CREATE, DELETE, REPLACE, UPDATE
from tests.rollout.review.samples import base_stack, page
from tests.rollout.review.stack import CANARY, Stack

PLANTED = 'Kanari"1 & <b>|`x`'


def stack() -> Stack:
    return base_stack("prod", "retail")


def everything(*stacks: Stack, **more: Any) -> str:
    made = page(*stacks, **more)
    return as_markdown(made) + as_html(made)


def spellings(secret: str) -> set[str]:
    escaped = secret.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return {secret, escaped, escaped.replace('"', "&#34;"), json.dumps(secret)[1:-1], secret[:8]}


def assert_hidden(text: str, *secrets: str) -> None:
    for secret in secrets:
        for spelling in spellings(secret):
            assert spelling not in text, f"{spelling} of {secret}"


@pytest.mark.parametrize("actions", [UPDATE, REPLACE, DELETE])
def test_an_attribute_that_is_sensitive_is_told_without_its_value(actions: list[str]) -> None:
    one = stack()
    one.changes.add("aws_db_instance.d", actions, {"password": CANARY, "name": "d"}, {"password": f"{CANARY}2"})
    one.sensitive["aws_db_instance.d"] = ("password",)
    text = everything(one)
    assert_hidden(text, CANARY, f"{CANARY}2")
    assert "aws_db_instance.d" in text
    assert ("`password`: `(sensitive value)` → `(sensitive value)`" in text) == (actions != DELETE)


def test_a_created_attribute_and_a_planted_text_of_markup_are_hidden() -> None:
    one = stack()
    one.changes.add("aws_secretsmanager_secret_version.v", CREATE, None, {"secret_string": PLANTED})
    one.sensitive["aws_secretsmanager_secret_version.v"] = ("secret_string",)
    assert_hidden(everything(one), PLANTED)


def test_the_same_text_in_an_attribute_that_nobody_marked_is_hidden() -> None:
    one = stack()
    one.changes.add("aws_db_instance.d", UPDATE, {"password": CANARY}, {"password": f"{CANARY}2"})
    one.sensitive["aws_db_instance.d"] = ("password",)
    policy = json.dumps({"Statement": [{"Sid": CANARY, "Resource": f"x{CANARY}2y"}]})
    one.changes.add("aws_iam_policy.p", UPDATE, {"policy": "{}", CANARY: 1}, {"policy": policy, CANARY: 2})
    text = everything(one)
    assert_hidden(text, CANARY)
    assert "Statement.0.Resource" in text


def test_members_of_lists_and_blocks_are_hidden_one_by_one() -> None:
    one = stack()
    before = {"words": ["shown", CANARY], "block": [{"token": CANARY, "size": 1}]}
    after = {"words": ["shown", f"{CANARY}2"], "block": [{"token": f"{CANARY}3", "size": 2}]}
    one.changes.add("aws_x.x", UPDATE, before, after)
    document = one.document
    marks = {"words": [False, True], "block": [{"token": True}]}
    raw = next(raw for raw in document["resource_changes"] if raw["address"] == "aws_x.x")
    raw["change"] |= {"before_sensitive": marks, "after_sensitive": marks}
    made = review(Given({"t": Plan(document, "t")}))
    text = as_markdown(made) + as_html(made)
    assert_hidden(text, CANARY)
    assert "`words.1`: `(sensitive value)` → `(sensitive value)`" in text
    assert "`block.0.size`: `1` → `2`" in text


def test_variables_and_outputs_that_are_sensitive_are_collected() -> None:
    both = {"k": True, "n": True}
    document = {
        "variables": {"token": {"value": "t-12345"}, "open": {"value": "open-12345"}},
        "configuration": {"root_module": {"variables": {"token": {"sensitive": True}, "open": {}}}},
        "planned_values": {"outputs": {"o": {"value": {"a": ["o-12345"]}, "sensitive": True}}},
        "prior_state": {
            "values": {
                "outputs": {"p": {"value": "p-12345", "sensitive": True}},
                "root_module": {
                    "child_modules": [
                        {"resources": [{"values": {"k": "r-12345", "n": 123456}, "sensitive_values": both}]}
                    ]
                },
            }
        },
        "output_changes": {"c": {"before": "b-12345", "before_sensitive": True, "after": "a-12345"}},
        "resource_drift": [{"change": {"before": {"d": "d-12345"}, "before_sensitive": {"d": True}}}],
    }
    assert sensitive_texts(document) == {"t-12345", "o-12345", "p-12345", "r-12345", "123456", "b-12345", "d-12345"}


def test_findings_of_policies_are_hidden_too() -> None:
    one = stack().database()
    row = {
        "id": "CKV2_LNET_301",
        "severity": "HIGH",
        "resource": "aws_db_instance.orders",
        "target": one.target,
        "message": f"the password is {CANARY}",
        "fix": f"take {CANARY} out",
        "status": "failed",
    }
    one.changes.add("aws_sqs_queue.q", CREATE, None, {"name": "q"})
    text = everything(one, check={"findings": [row]})
    assert_hidden(text, CANARY)
    assert SENSITIVE in text


def test_a_secret_of_the_base_branch_is_hidden() -> None:
    old, new = stack().database(), stack()
    new.changes.add("aws_sqs_queue.q", UPDATE, {"name": "q"}, {"name": CANARY})
    assert_hidden(everything(new, base={old.target: old.plan}), CANARY)


def test_lines_of_a_key_are_hidden_one_by_one_and_longer_secrets_first() -> None:
    mask = Mask(["secret-1", "secret-1-longer", "-----BEGIN\nMIIEvQIBADANBg\n-----END"])
    assert mask.text("secret-1-longer, secret-1") == f"{SENSITIVE}, {SENSITIVE}"
    assert mask.text("the line MIIEvQIBADANBg") == f"the line {SENSITIVE}"
    assert mask.value({"a": [1, True, None, "secret-1"]}) == {"a": [1, True, None, SENSITIVE]}
    assert Mask(["123456"]).value([123456, 12]) == [SENSITIVE, 12]
    assert Mask([]).text("as it is") == "as it is"


def test_a_secret_within_json_is_hidden_however_it_is_spelled_there() -> None:
    secret = 'gru\u00df "1\n2"'
    for is_ascii in (True, False):
        text = json.dumps({"token": secret}, ensure_ascii=is_ascii)
        assert Mask([secret]).text(text) == json.dumps({"token": SENSITIVE})
