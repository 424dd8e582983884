"""IAM roles for one service each."""

from __future__ import annotations

from collections.abc import Iterable

import modules.core.engine

from cdktf_cdktf_provider_aws.iam_role import IamRole
from cdktf_cdktf_provider_aws.iam_role_policy import IamRolePolicy
from constructs import Construct

from modules.core.policy import PolicyDocument
from modules.core.statements import Statement


class Role(Construct):
    """An IAM role for one service, with one inline policy that grows by statements.

    Attributes:
        arn: the role's ARN, as a token.
        name: the role's name.
        ready: resource to depend on when the permissions must be in force.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        name: str,
        trust: Statement,
        statements: Iterable[Statement],
    ) -> None:
        super().__init__(scope, construct_id)
        self._document = PolicyDocument(statements)
        role = IamRole(self, "role", name=name, assume_role_policy=PolicyDocument([trust]).json)
        self.ready = IamRolePolicy(self, "policy", name=name, role=role.id, policy=self._document.json)
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
        """
        self._document.add(*statements)
        self.ready.policy = self._document.json
