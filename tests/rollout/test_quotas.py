"""Quotas read from AWS, against stubs that check every request and answer by botocore's own shapes."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

import boto3
import pytest
from botocore.exceptions import NoCredentialsError
from botocore.stub import Stubber

from analysis.quotas import CONCURRENT_EXECUTIONS, QUOTAS, QuotaSnapshot
from modules.core.errors import TargetError
from rollout.quotas import ACTIONS, read_quotas
from tests.modules.core.test_target import target

TODAY = date(2026, 11, 21)
OWN = {"org": "acme", "env": "dev", "stack": "orders_api", "managed-by": "terraform", "owner": "x", "Name": "x"}
FOREIGN = {**OWN, "stack": "orders_ui"}
WHERE = "account 123456789012 in eu-west-1"
HIDDEN = "User: arn:aws:iam::123456789012:user/x is not authorized to perform: lambda:ListTags on resource: y"
QUOTA, DEFAULT = "get_service_quota", "get_aws_default_service_quota"


class Aws:
    """Stubbed clients, and what they answer in order."""

    def __init__(self, account: str = "123456789012") -> None:
        self.clients: dict[str, Any] = {}
        self.stubs: dict[str, Stubber] = {}
        for service in ("sts", "service-quotas", "lambda"):
            make: Any = boto3.session.Session().client
            self.clients[service] = make(
                service, region_name="eu-west-1", aws_access_key_id="x", aws_secret_access_key="x"
            )
            self.stubs[service] = Stubber(self.clients[service])
        self.stubs["sts"].add_response("get_caller_identity", {"Account": account})

    def quotas(self, *, applied: dict[str, int] | None = None, default: dict[str, int] | None = None) -> None:
        """Each quota has its applied value, else its default one, else none."""
        stub = self.stubs["service-quotas"]
        for code, quota in QUOTAS.items():
            asked = {"ServiceCode": quota.service, "QuotaCode": code}
            for action, values in ((QUOTA, applied or {}), (DEFAULT, default or {})):
                if code in values:
                    stub.add_response(action, {"Quota": {"Value": float(values[code])}}, asked)
                    break
                stub.add_client_error(action, "NoSuchResourceException", expected_params=asked)

    def account(self, concurrent: int, unreserved: int) -> None:
        limit = {"ConcurrentExecutions": concurrent, "UnreservedConcurrentExecutions": unreserved}
        self.stubs["lambda"].add_response("get_account_settings", {"AccountLimit": limit})

    def functions(self, *names: str) -> None:
        half = len(names) // 2
        first, second = ([{"FunctionName": name} for name in some] for some in (names[:half], names[half:]))
        stub = self.stubs["lambda"]
        stub.add_response("list_functions", {"Functions": first, "NextMarker": "m"}, {})
        stub.add_response("list_functions", {"Functions": second}, {"Marker": "m"})

    def function(self, name: str, tags: dict[str, str], reserved: int | None = None) -> None:
        concurrency = {} if reserved is None else {"Concurrency": {"ReservedConcurrentExecutions": reserved}}
        self.stubs["lambda"].add_response("get_function", {"Tags": tags, **concurrency}, {"FunctionName": name})

    def provisioned(self, name: str, *counts: int) -> None:
        configs = [{"RequestedProvisionedConcurrentExecutions": count} for count in counts]
        answer = {"ProvisionedConcurrencyConfigs": configs}
        self.stubs["lambda"].add_response("list_provisioned_concurrency_configs", answer, {"FunctionName": name})

    def read(self, **options: Any) -> QuotaSnapshot:
        """Read, and see that everything was asked."""
        targets = [target(), target(env="prod")]
        for stub in self.stubs.values():
            stub.activate()
        found = read_quotas(lambda service: self.clients[service], targets, today=TODAY, **options)
        for stub in self.stubs.values():
            stub.assert_no_pending_responses()
        return found


@contextmanager
def refused() -> Iterator[list[str]]:
    said: list[str] = []
    with pytest.raises(TargetError) as caught:
        yield said
    said.append(str(caught.value))


def test_an_applied_value_goes_before_the_default_and_what_lambda_enforces_before_both() -> None:
    aws = Aws()
    aws.quotas(applied={CONCURRENT_EXECUTIONS: 1000, "L-F678F1CE": 12}, default={"L-F678F1CE": 5, "L-9FEE3D26": 500})
    aws.account(10, 10)
    aws.functions()

    assert aws.read() == QuotaSnapshot(
        account_id="123456789012",
        region="eu-west-1",
        taken=TODAY,
        quotas={CONCURRENT_EXECUTIONS: 10, "L-F678F1CE": 12, "L-9FEE3D26": 500},
    )


def test_what_others_take_is_told_from_what_the_stacks_take_by_tags() -> None:
    aws = Aws()
    aws.quotas()
    aws.account(1000, 845)
    aws.functions("d-own-less", "b-theirs", "a-own", "c-prod", "e-theirs", "f-untagged")
    aws.function("a-own", OWN, 20)
    aws.function("b-theirs", FOREIGN, 100)
    aws.function("c-prod", {**OWN, "env": "prod"}, 30)
    aws.function("d-own-less", OWN)
    aws.function("e-theirs", FOREIGN)
    aws.provisioned("e-theirs", 3, 4)
    aws.function("f-untagged", {}, 5)
    seen: list[tuple[int, int, str]] = []

    found = aws.read(progress=lambda done, total, what: seen.append((done, total, what)))

    assert (found.concurrent_executions, found.reserved_elsewhere, found.provisioned_elsewhere) == (1000, 105, 7)
    assert seen[0] == (0, len(QUOTAS), "lambda: Concurrent executions")
    assert seen[-1] == (5, 6, "f-untagged")


def test_a_function_that_is_deleted_meanwhile_takes_nothing() -> None:
    aws = Aws()
    aws.quotas()
    aws.account(1000, 1000)
    aws.functions("gone")
    aws.stubs["lambda"].add_client_error("get_function", "ResourceNotFoundException")
    assert aws.read().reserved_elsewhere == 0


def test_credentials_of_another_account_are_refused() -> None:
    with refused() as said:
        Aws("210987654321").read()
    assert said[0] == (
        f"{WHERE}: the credentials belong to account 210987654321; quotas are read in the account itself; use "
        "credentials of the account (AWS_PROFILE), or name a target of another one with --target"
    )


def test_without_credentials_it_says_how_to_get_some() -> None:
    def client(service: str) -> Any:
        del service
        raise NoCredentialsError

    with refused() as said:
        read_quotas(client, [target()], today=TODAY)
    assert said[0] == (
        f"{WHERE}: its quotas cannot be read (Unable to locate credentials); sign in to the account (AWS_PROFILE), and "
        "try again"
    )


def test_an_action_that_is_not_allowed_is_named_with_all_that_are_needed() -> None:
    aws = Aws()
    aws.stubs["service-quotas"].add_client_error(QUOTA, "AccessDeniedException", "not authorized")
    with refused() as said:
        aws.read()
    assert said[0] == (
        f"{WHERE}: GetServiceQuota was refused (AccessDeniedException: not authorized); reading quotas takes "
        f"{', '.join(ACTIONS)}; allow them"
    )


def test_a_function_whose_tags_are_hidden_cannot_be_counted() -> None:
    aws = Aws()
    aws.quotas()
    aws.account(1000, 900)
    aws.functions("x")
    error = {"ErrorCode": "AccessDeniedException", "Message": HIDDEN}
    aws.stubs["lambda"].add_response("get_function", {"TagsError": error}, {"FunctionName": "x"})
    with refused() as said:
        aws.read()
    assert said[0] == (
        f"{WHERE}: the tags of function x cannot be read (AccessDeniedException: {HIDDEN}); they say which "
        "stack a function belongs to; allow lambda:ListTags"
    )
