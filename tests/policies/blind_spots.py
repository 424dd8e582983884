"""Defects that the stock Checkov passes over because of how the input writes them, and the checks that must tell.

The name of a resource says which input it is for: `..._in_json`, `..._in_plan`, or both.
"""

from __future__ import annotations

import json
from typing import Any

from policies.samples import policy

ADMINISTRATOR = policy(Sid="All", Action="*", Resource="*")
ANYBODY = policy(Sid="All", Action="*", Principal="*", Resource="*")
ENCODED = '${jsonencode({"Statement" = [{"Action" = "*", "Effect" = "Allow", "Resource" = "*"}]})}'
LATER = policy({"Action": "*", "Resource": "*"}, {"Action": "sqs:SendMessage", "Resource": "${aws_sqs_queue.q.arn}"})
SEND = policy(Action="sqs:SendMessage", Resource="${aws_sqs_queue.q.arn}")
ONE_TOPIC = policy(
    Action="sqs:SendMessage",
    Principal={"Service": "sns.amazonaws.com"},
    Resource="*",
    Condition={"ArnEquals": {"aws:SourceArn": "arn:aws:sns:eu-west-1:123456789012:news"}},
)
EXCEPT = policy({"NotAction": "iam:*", "Resource": "*"}, {"Action": "new-service:Do*", "NotResource": "arn:aws:s3:::a"})
"""Checkov's library warns about it, which is no reason to refuse the input."""
OPEN = {"from_port": 22, "to_port": 22, "protocol": "tcp", "cidr_blocks": ["0.0.0.0/0"]}
NULLS = {"ipv6_cidr_blocks": None, "prefix_list_ids": None, "security_groups": None, "self": None}
DOCUMENT = {
    "statement": [{"actions": ["*"], "effect": "Allow", "resources": ["*"], "condition": [], "not_actions": None}]
}

