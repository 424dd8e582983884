"""Permissions with which Lambda deletes network interfaces, and whether they go before the interfaces do."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from functools import cached_property
from typing import Any

from analysis.finding import Finding, Level
from analysis.forecast.destruction import Destruction, listed
from analysis.forecast.documented import LAMBDA_INTERFACE_MINUTES
from analysis.plan import UNKNOWN, Plan, Resource

_FUNCTION, _ROLE = "aws_lambda_function", "aws_iam_role"
_INLINE, _ATTACHED, _POLICY = "aws_iam_role_policy", "aws_iam_role_policy_attachment", "aws_iam_policy"
_ACTION = "ec2:deletenetworkinterface"
_MANAGED = frozenset(
    {
        "AWSLambdaENIManagementAccess",
        "AWSLambdaVPCAccessExecutionRole",
        "AdministratorAccess",
        "AmazonEC2FullAccess",
        "AmazonVPCFullAccess",
        "PowerUserAccess",
    }
)
_GUIDE = "Lambda guide, VPC access"


@dataclass
class _Granting:
    """What lets a role delete network interfaces."""

    resources: list[Resource] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)


class Permissions:
    """The roles of functions in a VPC, before and after a plan."""

    def __init__(self, destruction: Destruction) -> None:
        self._destruction = destruction
        self._before = _by_role(destruction.before.values(), destruction.plan)
        self._after = _by_role(destruction.plan.of(), destruction.plan)

    def findings(self) -> Iterator[Finding]:
        """Functions whose interfaces nobody may delete any more."""
        for function in self._destruction.before.values():
            if (
                function.type == _FUNCTION
                and function.get("vpc_config.subnet_ids")
                and "forget" not in function.actions
            ):
                yield from self._of(function)

    def _of(self, function: Resource) -> Iterator[Finding]:
        role = str(function.get("role", "")).rpartition("/")[2]
        before = self._granting(role, self._before, self._destruction.before)
        if not role or not before.resources or not self._touched(before.resources):
            return
        after = self._destruction.after(function)
        remaining = self._granting(self._role_after(after) or role, self._after, self._resources_after)
        if remaining.resources:
            return
        names = listed(before.resources)
        if remaining.unknown:
            yield Finding(
                "interface-permissions",
                Level.UNDECIDABLE,
                function.address,
                ", ".join(remaining.unknown),
                f"{names} no longer lets the role {role} delete network interfaces, and the plan does not tell whether "
                f"{', '.join(remaining.unknown)} does",
                "keep a policy with ec2:DeleteNetworkInterface on the role until the interfaces are gone",
            )
        elif after is None:
            yield from self._deleted(function, before.resources)
        else:
            inside = after.get("vpc_config.subnet_ids")
            what = "stays in its VPC" if inside is UNKNOWN or inside else "leaves its VPC"
            yield Finding(
                "interface-permissions",
                Level.ERROR,
                function.address,
                "ec2:DeleteNetworkInterface on the role",
                f"the function {what} while {names} goes, so Lambda may no longer delete its network interfaces, and "
                "they "
                f"stay for ever with their subnets and groups ({_GUIDE})",
                f"keep {names} in this apply; remove it in another one, {LAMBDA_INTERFACE_MINUTES} minutes after the "
                "function "
                "has left the VPC",
            )

    def _deleted(self, function: Resource, granting: list[Resource]) -> Iterator[Finding]:
        orders = [self._destruction.depends(function, on=resource) for resource in granting]
        if any(order is True for order in orders):
            return
        names = listed(granting)
        told = all(order is False for order in orders)
        yield Finding(
            "interface-permissions",
            Level.WARNING if told else Level.UNDECIDABLE,
            function.address,
            f"dependency of the function on {names}",
            f"{names} may be destroyed before the function, as "
            + ("the function does not depend on it" if told else "the plan holds no record of dependencies")
            + f"; Lambda then cannot delete the network interfaces, and they stay for ever ({_GUIDE})",
            f"name {names} in depends_on of the function, and apply that before the destroy",
        )

    def _role_after(self, function: Resource | None) -> str:
        """Name of the function's role after the plan; empty when the function goes, or the role is not known."""
        role = None if function is None else function.get("role")
        if function is not None and role is UNKNOWN:
            linked = self._destruction.plan.links(function, "role", _ROLE).only
            role = None if linked is None else linked.get("name")
        return role.rpartition("/")[2] if isinstance(role, str) else ""

    @cached_property
    def _resources_after(self) -> Mapping[str, Resource]:
        return {resource.address: resource for resource in self._destruction.plan.of()}

    def _touched(self, granting: Iterable[Resource]) -> bool:
        return any(set(resource.actions) - {"no-op", "create", "read"} for resource in granting)

    def _granting(self, role: str, by_role: Mapping[str, list[Resource]], known: Mapping[str, Resource]) -> _Granting:
        found = _Granting()
        for resource in (*by_role.get(role, ()), *by_role.get("", ())):
            grants = self._grants(resource, known)
            if grants is True and resource not in by_role.get("", ()):
                found.resources.append(resource)
            elif grants is not False:
                found.unknown.append(resource.address)
        return found

    def _grants(self, resource: Resource, known: Mapping[str, Resource]) -> bool | None:
        """Whether a policy of the role allows it; None when the plan does not tell."""
        if resource.type == _ROLE:
            inline = [_allows(block.get("policy")) for block in self._own(resource, "inline_policy", _INLINE)]
            managed = [self._attached(arn, known) for arn in self._own(resource, "managed_policy_arns", _ATTACHED)]
            unknown = [None] if self._unknown_own(resource) else []
            answers = (*inline, *managed, *unknown)
            return True if True in answers else (None if None in answers else False)
        if resource.type == _INLINE:
            return _allows(resource.get("policy"))
        arn = resource.get("policy_arn")
        if arn is UNKNOWN:
            linked = self._destruction.plan.links(resource, "policy_arn", _POLICY).only
            return None if linked is None else _allows(linked.get("policy"))
        return self._attached(arn, known)

    def _own(self, role: Resource, path: str, of_others: str) -> tuple[Any, ...]:
        """Policies that a role has of its own; the provider lists those of other resources in the same attribute."""
        listed_there = role.get(path)
        if listed_there is UNKNOWN or not (role.is_deleted or self._destruction.plan.is_configured(role, path)):
            return ()
        others = [entry for entry in self._before.get(str(role.get("name")), ()) if entry.type == of_others]
        given = {entry.get(name) for entry in others for name in ("name", "policy_arn")}
        members = tuple(listed_there or ())
        return tuple(
            entry for entry in members if (entry.get("name") if isinstance(entry, dict) else entry) not in given
        )

    def _unknown_own(self, role: Resource) -> bool:
        paths = ("inline_policy", "managed_policy_arns")
        return any(role.get(path) is UNKNOWN and self._destruction.plan.is_configured(role, path) for path in paths)

    def _attached(self, arn: object, known: Mapping[str, Resource]) -> bool | None:
        if not isinstance(arn, str):
            return None
        if arn.partition(":iam::")[2].startswith("aws:policy/"):
            return arn.rpartition("/")[2] in _MANAGED
        policy = self._destruction.owner(arn, _POLICY)
        policy = known.get(policy.address) if policy is not None else None
        if policy is None:
            return False if self._destruction.owner(arn, _POLICY) else None
        return _allows(policy.get("policy"))


