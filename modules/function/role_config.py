"""Configuration of a function's role: made for it, or brought along."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Annotated

from pydantic import Field, StrictBool

from modules.core import limits
from modules.core.config import ConfigModel
from modules.core.errors import Problem
from modules.core.fields import Matching, OneOf, Reason, Text, Within
from modules.core.iam_config import StatementConfig, TrustConfig
from modules.core.iam_documents import document_problems, hand_written
from modules.core.statement_rules import statement_problems
from modules.core.target import Target
from modules.core.tokens import is_token
from modules.function.permissions import ENI_ATTACHMENT, ENI_MANAGED_POLICY

_PARTITION = r"arn:aws(?:-cn|-us-gov)?"
PolicyArn = Annotated[
    str,
    Matching(
        rf"{_PARTITION}:iam::(?:aws|\d{{12}}):policy/(?:[!-~]+/)?[\w+=,.@-]{{1,128}}",
        "a managed policy's ARN reads like arn:aws:iam::123456789012:policy/name",
        "copy it from IAM",
    ),
]
RoleArn = Annotated[
    str,
    Matching(
        rf"{_PARTITION}:iam::\d{{12}}:role/(?:[!-~]+/)?[\w+=,.@-]{{1,64}}",
        "a role's ARN reads like arn:aws:iam::123456789012:role/name",
        "copy it from IAM",
    ),
]
RoleName = Annotated[
    str,
    Matching(r"(?:[\w+=,.@-]{1,64})?", "a role's name has 1 to 64 letters, digits and characters of +=,.@-_ (IAM)",
             "copy it from IAM"),
]  # fmt: skip

_AttachmentName = Annotated[
    str,
    Matching(
        r"[a-z0-9]+(?:-[a-z0-9]+)*", "a name here is lowercase letters, digits and single inner hyphens",
        "rename it", 64, literal=True,
    ),
]  # fmt: skip

ENI_PERMISSIONS = ("scoped", "managed_policy")
"""Ways in which a function's role gets the permissions for its network interfaces."""


class ExistingRoleConfig(ConfigModel):
    """A role that exists already.

    What the role may do is not looked up: `policies` says it, and the six actions with which Lambda makes and deletes
    network interfaces are looked for in it, as in every statement that something grants.
    """

    arn: RoleArn = Field(description="ARN of the role; it has to lie in the function's account (CreateFunction).")
    name: RoleName = Field(
        default="", description="Its name, needed with attach_grants when arn is known only later; else read from arn."
    )
    policies: tuple[Text, ...] = Field(
        default=(), description="Its policies, each a JSON document; managed ones and permissions boundaries too."
    )
    unchecked_reason: Reason = Field(default="", description="Why its policies are not given and not checked.")
    attach_grants: StrictBool = Field(
        default=False,
        description="Whether what the function and its connections need is attached to the role as an inline policy; "
        "otherwise whatever policies lacks is refused with the statement to add.",
    )

    def cross_checks(self) -> Iterator[Problem]:
        """Policies or a reason, and a name where an inline policy is to be attached."""
        if bool(self.policies) == bool(self.unchecked_reason):
            given = "policies and unchecked_reason are both set" if self.policies else "policies is empty"
            yield Problem(
                "",
                given,
                "Lambda cannot make a function whose role lacks the permissions for its network interfaces",
                "give the role's policies, or set unchecked_reason",
            )
        yield from document_problems("policies", self.policies)
        if self.attach_grants and not self.name and is_token(self.arn):
            yield Problem(
                "",
                "attach_grants is true, arn is known only later, and name is empty",
                "the inline policy is attached to the role by its name",
                "set name",
            )


