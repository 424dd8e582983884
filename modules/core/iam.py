"""IAM roles for one service each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import modules.core.engine

from cdktf_cdktf_provider_aws.iam_role import IamRole
from cdktf_cdktf_provider_aws.iam_role_policy import IamRolePolicy
from cdktf_cdktf_provider_aws.iam_role_policy_attachment import IamRolePolicyAttachment
from constructs import Construct

from modules.core import limits
from modules.core.errors import ConfigError
from modules.core.policy import PolicyDocument
from modules.core.statement_rules import characters
from modules.core.statements import Statement


@dataclass(frozen=True)
class RoleOptions:
    """What a role may have beyond its trust and its statements; empty leaves it to IAM.

    Attributes:
        path: path of the role.
        description: what it is for.
        permissions_boundary_arn: policy that bounds what it can be allowed.
        max_session_seconds: longest session.
        managed_policy_arns: managed policies, each attached by a resource of its own, by the resource's name.
        trusts: who may assume it besides its service.
    """

    path: str = ""
    description: str = ""
    permissions_boundary_arn: str | None = None
    max_session_seconds: float | None = None
    managed_policy_arns: Mapping[str, str] = field(default_factory=dict)
    trusts: tuple[Statement, ...] = ()


class Role(Construct):
    """An IAM role for one service, with one inline policy that grows by statements.

    Attributes:
        arn: the role's ARN, as a token.
        name: the role's name.
        resource: the role itself.
        ready: the inline policy, to depend on when its permissions must be in force.
        dependencies: the inline policy and the attachments of managed policies, to depend on all permissions.

    Raises:
        ConfigError: the trust policy is longer than IAM takes.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        name: str,
        trust: Statement,
        statements: Iterable[Statement],
        options: RoleOptions | None = None,
    ) -> None:
        super().__init__(scope, construct_id)
        options = options or RoleOptions()
        self._document = PolicyDocument(statements)
        trusts = PolicyDocument([trust, *options.trusts]).json
        self._refuse_longer(trusts, limits.IAM_MAX_TRUST_POLICY_CHARACTERS, "the trust policy", "merge trusts")
        self._refuse_longer_policy()
        role = self.resource = IamRole(
            self,
            "role",
            name=name,
            assume_role_policy=trusts,
            path=options.path or None,
            description=options.description or None,
            permissions_boundary=options.permissions_boundary_arn,
            max_session_duration=options.max_session_seconds,
        )
        self.ready = IamRolePolicy(self, "policy", name=name, role=role.id, policy=self._document.json)
        attachments = [
            IamRolePolicyAttachment(self, f"attachment-{policy}", role=role.name, policy_arn=arn)
            for policy, arn in sorted(options.managed_policy_arns.items())
        ]
        self.dependencies: tuple[Any, ...] = (self.ready, *attachments)
        self.arn: str = role.arn
        self.name = name

    @property
    def statements(self) -> tuple[Statement, ...]:
        """What the role may do, and why."""
        return self._document.statements

    def grant(self, *statements: Statement) -> None:
        """Add statements to the role's policy.

        Raises:
            ValueError: a different statement already has the same sid.
            ConfigError: the policy becomes longer than IAM takes.
        """
        self._document.add(*statements)
        self._refuse_longer_policy()
        self.ready.policy = self._document.json

    def _refuse_longer_policy(self) -> None:
        fix = "attach a managed policy with some of the statements"
        self._refuse_longer(self._document.json, limits.IAM_MAX_INLINE_POLICY_CHARACTERS, "the inline policy", fix)

    def _refuse_longer(self, document: str, most: int, what: str, fix: str) -> None:
        count = characters(document)
        if count > most:
            allowed = f"IAM takes {most} characters without white space (IAM quotas)"
            raise ConfigError.single(self.node.path, f"{what} has at least {count} characters", allowed, fix)
