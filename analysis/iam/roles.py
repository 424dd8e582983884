"""All policies of a role: inline and attached, each in any of the ways that Terraform has for it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from analysis.iam.documents import Policy, policy_at
from analysis.iam.managed import managed_actions
from analysis.iam.statement import Statement, covers
from analysis.plan import UNKNOWN, Links, Plan, Resource
from analysis.plan.resource import Step
from analysis.plan.values import known_strings

_ROLE = "aws_iam_role"
_POLICY = "aws_iam_policy"
_INLINE = "aws_iam_role_policy"
_BELONGS = {
    _INLINE: ("role", "policy"),
    "aws_iam_policy_attachment": ("roles", "policy_arn"),
    "aws_iam_role_policy_attachment": ("role", "policy_arn"),
    "aws_iam_role_policy_attachments_exclusive": ("role_name", "policy_arns"),
}
"""Resource type → its arguments that name the role, and the policy."""


@dataclass(frozen=True)
class RolePolicies:
    """What a role may do.

    Attributes:
        role: the role.
        statements: of all its policies.
        unknown: what of them is not known; empty when all is.
        named: resources that the unknown parts name.
    """

    role: Resource
    statements: tuple[Statement, ...]
    unknown: tuple[str, ...] = ()
    named: tuple[Resource, ...] = ()

    @property
    def is_complete(self) -> bool:
        """Whether every statement is known."""
        return not self.unknown

    def allows(self) -> Iterator[tuple[str, Statement]]:
        """Each allowed action with its statement; without those that a statement denies everywhere and always."""
        denials = [entry for entry in self.statements if entry.is_absolute_denial and not entry.unknown]
        for entry in self.statements:
            if entry.effect == "Allow":
                for action in entry.actions:
                    if not any(_denies(denial, action) for denial in denials):
                        yield action, entry


class Policies:
    """The policies of all roles of a plan.

    A permissions boundary, and policies of an organization, may take from them; they are not looked at.

    Args:
        plan: the plan.
    """

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._of: dict[Resource, list[Resource]] = {}
        self._astray: dict[tuple[Step, ...], list[Resource]] = {}
        self._read: dict[Resource, RolePolicies] = {}
        self._listed = frozenset(_listed(plan))
        for entry in plan.of(*_BELONGS):
            links = plan.links(entry, _BELONGS[entry.type][0], _ROLE)
            for role in links.resources:
                self._of.setdefault(role, []).append(entry)
            if links.unresolved:
                self._astray.setdefault(entry.module, []).append(entry)

    def of(self, role: Resource) -> RolePolicies:
        """Everything that the policies of a role say."""
        if role not in self._read:
            self._read[role] = self._policies(role)
        return self._read[role]

    def _policies(self, role: Resource) -> RolePolicies:
        result = self._of_role(role)
        for entry in self._of.get(role, ()):
            path = _BELONGS[entry.type][1]
            result |= policy_at(self._plan, entry, path) if entry.type == _INLINE else self._attached(entry, path)
        astray = (
            f"{entry.address}.{_BELONGS[entry.type][0]} may name {role.address}, which the plan does not tell"
            for entry in self._astray.get(role.module, ())
        )
        unreadable = (
            f"{entry.source} allows what {'NotAction' if entry.not_actions else 'an unknown action'} says"
            for entry in result.statements
            if entry.effect == "Allow" and (entry.not_actions or entry.unknown)
        )
        outside = (f"policies of {role.address} lie outside the plan",) if role.mode == "data" else ()
        unknown = tuple(dict.fromkeys((*result.unknown, *unreadable, *astray, *outside)))
        return RolePolicies(role, result.statements, unknown, result.named)

    def _of_role(self, role: Resource) -> Policy:
        result = Policy()
        if role.get("inline_policy") is UNKNOWN and self._plan.is_configured(role, "inline_policy"):
            result |= Policy(unknown=(f"{role.address}.inline_policy is known only after apply",))
        for block in role.blocks("inline_policy"):
            if (role.get("name"), block.get("name")) not in self._listed:
                result |= policy_at(self._plan, role, f"{block.path}.policy")
        if self._plan.is_configured(role, "managed_policy_arns"):
            return result | self._attached(role, "managed_policy_arns")
        for arn in known_strings(role.get("managed_policy_arns")):
            if (role.get("name"), arn) not in self._listed:
                owner = self._plan.owner(arn, _POLICY)
                result |= _managed(role, arn) if owner is None else policy_at(self._plan, owner, "policy")
        return result

    def _attached(self, resource: Resource, path: str) -> Policy:
        links = self._plan.links(resource, path, _POLICY)
        result = Policy()
        for policy in links.resources:
            arn = policy.get("arn")
            by_aws = isinstance(arn, str) and managed_actions(arn) is not None
            result |= _managed(resource, str(arn)) if by_aws else policy_at(self._plan, policy, "policy")
        for arn in links.literals:
            result |= _managed(resource, arn)
        return result | _rest(resource, path, links)


def allowed(plan: Plan, role: Resource) -> RolePolicies:
    """Everything that the policies of a role say; for many roles of a plan use `Policies`."""
    return Policies(plan).of(role)


def _listed(plan: Plan) -> Iterator[tuple[str, str]]:
    """Policies that resources gave to roles before the plan: the provider lists them on the role too, as they were."""
    for entry in plan.before:
        if entry.type in _BELONGS:
            path = "name" if entry.type == _INLINE else _BELONGS[entry.type][1]
            for role in known_strings(entry.get(_BELONGS[entry.type][0])):
                for policy in known_strings(entry.get(path)):
                    yield role, policy


def _denies(denial: Statement, action: str) -> bool:
    if denial.not_actions:
        return "*" not in action and not any(covers(pattern, action) for pattern in denial.not_actions)
    return any(covers(pattern, action) for pattern in denial.actions)


def _managed(resource: Resource, arn: str) -> Policy:
    actions = managed_actions(arn)
    if actions is None:
        return Policy(unknown=(f"{resource.address} attaches {arn}, whose statements are not in the plan",))
    return Policy((Statement(source=arn, actions=actions, resources=Links(literals=("*",))),))


def _rest(resource: Resource, path: str, links: Links) -> Policy:
    if not links.unresolved:
        return Policy()
    names = ", ".join(links.unresolved)
    return Policy(unknown=(f"{resource.address}.{path} leads to {names}, which the plan does not tell",))