RESOURCES: dict[str, dict[str, Any]] = {
    "aws_security_group": {
        "open_to_ssh": {"name": "a", "description": "A", "ingress": [{"description": "B", **OPEN, **NULLS}]},
        "described_by_the_provider_in_plan": {"name": "a", "description": "Managed by Terraform"},
        "after_dynamic_in_json": {"name": "a", "description": "Nothing uses it"},
        "open_by_dynamic_in_json": {
            "name": "a",
            "description": "A",
            "dynamic": {"ingress": {"for_each": ["a", "b"], "content": {"description": "B", **OPEN}}},
        },
    },
    "aws_security_group_rule": {
        "open_to_ssh": {"type": "ingress", "security_group_id": "sg-1", "description": "A", **OPEN, **NULLS},
        "passes_from_a_group": {
            "type": "ingress",
            "security_group_id": "sg-1",
            "description": "A",
            **OPEN,
            **NULLS,
            "cidr_blocks": None,
            "source_security_group_id": "sg-2",
        },
    },
    "aws_lambda_function": {
        "without_limit": {"function_name": "a", "role": "r", "reserved_concurrent_executions": -1},
        "without_key": {
            "function_name": "a",
            "role": "r",
            "kms_key_arn": "",
            "environment": [{"variables": {"A": "b"}}],
        },
    },
    "aws_lambda_permission": {
        "for_everybody": {
            "action": "lambda:InvokeFunction",
            "function_name": "a",
            "principal": "sns.amazonaws.com",
            "source_arn": None,
            "source_account": None,
        }
    },
    "aws_cloudwatch_log_group": {
        "never_expires": {"name": "a", "retention_in_days": 0},
        "passes_with_all_of_it": {"name": "a", "retention_in_days": 365, "kms_key_id": "key", "skip_destroy": None},
    },
    "aws_iam_role_policy": {
        "passes_with_an_arn_that_is_known_later": {"role": "r", "policy": SEND},
        "administrator": {"role": "r", "policy": ADMINISTRATOR},
        "everything_else": {"role": "r", "policy": EXCEPT},
        "encoded_in_json": {"role": "r", "policy": ENCODED},
        "known_later": {"role": "r", "policy": LATER},
    },
    "aws_kms_key": {"for_anybody": {"policy": ANYBODY}},
    "aws_sqs_queue_policy": {"for_anybody": {"queue_url": "q", "policy": ANYBODY}},
    "aws_sqs_queue": {
        "for_anybody": {"name": "q", "policy": ANYBODY},
        "q": {"name": "q"},
        "passes_for_one_topic": {"name": "q", "kms_master_key_id": "key", "policy": ONE_TOPIC},
    },
    "aws_sns_topic_policy": {"for_anybody": {"arn": "t", "policy": ANYBODY}},
}
STAR = ("CKV_AWS_62", "CKV_AWS_63", "CKV2_AWS_40", "CKV_AWS_286", "CKV_AWS_289", "CKV_AWS_290", "CKV_AWS_355")
EXPECTED: dict[str, tuple[str, ...]] = {
    "aws_security_group.open_to_ssh": ("CKV_AWS_24",),
    "aws_security_group.described_by_the_provider_in_plan": ("CKV_AWS_23",),
    "aws_security_group.after_dynamic_in_json": ("CKV2_AWS_5",),
    "aws_security_group.open_by_dynamic_in_json": ("CKV_AWS_24",),
    "aws_security_group_rule.open_to_ssh": ("CKV_AWS_24",),
    "aws_lambda_function.without_limit": ("CKV_AWS_115",),
    "aws_lambda_function.without_key": ("CKV_AWS_173",),
    "aws_lambda_permission.for_everybody": ("CKV_AWS_364",),
    "aws_cloudwatch_log_group.never_expires": ("CKV_AWS_66", "CKV_AWS_338"),
    "aws_iam_role_policy.administrator": STAR,
    "aws_iam_role_policy.everything_else": ("CKV_AWS_289",),
    "aws_iam_role_policy.encoded_in_json": STAR,
    "aws_iam_role_policy.known_later": STAR,
    "aws_kms_key.for_anybody": ("CKV_AWS_33",),
    "aws_sqs_queue_policy.for_anybody": ("CKV_AWS_72", "CKV_AWS_168", "CKV_AWS_387"),
    "aws_sqs_queue.for_anybody": ("CKV_AWS_168",),
    "aws_sns_topic_policy.for_anybody": ("CKV_AWS_169",),
    "provider.aws.other": ("CKV_AWS_41",),
    "data.aws_iam_policy_document.everything": ("CKV_AWS_1", "CKV_AWS_49", "CKV_AWS_107", "CKV_AWS_111", "CKV_AWS_356"),
}


PROVIDER = [{"region": "eu-west-1"}, {"alias": "other", "access_key": "AKIAIOSFODNN7EXAMPLE", "secret_key": "k" * 40}]


def resources(kind: str) -> dict[str, dict[str, Any]]:
    """The resources for `json` or for `plan`."""
    other = {"json": "_in_plan", "plan": "_in_json"}[kind]
    return {
        type_: {name: body for name, body in named.items() if not name.endswith(other)}
        for type_, named in RESOURCES.items()
    }


def expected(kind: str) -> set[tuple[str, str]]:
    """Check and address of what must fail in `json` or in `plan`."""
    other = {"json": "_in_plan", "plan": "_in_json"}[kind]
    return {(check, address) for address, checks in EXPECTED.items() if not address.endswith(other) for check in checks}


def completed(plan: dict[str, Any]) -> dict[str, Any]:
    """The plan with providers, and after Terraform has read a policy document, which stands in its prior state only."""
    document = {"address": "data.aws_iam_policy_document.everything", "mode": "data", "type": "aws_iam_policy_document"}
    read = {**document, "name": "everything", "values": {**DOCUMENT, "json": json.dumps({"Statement": []})}}
    providers = {
        f"aws.{entry.get('alias', '')}".removesuffix("."): {
            "name": "aws",
            **({"alias": entry["alias"]} if "alias" in entry else {}),
            "expressions": {key: {"constant_value": value} for key, value in entry.items()},
        }
        for entry in PROVIDER
    }
    return {
        **plan,
        "prior_state": {"values": {"root_module": {"resources": [read]}}},
        "configuration": {**plan["configuration"], "provider_config": providers},
    }
