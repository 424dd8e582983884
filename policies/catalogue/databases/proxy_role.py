"""The role of an RDS proxy reads the proxy's secrets and nothing else."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from analysis.iam import RolePolicies, Statement, overlaps
from analysis.plan import Resource
from policies.policy import Policy, Sample, Severity, Verdict, failed, passed, unknown
from policies.samples import PROXY, merged, policy, proxy, resource, role
from policies.shared.databases_samples import database, known_later, later
from policies.shared.databases_secrets import SECRET, Secrets, reads, secrets_of
from policies.view import View

_READ, _DECRYPT = "secretsmanager:GetSecretValue", "kms:Decrypt"
_NEEDED = frozenset(
    name.lower()
    for name in (
        _READ,
        "secretsmanager:DescribeSecret",
        "secretsmanager:GetResourcePolicy",
        "secretsmanager:ListSecretVersionIds",
        _DECRYPT,
        "kms:DescribeKey",
        "rds-db:connect",
    )
)
"""What reading secrets and signing in by IAM takes (RDS guide, RDS Proxy; Secrets Manager guide)."""


def judge(view: View) -> Iterator[Verdict]:
    """Each proxy by what its role may do."""
    for entry in view.plan.of("aws_db_proxy"):
        links = view.plan.links(entry, "role_arn", "aws_iam_role")
        if links.only is None or links.only.mode == "data":
            name = (*links.literals, *map(str, links.resources), *links.unresolved, "role_arn")[0]
            yield unknown(entry, f"what its role may do cannot be told, as {name} is no one role of the plan")
        else:
            yield _Judge(view, view.allowed(links.only), secrets_of(view, entry)).verdict(entry)


class _Judge:
    """What is wrong with the role of one proxy, and what cannot be told of it."""

    def __init__(self, view: View, policies: RolePolicies, secrets: Secrets) -> None:
        self._view, self._policies, self._secrets = view, policies, secrets
        self._wrong, self._doubts = dict[str, None](), dict.fromkeys((*policies.unknown, secrets.unknown))
        self._doubts.pop("", None)

    def verdict(self, entry: Resource) -> Verdict:
        statements = list(self._policies.allows())
        for action, statement in statements:
            self._look(action, statement)
        if self._policies.is_complete:
            self._look_for_missing(statements)
        role_of = self._policies.role
        if self._wrong:
            return failed(entry, "; ".join(f"its role {role_of} {text}" for text in self._wrong))
        if self._doubts:
            missing = " and ".join(self._doubts)
            return unknown(entry, f"whether its role {role_of} may do more than it needs cannot be told: {missing}")
        return passed(entry)

    def _look(self, action: str, statement: Statement) -> None:
        """What a statement allows beside reading the proxy's secrets."""
        if action.lower() not in _NEEDED:
            self._wrong[f"may {action} by {statement.source}, which a proxy does not need"] = None
        elif overlaps(action, "secretsmanager:*"):
            strangers, doubts = self._secrets.strangers(self._view.plan, statement)
            if statement.not_resources:
                self._wrong[f"may {action} on all but what {statement.source} names"] = None
            elif strangers and (not self._secrets.unknown or "*" in strangers):
                named = ", ".join(strangers)
                self._wrong[f"may {action} on {named} by {statement.source}, which the proxy does not use"] = None
            for text in doubts:
                self._doubts[f"{action} on {text} by {statement.source}"] = None
        elif overlaps(action, "kms:*") and statement.is_for_everything and "kms:viaservice" not in statement.conditions:
            self._wrong[f"may {action} with every key by {statement.source}, without a condition kms:ViaService"] = None

    def _look_for_missing(self, statements: list[tuple[str, Statement]]) -> None:
        """Secrets of the proxy that no statement lets its role read."""
        reading = [statement for action, statement in statements if overlaps(action, _READ)]
        decrypting = [statement for action, statement in statements if overlaps(action, _DECRYPT)]
        plan, role_of = self._view.plan, self._policies.role
        for secret in self._secrets.resources:
            if not any(reads(plan, statement, secret, self._secrets.arns) for statement in reading):
                if plan.referrers(secret, f"{SECRET}_policy", via="secret_arn"):
                    self._doubts[f"whether the resource policy of {secret} lets it read the secret"] = None
                elif not any(self._secrets.strangers(plan, statement)[1] for statement in reading):
                    self._wrong[f"may not {_READ} on {secret}, so the proxy cannot sign in to its database"] = None
            for key in plan.links(secret, "kms_key_id", "aws_kms_key").resources:
                if any(_covers(statement, key) for statement in decrypting):
                    continue
                if plan.is_configured(key, "policy") or plan.referrers(key, "aws_kms_key_policy", "aws_kms_grant"):
                    self._doubts[f"whether the policy of {key}, which encrypts {secret}, lets {role_of} decrypt"] = None
                else:
                    self._wrong[f"may not {_DECRYPT} with {key}, which encrypts {secret}"] = None


