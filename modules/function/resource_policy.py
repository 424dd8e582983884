"""A function's resource policy: who may invoke it, and for what."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import modules.core.engine

from cdktf import TerraformResource
from constructs import Construct

from modules.core import limits
from modules.core.context import target_of
from modules.core.errors import ConfigError
from modules.core.policy import PolicyDocument
from modules.core.statement_rules import characters
from modules.core.statements import Condition, Principal, Statement
from modules.function.resource_policy_config import InvokeConfig, ResourcePolicyConfig

if TYPE_CHECKING:
    from modules.function.alias import FunctionAlias

INVOKE = "lambda:InvokeFunction"
_STATEMENT_ID = re.compile(r"[A-Za-z0-9_-]{1,100}")  # AddPermission


class ResourcePolicy(Construct):
    """Statements that let somebody invoke a function; each version and alias has a policy of its own.

    Statement ids are the caller's constants, so that a statement is replaced only when it changes.

    Raises:
        ConfigError: the target's AWS provider cannot keep the policy in that form.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        config: ResourcePolicyConfig,
        function_name: str,
        function_arn: str,
        alias: FunctionAlias | None = None,
    ) -> None:
        super().__init__(scope, construct_id)
        self._alias = alias
        self._where = scope.node.path
        config.require(target_of(self), where=self._where)
        self._function_name, self._function_arn = function_name, function_arn
        self._is_whole = config.form == "whole_document"
        self._allowed: dict[str, tuple[InvokeConfig, TerraformResource]] = {}
        self._documents: dict[str, tuple[PolicyDocument, TerraformResource]] = {}

    def allow(self, statement_id: str, **fields: str) -> TerraformResource:
        """Add a statement; adding the same one twice adds it once.

        Args:
            statement_id: short constant, unique in the function.
            fields: who may invoke the function, and for which source: fields of `InvokeConfig`.

        Returns:
            The resource that holds the statement.

        Raises:
            ConfigError: the statement is refused, its id is taken by another, or the policy becomes too long.
        """
        config = InvokeConfig.parse(fields, where=f'{self._where} statement "{statement_id}"')
        if not _STATEMENT_ID.fullmatch(statement_id):
            raise ConfigError.single(
                self._where,
                f'the statement id is "{statement_id}"',
                "it has 1 to 100 letters, digits, hyphens and underscores (AddPermission)",
                "rename it",
            )
        if statement_id not in self._allowed:
            add = self._add_to_document if self._is_whole else self._add_statement
            self._allowed[statement_id] = (config, add(statement_id, config))
        known, resource = self._allowed[statement_id]
        if known != config:
            raise ConfigError.single(
                self._where,
                f'the statement "{statement_id}" lets {config.principal} invoke the function',
                f"another statement of that id lets {known.principal} invoke it",
                "give one of them another id",
            )
        return resource

    def _add_statement(self, statement_id: str, config: InvokeConfig) -> TerraformResource:
        from cdktf_cdktf_provider_aws.lambda_permission import LambdaPermission  # noqa: PLC0415  # not always needed

        return LambdaPermission(
            self,
            statement_id,
            statement_id=statement_id,
            action=INVOKE,
            function_name=self._function_name,
            principal=_identity(config.principal, target_of(self).partition),
            source_arn=config.source_arn or None,
            source_account=config.source_account or None,
            principal_org_id=config.org_id or None,
            qualifier=self._qualifier(config) or None,
        )

    def _add_to_document(self, statement_id: str, config: InvokeConfig) -> TerraformResource:
        qualifier = self._qualifier(config)
        arn = f"{self._function_arn}:{qualifier}" if qualifier else self._function_arn
        if config.qualifier not in self._documents:
            resource = TerraformResource(
                self,
                f"document-{config.qualifier or 'unqualified'}",
                terraform_resource_type="aws_lambda_resource_policy",
            )
            resource.add_override("resource_arn", arn)
            self._documents[config.qualifier] = (PolicyDocument(), resource)
        document, resource = self._documents[config.qualifier]
        document.add(invoke_statement(statement_id, config, resource=arn, partition=target_of(self).partition))
        count = characters(document.json)
        if count > limits.LAMBDA_MAX_RESOURCE_POLICY_BYTES:
            raise ConfigError.single(
                self._where,
                f"the resource policy has at least {count} bytes",
                f"Lambda takes {limits.LAMBDA_MAX_RESOURCE_POLICY_BYTES} (Lambda quotas)",
                "let one source ARN pattern stand for several",
            )
        resource.add_override("policy", document.json)
        return resource

    def _qualifier(self, config: InvokeConfig) -> str:
        """The version or alias; the function's own alias as a token, so that the statement waits for it."""
        return self._alias.of(config.qualifier) if self._alias is not None else config.qualifier


def invoke_statement(statement_id: str, config: InvokeConfig, *, resource: str, partition: str) -> Statement:
    """The statement as Lambda writes it when AddPermission is given the same."""
    conditions = [
        ("ArnLike", "AWS:SourceArn", config.source_arn),
        ("StringEquals", "AWS:SourceAccount", config.source_account),
        ("StringEquals", "aws:PrincipalOrgID", config.org_id),
    ]
    who = _identity(config.principal, partition)
    return Statement(
        statement_id,
        (INVOKE,),
        (resource,),
        principals=(Principal("Service" if config.is_service else "AWS", (who,)),),
        conditions=tuple(Condition(test, variable, (value,)) for test, variable, value in conditions if value),
    )


def _identity(principal: str, partition: str) -> str:
    """Lambda keeps an account as the ARN of its root; the provider would see another principal in its digits."""
    return f"arn:{partition}:iam::{principal}:root" if principal.isdecimal() else principal
