"""Secrets: rotation rules as they are given, a rotation function that Secrets Manager may invoke, keys of copies.

moto 5.2.5 forgets `Duration` and `ScheduleExpression`, names AWS's own key for every copy in another region, rotates by
a function that does not let it in, and runs the function's code in Docker. Here the code of a rotation function is not
run: the schedule is kept, and the secret's versions stay as they are, as after a rotation whose function does nothing.
"""

from __future__ import annotations

import re
import time
from contextlib import suppress
from operator import itemgetter
from typing import Any

# moto is untyped: what comes from it is `Any` throughout this module.
from moto.awslambda.models import lambda_backends
from moto.secretsmanager.exceptions import InvalidParameterException, InvalidRequestException, SecretsManagerClientError
from moto.secretsmanager.models import FakeSecret, SecretsManagerBackend

from local.extensions.patching import add_attribute, wrap

_PRINCIPAL = "secretsmanager.amazonaws.com"
_DAY_SECONDS = 86_400
_DURATION = re.compile(r"(?:[1-9]|1\d|2[0-4])h")
_SCHEDULE = re.compile(r"rate\([1-9]\d{0,2} (?:hours?|days?)\)|cron\(0(?: [0-9A-Za-z#?*/,-]+){4} \*\)")
_MOST_DAYS = 1_000


def install() -> None:
    """Extend moto."""
    add_attribute(FakeSecret, "rotation_rules", None)
    wrap(
        SecretsManagerBackend,
        "rotate_secret",
        "self secret_id client_request_token rotation_lambda_arn rotation_rules rotate_immediately",
        _rotate,
    )
    wrap(FakeSecret, "to_dict", "self", _described)
    wrap(FakeSecret, "create_replicas", "self replica_regions force_overwrite", _replicas)


def _rotate(
    _original: Any,
    backend: Any,
    secret_id: str,
    client_request_token: str | None = None,
    rotation_lambda_arn: str | None = None,
    rotation_rules: dict[str, Any] | None = None,
    *,
    rotate_immediately: bool = True,
) -> str:
    del client_request_token
    secret = backend.describe_secret(secret_id)
    if secret.is_deleted():
        raise InvalidRequestException(
            "You can't perform this operation on the secret because it was marked for deletion."
        )
    function = rotation_lambda_arn or secret.rotation_lambda_arn
    if function:
        _require_invocable(function)
    elif secret.owning_service is None:
        raise InvalidRequestException("No Lambda rotation function ARN is associated with this secret.")
    if rotation_rules is not None:
        _require_rules(rotation_rules)
        secret.rotation_rules = dict(rotation_rules)
        secret.auto_rotate_after_days = rotation_rules.get("AutomaticallyAfterDays", 0)
    secret.rotation_requested = secret.rotation_enabled = True
    secret.rotation_lambda_arn = function
    now = int(time.time())
    secret.next_rotation_date = now + (secret.auto_rotate_after_days or 1) * _DAY_SECONDS
    if rotate_immediately:
        secret.last_rotation_date = now
    answer: str = secret.to_short_dict()
    return answer


def _require_invocable(arn: str) -> None:
    """The function exists, and its policy lets Secrets Manager invoke it."""
    account, region, name = itemgetter(4, 3, 6)(arn.split(":"))
    statements: list[dict[str, Any]] = []
    with suppress(Exception):  # whatever moto raises for a function that is not there
        statements = lambda_backends[account][region].get_function(name).policy.statements
    if not any(statement.get("Principal") in ({"Service": _PRINCIPAL}, _PRINCIPAL) for statement in statements):
        raise _AccessDeniedError


class _AccessDeniedError(SecretsManagerClientError):  # type: ignore[misc]  # moto is untyped
    def __init__(self) -> None:
        super().__init__(
            "AccessDeniedException",
            "Secrets Manager cannot invoke the specified Lambda function. Ensure that the function policy grants "
            f"access to the principal {_PRINCIPAL}.",
        )


def _require_rules(rules: dict[str, Any]) -> None:
    days, schedule = rules.get("AutomaticallyAfterDays"), rules.get("ScheduleExpression")
    if days is not None and schedule is not None:
        raise InvalidParameterException("You can't specify both AutomaticallyAfterDays and ScheduleExpression.")
    if days is not None and not 1 <= days <= _MOST_DAYS:
        raise InvalidParameterException("RotationRules.AutomaticallyAfterDays must be within 1-1000.")
    if schedule is not None and not _SCHEDULE.fullmatch(schedule):
        raise InvalidParameterException("RotationRules.ScheduleExpression is not valid.")
    if not _DURATION.fullmatch(rules.get("Duration", "1h")):
        raise InvalidParameterException("RotationRules.Duration is not valid.")


def _described(original: Any, secret: Any) -> dict[str, Any]:
    found: dict[str, Any] = original(secret)
    if secret.rotation_rules is not None:
        found["RotationRules"] = secret.rotation_rules
        if not secret.rotation_lambda_arn:
            found.pop("RotationLambdaARN", None)
    if not secret.rotation_enabled:
        found["NextRotationDate"] = None
    return found


def _replicas(original: Any, secret: Any, replica_regions: list[dict[str, str]], force_overwrite: bool) -> list[Any]:  # noqa: FBT001  # moto's own signature
    made: list[Any] = original(secret, replica_regions, force_overwrite=force_overwrite)
    for replica, given in zip(made, replica_regions, strict=True):
        replica.config["KmsKeyId"] = given.get("KmsKeyId", replica.config["KmsKeyId"])
    return made
