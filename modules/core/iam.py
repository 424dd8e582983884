"""IAM roles and policy documents as Terraform data sources, so that plans show actions and references."""

from __future__ import annotations

from collections.abc import Iterable

import modules.core.engine

from cdktf_cdktf_provider_aws.data_aws_iam_policy_document import (
    DataAwsIamPolicyDocument,
    DataAwsIamPolicyDocumentStatement,
    DataAwsIamPolicyDocumentStatementCondition,
    DataAwsIamPolicyDocumentStatementPrincipals,
)
from cdktf_cdktf_provider_aws.iam_role import IamRole
from cdktf_cdktf_provider_aws.iam_role_policy import IamRolePolicy
from constructs import Construct

from modules.core.statements import Statement


class PolicyDocument:
    """An `aws_iam_policy_document` that grows; a statement is known by its sid, so adding it twice adds it once.

    Attributes:
        json: the rendered policy, as a token.
    """

    def __init__(self, scope: Construct, construct_id: str, statements: Iterable[Statement]) -> None:
        self._statements = {statement.sid: statement for statement in statements}
        self._document = DataAwsIamPolicyDocument(scope, construct_id, statement=self._rendered())
        self.json: str = self._document.json

    @property
    def statements(self) -> tuple[Statement, ...]:
        """Statements so far, in the order they were first added."""
        return tuple(self._statements.values())

    def add(self, *statements: Statement) -> None:
        """Add statements.

        Raises:
            ValueError: a different statement already has the same sid.
        """
        for statement in statements:
            known = self._statements.setdefault(statement.sid, statement)
            if known != statement:
                raise ValueError(f"two different statements share the sid {statement.sid}")
        self._document.put_statement(self._rendered())

    def _rendered(self) -> list[DataAwsIamPolicyDocumentStatement]:
        return [_render(statement) for statement in self._statements.values()]


def _render(statement: Statement) -> DataAwsIamPolicyDocumentStatement:
    return DataAwsIamPolicyDocumentStatement(
        sid=statement.sid,
        effect=statement.effect,
        actions=list(statement.actions),
        resources=list(statement.resources) or None,
        principals=[
            DataAwsIamPolicyDocumentStatementPrincipals(type=who.kind, identifiers=list(who.identifiers))
            for who in statement.principals
        ]
        or None,
        condition=[
            DataAwsIamPolicyDocumentStatementCondition(
                test=condition.test, variable=condition.variable, values=list(condition.values)
            )
            for condition in statement.conditions
        ]
        or None,
    )


class Role(Construct):
    """An IAM role for one service, with one inline policy that grows by statements.

    Attributes:
        arn: the role's ARN, as a token.
        name: the role's name.
        policy: the inline policy.
        ready: construct to depend on when the permissions must be in force.
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
        trusted = PolicyDocument(self, "trust", [trust])
        role = IamRole(self, "role", name=name, assume_role_policy=trusted.json)
        self.policy = PolicyDocument(self, "permissions", statements)
        self.ready = IamRolePolicy(self, "policy", name=name, role=role.id, policy=self.policy.json)
        self.arn: str = role.arn
        self.name = name
