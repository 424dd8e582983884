"""Quotas read from AWS: Service Quotas, and what Lambda itself says of the account."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from analysis.quotas import CONCURRENT_EXECUTIONS, QUOTAS, QuotaSnapshot
from modules.core.errors import TargetError
from modules.core.target import Target

Clients = Callable[[str], Any]
"""Makes a boto3 client of a service, in the account and region that are read."""

Progress = Callable[[int, int, str], None]
"""Told what is done, of how much, and what comes next."""

ACTIONS = (
    "lambda:GetAccountSettings",
    "lambda:GetFunction",
    "lambda:ListFunctions",
    "lambda:ListProvisionedConcurrencyConfigs",
    "lambda:ListTags",
    "servicequotas:GetAWSDefaultServiceQuota",
    "servicequotas:GetServiceQuota",
)
"""IAM actions that reading takes."""


def read_quotas(
    clients: Clients, targets: Iterable[Target], *, today: date, progress: Progress = lambda *_: None
) -> QuotaSnapshot:
    """Read the quotas of an account and region, and what functions outside the targets' stacks take.

    A value that was applied to the account goes before the default, and what Lambda enforces before both.

    Args:
        clients: clients for the account and region.
        targets: every target of that account and region; their functions are told by their tags.
        today: the day in UTC.
        progress: told of each request.

    Raises:
        TargetError: there are no credentials, they belong to another account, or AWS refuses an action.
    """
    own = tuple(targets)
    where = f"account {own[0].account_id} in {own[0].region}"
    try:
        _require_account(clients, own[0].account_id, where)
        quotas = dict(_quotas(clients("service-quotas"), progress))
        functions = clients("lambda")
        limits = functions.get_account_settings()["AccountLimit"]
        concurrent = int(limits["ConcurrentExecutions"])
        reserved = concurrent - int(limits["UnreservedConcurrentExecutions"])
        own_reserved, provisioned = _taken(functions, own, where, progress)
    except (BotoCoreError, ClientError) as error:
        raise TargetError(_refused(where, error)) from None
    return QuotaSnapshot(
        account_id=own[0].account_id,
        region=own[0].region,
        taken=today,
        reserved_elsewhere=max(0, reserved - own_reserved),
        provisioned_elsewhere=provisioned,
        quotas={**quotas, CONCURRENT_EXECUTIONS: concurrent},
    )


def _require_account(clients: Clients, account_id: str, where: str) -> None:
    found = clients("sts").get_caller_identity()["Account"]
    if found != account_id:
        raise TargetError(
            f"{where}: the credentials belong to account {found}; quotas are read in the account itself; use "
            "credentials of the account (AWS_PROFILE), or name a target of another one with --target"
        )


def _quotas(client: Any, progress: Progress) -> Iterator[tuple[str, int]]:
    """Quota codes with the value of the account; without those that the region does not have."""
    for done, (code, quota) in enumerate(QUOTAS.items()):
        progress(done, len(QUOTAS), f"{quota.service}: {quota.name}")
        value = _value(client, quota.service, code)
        if value is not None:
            yield code, value


def _value(client: Any, service: str, code: str) -> int | None:
    """The value that was applied to the account, else the default one, else None."""
    for read in (client.get_service_quota, client.get_aws_default_service_quota):
        try:
            return int(read(ServiceCode=service, QuotaCode=code)["Quota"]["Value"])
        except ClientError as error:
            if error.response["Error"]["Code"] != "NoSuchResourceException":
                raise
    return None


def _taken(client: Any, targets: tuple[Target, ...], where: str, progress: Progress) -> tuple[int, int]:
    """What these targets' functions reserve at the moment, and what others that reserve nothing provision."""
    reserved = provisioned = 0
    names = sorted(function["FunctionName"] for function in _pages(client, "list_functions", "Functions"))
    for done, name in enumerate(names):
        progress(done, len(names), name)
        try:
            found = client.get_function(FunctionName=name)
            if _is_own(found, targets, f"{where}: the tags of function {name}"):
                reserved += int(found.get("Concurrency", {}).get("ReservedConcurrentExecutions", 0))
            elif "Concurrency" not in found:
                provisioned += _provisioned(client, name)
        except client.exceptions.ResourceNotFoundException:
            continue  # deleted since the list was read
    return reserved, provisioned


def _provisioned(client: Any, name: str) -> int:
    configs = _pages(client, "list_provisioned_concurrency_configs", "ProvisionedConcurrencyConfigs", FunctionName=name)
    return sum(int(config["RequestedProvisionedConcurrentExecutions"]) for config in configs)


def _pages(client: Any, action: str, key: str, **given: str) -> Iterator[Mapping[str, Any]]:
    for page in client.get_paginator(action).paginate(**given):
        yield from page[key]


def _is_own(found: Mapping[str, Any], targets: tuple[Target, ...], what: str) -> bool:
    refused = found.get("TagsError")
    if refused:
        raise TargetError(
            f"{what} cannot be read ({refused.get('ErrorCode', '')}: {refused.get('Message', '')}); they say which "
            "stack a function belongs to; allow lambda:ListTags"
        )
    return any(_is_of(target, found.get("Tags", {})) for target in targets)


def _is_of(target: Target, tags: Mapping[str, str]) -> bool:
    """Whether a function belongs to a target's stack, by the tags that every resource of it has."""
    own = {"org": target.org, "env": target.env, "stack": target.stack, "managed-by": "terraform"}
    return own.items() <= tags.items()


def _refused(where: str, error: BotoCoreError | ClientError) -> str:
    if isinstance(error, ClientError):
        told = error.response["Error"]
        action = f"{error.operation_name} was refused ({told.get('Code', '')}: {told.get('Message', '')})"
        return f"{where}: {action}; reading quotas takes {', '.join(ACTIONS)}; allow them"
    detail = " ".join(str(error).split()).rstrip(".")
    return f"{where}: its quotas cannot be read ({detail}); sign in to the account (AWS_PROFILE), and try again"
