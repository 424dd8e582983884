"""Policies of endpoints: actions, objects, principals, conditions."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.analysis.documents import resource
from tests.analysis.network.houses import (
    To,
    isolated,
    made,
    planned,
    service,
    verdict,
)
from tests.analysis.network.wings import (
    SECRETS,
    gateway,
    interface,
)


def policy(*statements: dict[str, Any]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def allow(*actions: str, on: Any = "*", effect: str = "Allow", **more: Any) -> dict[str, Any]:
    return {"Effect": effect, "Principal": "*", "Action": list(actions), "Resource": on, **more}


IDENTITY = resource("data.aws_caller_identity.current", {"account_id": "123456789012"})
OF_ACCOUNT: dict[str, Any] = {"Condition": {"StringEquals": {"aws:PrincipalAccount": "123456789012"}}}
OF_ANOTHER: dict[str, Any] = {"Condition": {"StringEquals": {"aws:PrincipalAccount": "210987654321"}}}
BUT_ACCOUNT: dict[str, Any] = {"Condition": {"StringNotEquals": {"aws:PrincipalAccount": "123456789012"}}}
OF_OTHERS: dict[str, Any] = {"Condition": {"StringEquals": {"aws:PrincipalOrgID": "o-1234567890"}}}
MISSING = "secretsmanager:GetSecretValue in the policy of aws_vpc_endpoint.secrets"
UNSURE = "whether the policy of aws_vpc_endpoint.secrets allows secretsmanager:GetSecretValue"


@pytest.mark.parametrize(
    ("statements", "expected"),
    [
        ([allow("*")], ("reachable", "")),
        ([allow("secretsmanager:Get*")], ("reachable", "")),
        ([allow("secretsmanager:ListSecrets")], ("unreachable", MISSING)),
        ([allow("*"), allow("secretsmanager:*", effect="Deny")], ("unreachable", MISSING)),
        ([allow("*"), allow("sqs:*", effect="Deny")], ("reachable", "")),
        ([allow("*"), allow("*", effect="Deny", **OF_OTHERS)], ("undecidable", UNSURE)),
        ([allow("*", **OF_ACCOUNT)], ("reachable", "")),
        ([allow("*", **OF_OTHERS)], ("undecidable", UNSURE)),
        ([allow("*", **OF_ANOTHER)], ("unreachable", MISSING)),
        ([allow("*"), allow("*", effect="Deny", **BUT_ACCOUNT)], ("reachable", "")),
        ([allow("*", Principal={"AWS": ["*"]})], ("reachable", "")),
        (
            [allow("*", Principal={"AWS": "arn:aws:iam::123456789012:role/other"})],
            ("undecidable", "the policy of aws_vpc_endpoint.secrets"),
        ),
        ([allow("*", on="arn:aws:secretsmanager:*:*:secret:orders-*")], ("undecidable", UNSURE)),
    ],
)
def test_the_policy_of_an_endpoint(statements: list[dict[str, Any]], expected: tuple[str, str]) -> None:
    given = planned(isolated(), interface(policy=policy(*statements)), IDENTITY)
    assert verdict(given, SECRETS) == expected


def test_a_policy_resource_takes_the_place_of_the_endpoint_s_own() -> None:
    own = made(
        "aws_vpc_endpoint_policy.secrets",
        vpc_endpoint_id=To("aws_vpc_endpoint.secrets.id"),
        policy=policy(allow("secretsmanager:ListSecrets")),
    )
    assert verdict(planned(isolated(), interface(), own), SECRETS) == ("unreachable", MISSING)


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("arn:aws:s3:::files/*", "reachable"),
        ("arn:aws:s3:::fi*/*", "reachable"),
        ("arn:aws:s3:::others/*", "unreachable"),
    ],
)
def test_the_objects_of_a_policy(pattern: str, expected: str) -> None:
    bucket = made("aws_s3_bucket.files", bucket="files")
    endpoint = gateway("private_a", "private_b", policy=policy(allow("s3:*", on=pattern)))
    given = planned(isolated(), endpoint, bucket)
    found = given.at("aws_s3_bucket.files")
    assert found
    assert verdict(given, service("s3", "s3:GetObject", objects=(found,)))[0] == expected