def _covers(statement: Statement, key: Resource) -> bool:
    named = statement.resources
    return statement.not_resources or "*" in named.literals or key in named.resources or bool(named.unresolved)


_ORDERS = "${aws_secretsmanager_secret.orders.arn}"


def _proxy(name: str, *statements: Mapping[str, Any], secret: str = _ORDERS) -> Sample:
    attributes = {
        "role_arn": f"${{aws_iam_role.of_{name}.arn}}",
        "auth": [{"secret_arn": secret, "iam_auth": "REQUIRED"}],
    }
    reference = f"${{aws_iam_role.of_{name}.id}}"
    return merged(
        proxy(name, **attributes),
        role(f"of_{name}", PROXY),
        resource("aws_iam_role_policy", f"of_{name}", role=reference, policy=policy(*statements)),
    )


def _reading(*arns: str) -> dict[str, Any]:
    return {"Action": [_READ], "Resource": list(arns)}


_MANAGED = "${aws_db_instance.managed.master_user_secret[0].secret_arn}"
_VIA_SECRETS_MANAGER = {"StringEquals": {"kms:ViaService": "secretsmanager.eu-west-1.amazonaws.com"}}

POLICY = Policy(
    id="CKV2_LNET_308",
    title="The role of an RDS proxy reads the proxy's secrets and nothing else",
    severity=Severity.MEDIUM,
    types=("aws_db_proxy",),
    why="Whoever changes the secrets of a proxy's auth blocks reads passwords through it as far as its role goes; and "
    "a proxy that may not read its secret answers nobody.",
    source="RDS guide, setting up IAM policies for RDS Proxy; IAM guide, grant least privilege",
    fix="Allow secretsmanager:GetSecretValue on the ARNs of its auth blocks, kms:Decrypt on the key that encrypts "
    "them, and nothing else.",
    judge=judge,
    samples=(
        merged(
            resource("aws_secretsmanager_secret", "other", name="sample-other", recovery_window_in_days=0),
            database("managed"),
            _proxy("passes_with_its_secret", _reading(_ORDERS)),
            _proxy("passes_with_managed_secret", _reading(_MANAGED), secret=_MANAGED),
            _proxy(
                "passes_with_key_of_secrets",
                _reading(_ORDERS),
                {"Action": _DECRYPT, "Resource": "*", "Condition": _VIA_SECRETS_MANAGER},
            ),
            _proxy("fails_with_every_secret", _reading("*")),
            _proxy("fails_with_another_secret", _reading(_ORDERS, "${aws_secretsmanager_secret.other.arn}")),
            _proxy("fails_with_every_key", _reading(_ORDERS), {"Action": _DECRYPT, "Resource": "*"}),
            _proxy("fails_with_writing", _reading(_ORDERS), {"Action": "secretsmanager:*", "Resource": _ORDERS}),
            proxy("fails_without_permission"),
        ),
        merged(
            later(
                orders=_ORDERS,
                other="arn:aws:secretsmanager:eu-west-1:123456789012:secret:other-AbCdEf",
            ),
            _proxy("unknown_then_passes_by_variable", _reading(known_later("orders"))),
            _proxy("unknown_then_fails_by_variable", _reading(known_later("other"))),
        ),
    ),
)
