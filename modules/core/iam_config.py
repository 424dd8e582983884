"""IAM statements in configuration: what somebody writes by hand, checked as it is read."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

from pydantic import Field

from modules.core.config import ConfigModel
from modules.core.errors import Problem
from modules.core.fields import Matching, OneOf, Reason, Text
from modules.core.statement_rules import SERVICE_PRINCIPAL, condition_problems, statement_problems
from modules.core.statements import Condition, Principal, Statement

_PARTITION = r"arn:aws(?:-cn|-us-gov)?"
IDENTITY_ARN = rf"{_PARTITION}:(?:iam|sts)::\d{{12}}:(?:root|(?:role|user|assumed-role)/[!-~]+)"
"""ARNs of accounts, roles, users and sessions."""

_Sid = Annotated[
    str,
    Matching(r"[A-Za-z0-9]{1,128}", "a sid is letters and digits (IAM)", "write the reason as a word", literal=True),
]


class ConditionConfig(ConfigModel):
    """One condition of a statement; all of them must hold."""

    test: Text = Field(description="IAM's operator, such as StringEquals or ArnLike.")
    variable: Text = Field(description="Condition key, such as aws:SourceAccount.")
    values: tuple[Text, ...] = Field(description="Values, any of which will do.")

    def condition(self) -> Condition:
        """The condition as plain data."""
        return Condition(self.test, self.variable, self.values)

    def cross_checks(self) -> Iterator[Problem]:
        """An operator and a key that IAM knows."""
        yield from condition_problems("", self.condition())


class StatementConfig(ConfigModel):
    """One reason why a role may do something; resources are named one by one, wildcards take a reason.

    Raises:
        ConfigError: with every refused field.
    """

    sid: _Sid = Field(description="The reason as one word, unique in the role, such as ReadOrders.")
    effect: Annotated[str, OneOf(("Allow", "Deny"), "effect", literal=True)] = Field(
        default="Allow", description="Allow or Deny."
    )
    actions: tuple[Text, ...] = Field(description="Actions such as s3:GetObject; never all of a service.")
    resources: tuple[Text, ...] = Field(description="ARNs; a wildcard for everything takes wildcard_resource_reason.")
    conditions: tuple[ConditionConfig, ...] = Field(default=(), description="Conditions, all of which must hold.")
    wildcard_resource_reason: Reason = Field(
        default="", description="Why it is about every resource, such as an action for which AWS knows no resources."
    )

    def statement(self) -> Statement:
        """The statement as plain data."""
        return Statement(
            self.sid,
            self.actions,
            self.resources,
            effect=self.effect,
            conditions=tuple(condition.condition() for condition in self.conditions),
        )

    def cross_checks(self) -> Iterator[Problem]:
        """IAM's syntax, and nothing broader than it says."""
        yield from statement_problems(self.statement(), wildcard_resource_reason=self.wildcard_resource_reason)


class TrustConfig(ConfigModel):
    """Somebody who may assume a role besides the service that it is for.

    Raises:
        ConfigError: with every refused field.
    """

    sid: _Sid = Field(description="The reason as one word, unique in the trust policy, such as DevelopersDebug.")
    principal: Annotated[
        str,
        Matching(
            rf"{SERVICE_PRINCIPAL}|\d{{12}}|{IDENTITY_ARN}",
            "a principal is a service such as events.amazonaws.com, an account's 12 digits, or the ARN of a role or "
            "user; never everybody",
            "name who assumes the role",
        ),
    ] = Field(description="A service principal, an account id, or the ARN of a role or user.")
    conditions: tuple[ConditionConfig, ...] = Field(default=(), description="Conditions, all of which must hold.")
    unconditional_reason: Reason = Field(
        default="", description="Why a service needs no condition on its source, such as one that passes none."
    )

    def statement(self, partition: str) -> Statement:
        """The statement as plain data.

        Args:
            partition: AWS partition of an account given by its digits.
        """
        service = ".amazonaws.com" in self.principal
        account = self.principal.isdecimal() and len(self.principal) == _ACCOUNT_DIGITS
        who = f"arn:{partition}:iam::{self.principal}:root" if account else self.principal
        return Statement(
            self.sid,
            ("sts:AssumeRole",),
            principals=(Principal("Service" if service else "AWS", (who,)),),
            conditions=tuple(condition.condition() for condition in self.conditions),
        )

    def cross_checks(self) -> Iterator[Problem]:
        """A service acts for an account or resource that is named, or a reason is."""
        if ".amazonaws.com" in self.principal and not self.conditions and not self.unconditional_reason:
            yield Problem(
                "",
                f'principal is "{self.principal}" and conditions is empty',
                "a service can be made to act for somebody else's resource (confused deputy)",
                "add a condition on aws:SourceArn or aws:SourceAccount, or set unconditional_reason",
            )


_ACCOUNT_DIGITS = 12