class RoleConfig(ConfigModel):
    """The function's role; by default one of its own, with nothing but what the function and its connections need.

    Raises:
        ConfigError: with every refused field.
    """

    eni_permissions: Annotated[str, OneOf(ENI_PERMISSIONS, "eni_permissions", literal=True)] = Field(
        default="scoped",
        description="How the role gets the permissions for network interfaces: scoped to the account and region, or "
        "the managed policy AWSLambdaVPCAccessExecutionRole.",
    )
    permissions_boundary_arn: PolicyArn | None = Field(
        default=None, description="ARN of the policy that bounds what the role can be allowed."
    )
    path: Annotated[
        str,
        Matching(r"/(?:[!-~]+/)?", "a role's path begins and ends with / (IAM)", "write it like /service/", 512,
                 literal=True),
    ] = Field(default="/", description="Path of the role, at most 512 characters (IAM).")  # fmt: skip
    description: Annotated[
        str,
        Matching(r"[\t\n\r -~¡-ÿ]*", "a role's description has at most 1000 Latin-1 characters (IAM)", "shorten it",
                 1000),
    ] = Field(default="", description="What the role is for; empty names the function.")  # fmt: skip
    max_session_seconds: Annotated[int, Within(limits.IAM_MAX_SESSION_SECONDS)] = Field(
        default=3_600, description="Longest session of who assumes the role, in seconds. 3600 to 43200 (IAM)."
    )
    managed_policy_arns: dict[_AttachmentName, PolicyArn] = Field(
        default_factory=dict,
        description="Further managed policies, each by a name of yours, such as tracing: its ARN; 10 with that of "
        "eni_permissions (IAM quotas).",
    )
    statements: tuple[StatementConfig, ...] = Field(
        default=(), description="What the function's code may do beyond what its connections grant."
    )
    policies: tuple[Text, ...] = Field(
        default=(), description="The same as JSON policy documents; their statements go through the same checks."
    )
    trusts: tuple[TrustConfig, ...] = Field(
        default=(), description="Who may assume the role besides Lambda, such as a developer's role for debugging."
    )
    existing: ExistingRoleConfig | None = Field(default=None, description="A role that exists already, instead.")

    def cross_checks(self) -> Iterator[Problem]:
        """Sids once each, the managed policies' quota, and nothing about a role that exists already."""
        if self.existing is not None:
            own = sorted(self.model_fields_set - {"existing"})
            if own:
                yield Problem(
                    "",
                    f"existing and {', '.join(own)} are set",
                    "a role that exists already is left as it is",
                    "remove existing, or the others",
                )
            return
        yield from self._managed_policy_problems()
        yield from self._statement_problems()
        for sid in _repeated([trust.sid for trust in self.trusts]):
            yield Problem("", f'trusts holds the sid "{sid}" twice', "each reason once", "rename one")

    def target_checks(self, target: Target) -> Iterator[Problem]:
        """An existing role lies in the target's account."""
        if self.existing is not None and not is_token(self.existing.arn):
            account = self.existing.arn.split(":")[4]
            if account != target.account_id:
                yield Problem(
                    "role.existing",
                    f'arn is "{self.existing.arn}"',
                    f"a function's role lies in its own account, {target.account_id} (CreateFunction)",
                    "name a role of that account",
                )

    def _managed_policy_problems(self) -> Iterator[Problem]:
        for arn in _repeated(self.managed_policy_arns.values()):
            yield Problem("", f'managed_policy_arns holds "{arn}" twice', "each policy once", "remove one")
        for name, arn in self.managed_policy_arns.items():
            if name == ENI_ATTACHMENT or arn.endswith(f":aws:policy/{ENI_MANAGED_POLICY}"):
                yield Problem(
                    "",
                    f'managed_policy_arns holds "{name}" ({arn})',
                    "eni_permissions attaches it, and denies what it allows too much",
                    "remove it, and set eni_permissions to managed_policy",
                )
        count = len(self.managed_policy_arns) + (self.eni_permissions == "managed_policy")
        if count > limits.IAM_MAX_MANAGED_POLICIES:
            yield Problem(
                "",
                f"the role has {count} managed policies",
                f"IAM attaches {limits.IAM_MAX_MANAGED_POLICIES} to a role (IAM quotas)",
                "merge some",
            )

    def _statement_problems(self) -> Iterator[Problem]:
        unreadable = tuple(document_problems("policies", self.policies))
        yield from unreadable
        by_hand = [statement.statement() for statement in self.statements]
        if not unreadable:
            read, problems = hand_written("policies", self.policies)
            yield from problems
            for statement in read:
                yield from (problem.within("policies") for problem in statement_problems(statement))
            by_hand += read
        for sid in _repeated([statement.sid for statement in by_hand if statement.sid]):
            yield Problem("", f'statements and policies hold the sid "{sid}" twice', "each reason once", "rename one")


def _repeated(values: Iterable[str]) -> list[str]:
    counted = Counter(values)
    return sorted(value for value, count in counted.items() if count > 1)
