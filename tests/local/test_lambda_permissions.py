"""What the extensions of Lambda's and IAM's policies keep and refuse."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.local.conftest import Clients
from tests.local.test_lambda import create

STATEMENT = {"FunctionName": "api", "StatementId": "caller", "Action": "lambda:InvokeFunction"}


@pytest.mark.parametrize(
    ("principal", "kept"),
    [
        ("210987654321", {"AWS": "arn:aws:iam::210987654321:root"}),
        ("arn:aws:iam::210987654321:root", {"AWS": "arn:aws:iam::210987654321:root"}),
        ("arn:aws:iam::210987654321:role/caller", {"AWS": "arn:aws:iam::210987654321:role/caller"}),
        ("events.amazonaws.com", {"Service": "events.amazonaws.com"}),
        ("*", "*"),
    ],
)
def test_a_principal_is_kept_as_lambda_writes_it(clients: Clients, role: str, principal: str, kept: Any) -> None:
    client = clients("lambda")
    create(client, role)
    answer = client.add_permission(**STATEMENT, Principal=principal)
    [statement] = json.loads(client.get_policy(FunctionName="api")["Policy"])["Statement"]
    assert json.loads(answer["Statement"]) == statement
    assert statement["Principal"] == kept


def test_a_statement_id_is_taken_once(clients: Clients, role: str) -> None:
    client = clients("lambda")
    create(client, role)
    client.add_permission(**STATEMENT, Principal="210987654321")
    with pytest.raises(client.exceptions.ResourceConflictException) as caught:
        client.add_permission(**STATEMENT, Principal="123456789012")
    assert caught.value.response["Error"]["Message"] == (
        "The statement id (caller) provided already exists. Please provide a new statement id, or remove the existing "
        "statement."
    )


def test_an_attached_policy_is_not_deleted(clients: Clients, role: str) -> None:
    iam = clients("iam")
    name = role.rsplit("/", 1)[-1]
    statement = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::orders/*"}
    document = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    arn = iam.create_policy(PolicyName="own", PolicyDocument=document)["Policy"]["Arn"]
    iam.attach_role_policy(RoleName=name, PolicyArn=arn)
    with pytest.raises(iam.exceptions.DeleteConflictException) as caught:
        iam.delete_policy(PolicyArn=arn)
    assert caught.value.response["Error"]["Message"] == "Cannot delete a policy attached to entities."
    iam.detach_role_policy(RoleName=name, PolicyArn=arn)
    iam.delete_policy(PolicyArn=arn)
