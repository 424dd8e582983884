"""Roles are assumed where they exist and trust who asks."""

from __future__ import annotations

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError

from local.emulator import DEFAULT_ACCOUNT, Emulator

REGION, OTHER, THIRD = "eu-west-1", "222222222222", "333333333333"


def _trusting(principal: Any, condition: dict[str, Any] | None = None) -> str:
    statement = {"Effect": "Allow", "Principal": principal, "Action": "sts:AssumeRole"}
    return json.dumps(
        {"Version": "2012-10-17", "Statement": [statement | ({"Condition": condition} if condition else {})]}
    )


def _make_role(emulator: Emulator, trust: str, name: str = "apply") -> str:
    iam = emulator.client("iam", REGION, OTHER)
    arn = iam.create_role(RoleName=name, Path="/rollout/", AssumeRolePolicyDocument=trust)["Role"]["Arn"]
    iam.close()
    return str(arn)


def _assume(emulator: Emulator, arn: str, account: str = DEFAULT_ACCOUNT, **given: str) -> str:
    sts = emulator.client("sts", REGION, account)
    try:
        answer = sts.assume_role(RoleArn=arn, RoleSessionName="test", **given)
    finally:
        sts.close()
    return str(answer["AssumedRoleUser"]["Arn"])


@pytest.mark.parametrize(
    "principal",
    [{"AWS": f"arn:aws:iam::{DEFAULT_ACCOUNT}:root"}, {"AWS": [THIRD, DEFAULT_ACCOUNT]}, {"AWS": "*"}, "*"],
)
def test_a_role_that_trusts_the_caller_s_account_is_assumed(emulator: Emulator, principal: Any) -> None:
    arn = _make_role(emulator, _trusting(principal))
    assert _assume(emulator, arn) == f"arn:aws:sts::{OTHER}:assumed-role/apply/test"


@pytest.mark.parametrize(
    "principal", [{"AWS": f"arn:aws:iam::{THIRD}:root"}, {"Service": "lambda.amazonaws.com"}, {"AWS": []}]
)
def test_a_role_that_trusts_others_is_refused(emulator: Emulator, principal: Any) -> None:
    arn = _make_role(emulator, _trusting(principal))
    with pytest.raises(ClientError) as refused:
        _assume(emulator, arn)
    assert refused.value.response["Error"]["Code"] == "AccessDenied"
    assert refused.value.response["ResponseMetadata"]["HTTPStatusCode"] == 403


def test_a_role_that_does_not_exist_is_refused_with_the_same_sentence(emulator: Emulator) -> None:
    with pytest.raises(ClientError) as refused:
        _assume(emulator, f"arn:aws:iam::{OTHER}:role/absent")
    assert refused.value.response["Error"]["Message"] == (
        f"User: arn:aws:sts::{DEFAULT_ACCOUNT}:user/moto is not authorized to perform: sts:AssumeRole on resource: "
        f"arn:aws:iam::{OTHER}:role/absent"
    )


def test_an_external_id_is_asked_for(emulator: Emulator) -> None:
    condition = {"StringEquals": {"sts:ExternalId": "acme"}}
    arn = _make_role(emulator, _trusting({"AWS": DEFAULT_ACCOUNT}, condition))
    assert _assume(emulator, arn, ExternalId="acme").startswith("arn:aws:sts::")
    for given in ({}, {"ExternalId": "other"}):
        with pytest.raises(ClientError):
            _assume(emulator, arn, **given)


def test_one_role_leads_to_another(emulator: Emulator) -> None:
    arn = _make_role(emulator, _trusting({"AWS": f"arn:aws:iam::{THIRD}:root"}))
    assert _assume(emulator, arn, THIRD).endswith(":assumed-role/apply/test")
