"""IAM policy documents in one form, whichever way AWS returned them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from rollout.readback.check import Check, Clients, equal, pages

Plain = dict[str, Any]
"""A statement with sorted lists; `Any`, as conditions nest."""


def statement(
    actions: Iterable[str],
    resources: Iterable[str] = (),
    *,
    effect: str = "Allow",
    principal: Mapping[str, Iterable[str]] | None = None,
    condition: tuple[str, str, str] | None = None,
) -> Plain:
    """An expected statement.

    Args:
        actions: IAM actions.
        resources: ARNs; none in trust policies.
        effect: `Allow` or `Deny`.
        principal: kind to identifiers, such as `{"Service": ["lambda.amazonaws.com"]}`.
        condition: operator, key and the one value.
    """
    raw: Plain = {"Effect": effect, "Action": list(actions)}
    if resources:
        raw["Resource"] = list(resources)
    if principal:
        raw["Principal"] = {kind: list(who) for kind, who in principal.items()}
    if condition:
        operator, key, value = condition
        raw["Condition"] = {operator: {key: value}}
    return _plain(raw)


def statements(document: str | Mapping[str, Any] | None) -> dict[str, Plain]:
    """The statements of a policy by sid; one without a sid gets its place as `#1`, so that it cannot hide."""
    if not document:
        return {}
    parsed = json.loads(document) if isinstance(document, str) else document
    found: dict[str, Plain] = {}
    for place, raw in enumerate(_listed(parsed.get("Statement")), start=1):
        sid = raw.get("Sid") or f"#{place}"
        found[sid if sid not in found else f"{sid}#{place}"] = _plain(raw)
    return found


def policy_checks(subject: str, expected: Mapping[str, Plain], found: Mapping[str, Plain]) -> list[Check]:
    """The policy holds exactly the expected statements, each exactly as expected."""
    return [
        equal(f"{subject}: statements", list(expected), list(found)),
        *(equal(f"{subject}: statement {sid}", expected[sid], found.get(sid)) for sid in sorted(expected)),
    ]


def role_checks(clients: Clients, role_name: str, *, trusted: Plain, allowed: Mapping[str, Plain]) -> list[Check]:
    """A role trusts one service only and may do exactly what is allowed, by one inline policy and no other."""
    iam: Any = clients("iam")  # Any: clients are made from models at run time
    subject = f"role {role_name}"
    role = iam.get_role(RoleName=role_name)["Role"]
    trust = statements(role["AssumeRolePolicyDocument"])
    names = pages(iam, "list_role_policies", "PolicyNames", RoleName=role_name)
    attached = pages(iam, "list_attached_role_policies", "AttachedPolicies", RoleName=role_name)
    documents = [iam.get_role_policy(RoleName=role_name, PolicyName=name)["PolicyDocument"] for name in names]
    return [
        equal(f"{subject}: trust", [trusted], list(trust.values())),
        equal(f"{subject}: inline policies", 1, len(names)),
        equal(f"{subject}: attached policies", [], [policy["PolicyArn"] for policy in attached]),
        *policy_checks(subject, allowed, statements({"Statement": list(_all_statements(documents))})),
    ]


def trust(service: str, *, source_account: str = "") -> Plain:
    """The trust statement for one AWS service, for one source account when the service passes it."""
    condition = ("StringEquals", "aws:SourceAccount", source_account) if source_account else None
    return statement(["sts:AssumeRole"], principal={"Service": [service]}, condition=condition)


def _all_statements(documents: Iterable[Mapping[str, Any]]) -> Iterator[Any]:
    for document in documents:
        yield from _listed(document.get("Statement"))


def _plain(raw: Mapping[str, Any]) -> Plain:
    plain: Plain = {"Effect": raw["Effect"]}
    for key in ("Action", "NotAction", "Resource", "NotResource"):
        if key in raw:
            plain[key] = sorted(_listed(raw[key]))
    for key in ("Principal", "NotPrincipal"):
        if key in raw:
            who = raw[key]
            # AWS returns "*" for {"AWS": "*"} in some services; both mean everybody
            who = {"AWS": who} if isinstance(who, str) else who
            plain[key] = {kind: sorted(_listed(identifiers)) for kind, identifiers in who.items()}
    if raw.get("Condition"):
        plain["Condition"] = {
            operator: {key: sorted(str(value) for value in _listed(values)) for key, values in keys.items()}
            for operator, keys in raw["Condition"].items()
        }
    return plain


def _listed(value: Any) -> list[Any]:
    return list(value) if isinstance(value, (list, tuple)) else [] if value is None else [value]
