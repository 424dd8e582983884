"""Configuration of a function that exists already and takes part in security group rules and permissions."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

from pydantic import Field, StrictBool

from modules.core import limits
from modules.core.config import ConfigModel
from modules.core.errors import Problem
from modules.core.fields import Matching, Reason, Within
from modules.core.target import Target
from modules.core.tokens import is_token
from modules.function.attachment_config import SecurityGroupId
from modules.function.role_config import RoleArn, RoleName


class ExistingFunctionConfig(ConfigModel):
    """A function that something else deploys.

    It can be invoked by what is allowed to, and `connect_to` opens the way from its security group; its environment,
    role and network are its owner's.

    Raises:
        ConfigError: with every refused field.
    """

    function_arn: Annotated[
        str,
        Matching(
            rf"arn:aws(?:-cn|-us-gov)?:lambda:{limits.REGION}:\d{{12}}:function:[A-Za-z0-9_-]{{1,64}}",
            "a function's ARN reads like arn:aws:lambda:eu-west-1:123456789012:function:name, without a qualifier",
            "copy it from Lambda",
        ),
    ] = Field(description="ARN of the function, without a version or alias.")
    alias: Annotated[
        str,
        Matching(
            r"(?:(?!\d+$)[A-Za-z0-9_-]+)?",
            "an alias has 1 to 128 letters, digits, hyphens and underscores, not digits alone (lambda API model)",
            "copy it from Lambda, or remove it",
            limits.LAMBDA_MAX_ALIAS_LENGTH,
            literal=True,
        ),
    ] = Field(default="", description="Alias under which it is invoked; empty invokes the unqualified function.")
    security_group_id: SecurityGroupId | None = Field(
        default=None, description="The function's security group, whose egress connect_to opens; absent without a VPC."
    )
    reserved_concurrency: Annotated[int, Within(limits.LAMBDA_RESERVED_CONCURRENCY, literal=True)] | None = Field(
        default=None,
        description="Reserved concurrency that its owner gave it, so that databases can count it; null for none.",
    )
    role_arn: RoleArn | None = Field(default=None, description="The function's role; needed with attach_grants.")
    role_name: RoleName = Field(
        default="", description="Its name, needed with attach_grants when role_arn is known only later."
    )
    attach_grants: StrictBool = Field(
        default=False,
        description="Whether connect_to attaches what it grants to the role as an inline policy; otherwise a "
        "connection that needs permissions is refused with the statements to add.",
    )
    granted_elsewhere_reason: Reason = Field(
        default="", description="What gives the role the permissions that connections need, so that none is refused."
    )

    def cross_checks(self) -> Iterator[Problem]:
        """A role to attach to, in the account of the function."""
        if self.attach_grants and self.role_arn is None:
            yield Problem(
                "",
                "attach_grants is true and role_arn is missing",
                "an inline policy needs a role",
                "set role_arn",
            )
        if self.attach_grants and self.granted_elsewhere_reason:
            yield Problem(
                "",
                "attach_grants is true and granted_elsewhere_reason is set",
                "the role gets its permissions in one way",
                "remove one",
            )
        if self.role_arn is None or is_token(self.function_arn):
            return
        if is_token(self.role_arn):
            if self.attach_grants and not self.role_name:
                yield Problem(
                    "",
                    "attach_grants is true, role_arn is known only later, and role_name is empty",
                    "the inline policy is attached to the role by its name",
                    "set role_name",
                )
        elif self.role_arn.split(":")[4] != self.function_arn.split(":")[4]:
            yield Problem(
                "",
                f'role_arn is "{self.role_arn}"',
                f"a function's role lies in its own account, {self.function_arn.split(':')[4]} (CreateFunction)",
                "correct one of the two",
            )

    def target_checks(self, target: Target) -> Iterator[Problem]:
        """The function lies in the target's account and region."""
        if is_token(self.function_arn):
            return
        region, account = self.function_arn.split(":")[3:5]
        if (region, account) != (target.region, target.account_id):
            yield Problem(
                "",
                f'function_arn is "{self.function_arn}"',
                f"the target is account {target.account_id} in {target.region}",
                "name a function there",
            )