def _by_role(resources: Iterable[Resource], plan: Plan) -> dict[str, list[Resource]]:
    """Roles and their policies by the role's name; by an empty name where it is not known."""
    found: dict[str, list[Resource]] = {}
    for resource in resources:
        if resource.type in {_INLINE, _ATTACHED}:
            name = resource.get("role")
            if name is UNKNOWN:
                linked = plan.links(resource, "role", _ROLE).only
                name = "" if linked is None else linked.get("name")
            found.setdefault(name.rpartition("/")[2] if isinstance(name, str) else "", []).append(resource)
        elif resource.type == _ROLE and isinstance(resource.get("name"), str):
            found.setdefault(resource.get("name"), []).append(resource)
    return found


def _allows(policy: object) -> bool | None:
    """Whether a policy allows the deletion of network interfaces; None when it cannot be read."""
    if not isinstance(policy, str):
        return None if policy is UNKNOWN else False
    try:
        document = json.loads(policy)
    except ValueError:
        return None
    statements = document.get("Statement") if isinstance(document, Mapping) else None
    return any(_statement_allows(statement) for statement in _each(statements))


def _statement_allows(statement: Any) -> bool:
    if not isinstance(statement, Mapping) or statement.get("Effect") != "Allow":
        return False
    return any(fnmatchcase(_ACTION, action.lower()) for action in _texts(statement.get("Action")))


def _each(value: Any) -> tuple[Any, ...]:
    return tuple(value) if isinstance(value, list) else (() if value is None else (value,))


def _texts(value: Any) -> tuple[str, ...]:
    return tuple(text for text in _each(value) if isinstance(text, str))
