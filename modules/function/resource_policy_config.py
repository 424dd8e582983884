"""Who may invoke a function: statements of its resource policy."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

from pydantic import Field

from modules.core.config import ConfigModel
from modules.core.errors import Problem
from modules.core.fields import Matching, OneOf
from modules.core.iam_config import IDENTITY_ARN
from modules.core.provider_6 import needs_provider_6
from modules.core.statement_rules import SERVICE_PRINCIPAL
from modules.core.target import Target
from modules.core.tokens import is_token

_OptionalAccount = Annotated[
    str, Matching(r"(?:\d{12})?", "an AWS account id has 12 digits", "quote it in YAML and write all digits")
]
_S3 = "s3.amazonaws.com"


class InvokeConfig(ConfigModel):
    """One statement of a function's resource policy: somebody may invoke it.

    A service acts for whoever configures it, so it is allowed for one source only; everybody is allowed within one
    organisation only.

    Raises:
        ConfigError: with every refused field.
    """

    principal: Annotated[
        str,
        Matching(
            rf"{SERVICE_PRINCIPAL}|\d{{12}}|{IDENTITY_ARN}|\*",
            "a principal is a service such as events.amazonaws.com, an account's 12 digits, the ARN of a role or user, "
            "or * with org_id",
            "name who invokes the function",
            literal=True,
        ),
    ] = Field(description="A service principal, an account id, the ARN of a role or user, or * with org_id.")
    source_arn: Annotated[
        str,
        Matching(
            r"(?:arn:aws(?:-cn|-us-gov)?:[a-z0-9-]+:[a-z0-9-]*:(?:\d{12})?:\S+)?",
            "a source is an ARN such as arn:aws:events:eu-west-1:123456789012:rule/name",
            "write the whole ARN",
        ),
    ] = Field(default="", description="ARN, or ARN pattern, of the resource that a service acts for.")
    source_account: _OptionalAccount = Field(
        default="", description="Account of that resource; needed where its ARN names none, as an S3 bucket's."
    )
    org_id: Annotated[
        str,
        Matching(r"(?:o-[a-z0-9]{10,32})?", "an organisation's id reads like o-a1b2c3d4e5", "copy it from AWS "
                 "Organizations", literal=True),
    ] = Field(default="", description="Organisation to which everybody is narrowed (aws:PrincipalOrgID).")  # fmt: skip
    qualifier: Annotated[
        str,
        Matching(
            r"(?:\d+|(?!\d+$)[A-Za-z0-9_-]{1,128})?",
            "a qualifier is a version's number or an alias, 128 letters, digits, hyphens and underscores at most "
            "(lambda API model)",
            "correct it",
        ),
    ] = Field(default="", description="Version or alias to invoke; empty allows the unqualified function only.")

    @property
    def is_service(self) -> bool:
        """Whether an AWS service invokes the function."""
        return ".amazonaws.com" in self.principal

    def cross_checks(self) -> Iterator[Problem]:
        """A service has a source, everybody has an organisation, and nobody else has either."""
        given = f'principal is "{self.principal}"'
        if self.is_service:
            yield from self._service_problems(given)
        elif self.source_arn or self.source_account:
            yield Problem(
                "", f"{given} and source_arn or source_account is set", "only services act for a source", "remove them"
            )
        if self.principal == "*" and not self.org_id:
            yield Problem(
                "", f"{given} and org_id is empty", "it lets everybody invoke the function", "set org_id, or name them"
            )
        elif self.principal != "*" and self.org_id:
            yield Problem(
                "",
                f"{given} and org_id is set",
                "org_id narrows the principal * (AddPermission)",
                "remove it, or set principal to *",
            )

    def _service_problems(self, given: str) -> Iterator[Problem]:
        if not self.source_arn and not self.source_account:
            yield Problem(
                "",
                f"{given}, and source_arn and source_account are empty",
                "a service can be made to invoke the function for somebody else's resource (confused deputy)",
                "set source_arn, or source_account",
            )
        elif self.principal == _S3 and not self.source_account:
            yield Problem(
                "",
                f"{given} and source_account is empty",
                "a bucket's ARN names no account, and its name can become somebody else's (AddPermission)",
                "set source_account",
            )
        account = "" if is_token(self.source_arn) else self.source_arn.split(":")[4] if self.source_arn else ""
        if account and self.source_account and not is_token(self.source_account) and account != self.source_account:
            yield Problem(
                "",
                f'source_arn is "{self.source_arn}" and source_account is "{self.source_account}"',
                "no resource has both, so nothing could invoke the function",
                "correct one of them",
            )


class ResourcePolicyConfig(ConfigModel):
    """How a function's resource policy is kept.

    Raises:
        ConfigError: with every refused field.
    """

    form: Annotated[str, OneOf(("statements", "whole_document"), "form", literal=True)] = Field(
        default="statements",
        description="statements: a resource for each statement (aws_lambda_permission), beside which others may add "
        "theirs; whole_document: one resource for all of them (aws_lambda_resource_policy), which removes any other "
        "statement; needs AWS provider 6.",
    )

    def target_checks(self, target: Target) -> Iterator[Problem]:
        """Only AWS provider 6 knows the resource for the whole policy."""
        if self.form == "whole_document":
            given = 'resource_policy.form is "whole_document"'
            yield from needs_provider_6(target, given, "aws_lambda_resource_policy", instead="set form to statements")
