"""An RDS proxy signs its clients in by IAM, or with passwords that change."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from analysis.plan import UNKNOWN, Resource
from policies.policy import Policy, Severity, Verdict, failed, passed, unknown
from policies.samples import function, merged, proxy, resource
from policies.shared.databases_samples import database, known_later, later
from policies.view import View

_ROTATION, _SECRET = "aws_secretsmanager_secret_rotation", "aws_secretsmanager_secret"
_MANAGED = "master_user_secret"
_DISABLED, _REQUIRED = "DISABLED", "REQUIRED"


def judge(view: View) -> Iterator[Verdict]:
    """Each proxy by the `iam_auth` of its auth blocks, and by the rotation of the secrets of the others."""
    rotations = _Rotations(view)
    for entry in view.plan.of("aws_db_proxy"):
        yield _verdict(view, entry, rotations)


def _verdict(view: View, entry: Resource, rotations: _Rotations) -> Verdict:
    auth, scheme = view.setting(entry, "auth", []), view.setting(entry, "default_auth_scheme", "NONE")
    if auth is UNKNOWN or scheme is UNKNOWN:
        return unknown(entry, f"{'auth' if auth is UNKNOWN else 'default_auth_scheme'} is known only after apply")
    if not entry.blocks("auth"):
        return passed(entry) if scheme == "IAM_AUTH" else failed(entry, "it has no auth block, so nobody can sign in")
    weak = [(iam, kept) for iam, kept in _passwords(view, entry, rotations) if iam != _REQUIRED]
    if all(kept == "" for _, kept in weak):
        return passed(entry)
    certain = next(((iam, kept) for iam, kept in weak if iam is not UNKNOWN and kept), None)
    if certain is not None:
        return failed(entry, f"iam_auth is {certain[0]}, so that clients sign in by {certain[1]}")
    if any(iam is UNKNOWN for iam, _ in weak):
        return unknown(entry, "iam_auth is known only after apply, and nothing of the plan rotates its secret for sure")
    return unknown(entry, f"iam_auth is {weak[0][0]}, and whether its secret is rotated is not in the plan")


def _passwords(view: View, entry: Resource, rotations: _Rotations) -> list[tuple[Any, str | None]]:
    """Of each auth block `iam_auth`, and what is wrong with the password of its secret."""
    found = [
        (view.setting(entry, f"{block.path}.iam_auth", _DISABLED), rotations.of(entry, f"{block.path}.secret_arn"))
        for block in entry.blocks("auth")
    ]
    if len({str(iam) for iam, _ in found}) == 1:
        return found
    # a plan sorts these blocks by their values: which secret belongs to which is not known before it has an ARN
    every = dict.fromkeys(kept for _, kept in found)
    wrong = [kept for kept in every if kept]
    together = None if None in every or ("" in every and wrong) else " or ".join(wrong)
    return [(iam, together) for iam, _ in found]


class _Rotations:
    """Which secrets are rotated."""

    def __init__(self, view: View) -> None:
        self._plan, self._secrets, self._is_open = view.plan, set[Resource](), False
        for entry in view.plan.of(_ROTATION):
            links = view.plan.links(entry, "secret_id")
            self._secrets.update(links.resources, view.plan.links(entry, "secret_id", _SECRET).resources)
            self._is_open = self._is_open or not links.is_complete

    def of(self, proxy: Resource, path: str) -> str | None:
        """What is wrong with the password in the secret that an attribute names; empty where it is rotated.

        None where it cannot be told.
        """
        sources = self._plan.links(proxy, path).sources
        for entry, attribute in sources:
            if attribute == _MANAGED:
                return f"the password of the master user of {entry}, which may do everything in it"
        if any(entry.type == _ROTATION for entry, _ in sources):
            return ""
        secret = self._plan.links(proxy, path, _SECRET).only
        if secret is None or secret.mode == "data":
            return None
        if secret in self._secrets:
            return ""
        return None if self._is_open else f"the password in {secret}, which nothing rotates"


_BY_PASSWORD = [{"secret_arn": "${aws_secretsmanager_secret.orders.arn}", "iam_auth": "DISABLED"}]

_BY_IAM = {"secret_arn": "${aws_secretsmanager_secret.orders.arn}", "iam_auth": "REQUIRED"}
_OF_ANOTHER = {"secret_arn": "${aws_secretsmanager_secret.other.arn}", "iam_auth": "DISABLED"}

POLICY = Policy(
    id="CKV2_LNET_302",
    title="RDS proxy signs clients in by IAM, or its secrets are rotated",
    severity=Severity.MEDIUM,
    types=("aws_db_proxy",),
    why="Without IAM authentication whoever holds the password connects from wherever the network lets them, until "
    "somebody changes it; and who signs in as the master user may do everything.",
    source="RDS guide, setting up IAM authentication for RDS Proxy; Security Hub controls for Amazon RDS, RDS.10",
    fix='Set iam_auth = "REQUIRED" in each auth block, or rotate the secret by aws_secretsmanager_secret_rotation.',
    judge=judge,
    samples=(
        merged(
            later(required="REQUIRED", disabled="DISABLED"),
            proxy("passes_by_iam"),
            proxy("fails_by_password", auth=_BY_PASSWORD),
            proxy("fails_by_one_of_two", auth=[_BY_IAM, _OF_ANOTHER]),
            resource("aws_secretsmanager_secret", "other", name="sample-other", recovery_window_in_days=0),
            proxy("fails_by_default", auth=[{"secret_arn": "${aws_secretsmanager_secret.orders.arn}"}]),
            proxy(
                "unknown_then_passes_by_variable",
                auth=[{**_BY_PASSWORD[0], "iam_auth": known_later("required")}],
            ),
            proxy(
                "unknown_then_fails_by_variable",
                auth=[{**_BY_PASSWORD[0], "iam_auth": known_later("disabled")}],
            ),
            database("managed"),
            proxy(
                "fails_with_master_password",
                auth=[{"secret_arn": "${aws_db_instance.managed.master_user_secret[0].secret_arn}"}],
            ),
        ),
        merged(
            proxy("passes_with_rotation", auth=_BY_PASSWORD),
            function("rotation"),
            resource(
                "aws_lambda_permission",
                "rotation",
                action="lambda:InvokeFunction",
                function_name="${aws_lambda_function.rotation.function_name}",
                principal="secretsmanager.amazonaws.com",
            ),
            resource(
                _ROTATION,
                "orders",
                secret_id="${aws_secretsmanager_secret.orders.id}",  # noqa: S106  # names the secret, and holds none
                rotation_lambda_arn="${aws_lambda_function.rotation.arn}",
                rotation_rules=[{"automatically_after_days": 30}],
                depends_on=["aws_lambda_permission.rotation"],
            ),
        ),
    ),
)
