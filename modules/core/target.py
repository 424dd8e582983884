"""A target: the account, region and environment that one stack is rolled out to."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import Field

from modules.core.config import ConfigModel
from modules.core.errors import Problem
from modules.core.fields import Matching
from modules.core.naming import Naming

NamePart = Annotated[
    str,
    Matching(
        r"[a-z0-9](?:[a-z0-9-]{0,14}[a-z0-9])?",
        "it takes 1 to 16 lowercase letters, digits and inner hyphens, as it becomes part of every name",
        "shorten or correct it",
    ),
]
_AccountId = Annotated[
    str, Matching(r"\d{12}", "an AWS account id has 12 digits", "quote it in YAML and write all digits")
]
_Region = Annotated[
    str, Matching(r"[a-z]{2}(?:-[a-z]+)+-\d", "an AWS region reads like eu-west-1", "write the region's code name")
]
_VersionConstraint = Annotated[
    str,
    Matching(
        r"(?:(?:=|!=|>=|<=|~>|>|<)?\s*\d+(?:\.\d+){0,2})(?:\s*,\s*(?:=|!=|>=|<=|~>|>|<)?\s*\d+(?:\.\d+){0,2})*",
        "a Terraform version constraint reads like >= 5.100, < 7",
        "correct it",
    ),
]

AWS_PROVIDER_VERSIONS = ">= 5.100, < 7"
"""AWS provider versions that accept everything synthesized by default."""


class LocalBackend(ConfigModel):
    """State in a file beside the project; for trying things out on the emulator or alone."""

    kind: Literal["local"] = "local"


class S3Backend(ConfigModel):
    """State in S3, encrypted, locked by S3 itself (`use_lockfile`)."""

    kind: Literal["s3"]
    bucket: Annotated[
        str, Matching(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]", "an S3 bucket name has 3 to 63 characters", "correct it")
    ]
    region: _Region
    kms_key_id: str | None = None


class Target(ConfigModel):
    """Where one stack goes, and what all its resources share.

    Raises:
        ConfigError: with every refused field.
    """

    org: NamePart = Field(description="Organisation; first part of every cloud name.")
    env: NamePart = Field(description="Environment, such as dev; second part of every cloud name.")
    account: NamePart = Field(description="Short name of the account; part of the target's name.")
    account_id: _AccountId = Field(description="Twelve digits; Terraform refuses to run in any other account.")
    region: _Region = Field(description="AWS region.")
    stack: Annotated[
        str, Matching(r"[a-z][a-z0-9_]{0,30}", "a stack's name is a short snake_case word", "correct it")
    ] = Field(description="Stack, as its file below stacks/ is called.")
    owner: Annotated[str, Matching(r"\S(?:.{0,126}\S)?", "it takes 1 to 128 characters", "name a team")] = Field(
        description="Team that answers for the target; becomes the tag `owner`."
    )
    tags: dict[str, str] = Field(default_factory=dict, description="Further tags for every resource.")
    aws_provider_version: _VersionConstraint = Field(
        default=AWS_PROVIDER_VERSIONS, description="Constraint on the AWS provider."
    )
    backend: Annotated[LocalBackend | S3Backend, Field(discriminator="kind")] = Field(
        default_factory=LocalBackend, description="Where Terraform keeps the state."
    )

    def cross_checks(self) -> Iterator[Problem]:
        """Tags within AWS's bounds (EC2 tag restrictions: 50 tags, key 128, value 256 characters, no `aws:`)."""
        for key, value in sorted(self.tags.items()):
            if not 1 <= len(key) <= _TAG_KEY_LENGTH or key.lower().startswith("aws:"):
                yield Problem(
                    "", f'tags holds the key "{key}"', "a key has 1 to 128 characters and no prefix aws:", "rename it"
                )
            if len(value) > _TAG_VALUE_LENGTH:
                yield Problem("", f'tags["{key}"] has {len(value)} characters', "a value has at most 256", "shorten it")
        if len(self.all_tags) > _MAX_TAGS:
            yield Problem(
                "", f"tags has {len(self.tags)} entries", "with ours AWS takes 50 per resource", "remove some"
            )

    @property
    def name(self) -> str:
        """The target's name: its folder below `cdktf.out/stacks` and the key of its state."""
        return f"{self.env}-{self.account}-{self.region}-{self.stack}"

    @property
    def naming(self) -> Naming:
        """Names for the target's resources."""
        return Naming(org=self.org, env=self.env, stack=self.stack.replace("_", "-"))

    @property
    def partition(self) -> str:
        """AWS partition of the region: `aws`, `aws-cn` or `aws-us-gov`."""
        prefix = self.region.split("-", 1)[0]
        if prefix == "cn":
            return "aws-cn"
        return "aws-us-gov" if self.region.startswith("us-gov-") else "aws"

    @property
    def all_tags(self) -> dict[str, str]:
        """Tags for every resource; the suite's own cannot be overridden."""
        own = {"env": self.env, "managed-by": "terraform", "org": self.org, "owner": self.owner, "stack": self.stack}
        return dict(sorted({**self.tags, **own}.items()))

    @property
    def allows_provider_5(self) -> bool:
        """Whether the constraint admits a 5.x AWS provider, so that nothing which needs 6 may be synthesized."""
        return not re.search(r"(?:>=|~>|(?<![<>!~])=|^)\s*[6-9]", self.aws_provider_version)

    def arn(self, service: str, resource: str) -> str:
        """An ARN in the target's partition, region and account."""
        return f"arn:{self.partition}:{service}:{self.region}:{self.account_id}:{resource}"


_TAG_KEY_LENGTH, _TAG_VALUE_LENGTH, _MAX_TAGS = 128, 256, 50
