"""A target: the account, region and environment that one stack is rolled out to."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import Field

from modules.core import limits
from modules.core.config import ConfigModel
from modules.core.errors import Problem
from modules.core.fields import AccountId, KnownBucketName, Matching
from modules.core.naming import Naming
from modules.core.tokens import is_token

_PART_LENGTH = 16
NamePart = Annotated[
    str,
    Matching(
        r"[a-z0-9]+(?:-[a-z0-9]+)*",
        "it takes 1 to 16 lowercase letters, digits and single inner hyphens, as it becomes part of every name",
        "shorten or correct it",
        _PART_LENGTH,
        literal=True,
    ),
]
_FirstNamePart = Annotated[
    str,
    Matching(
        r"(?!sg(?:-|$))[a-z][a-z0-9]*(?:-[a-z0-9]+)*",
        "it takes 1 to 16 lowercase letters, digits and single inner hyphens, a letter first and not sg, "
        "as every name begins with it",
        "shorten or correct it",
        _PART_LENGTH,
        literal=True,
    ),
]
_Region = Annotated[
    str,
    Matching(
        limits.REGION,
        "an AWS region reads like eu-west-1, in the partitions aws, aws-cn and aws-us-gov",
        "write the region's code name",
        literal=True,
    ),
]
_UUID = r"[a-f0-9]{8}-[a-f0-9]{4}-[1-5][a-f0-9]{3}-[89ab][a-f0-9]{3}-[a-f0-9]{12}"
_KEY_ID = rf"(?:{_UUID}|mrk-[a-f0-9]{{32}})"
_ALIAS = r"alias/[A-Za-z0-9/_-]+"
_KeyReference = Annotated[
    str,
    Matching(
        rf"{_KEY_ID}|{_ALIAS}|arn:aws(?:-cn|-us-gov)?:kms:{limits.REGION}:\d{{12}}:(?:key/{_KEY_ID}|{_ALIAS})",
        "Terraform takes a KMS key's id, alias/name, or ARN",
        "copy it from AWS KMS",
        literal=True,
    ),
]
_VersionConstraint = Annotated[
    str,
    Matching(
        r"(?:(?:=|!=|>=|<=|~>|>|<)? *\d+(?:\.\d+){0,2})(?: *, *(?:=|!=|>=|<=|~>|>|<)? *\d+(?:\.\d+){0,2})*",
        "a Terraform version constraint reads like >= 5.100, < 7",
        "write it in quotes, as operators and versions with commas between",
        literal=True,
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
    bucket: KnownBucketName
    region: _Region
    kms_key_id: _KeyReference | None = None


class Target(ConfigModel):
    """Where one stack goes, and what all its resources share.

    Raises:
        ConfigError: with every refused field.
    """

    org: _FirstNamePart = Field(description="Organisation; first part of every cloud name.")
    env: NamePart = Field(description="Environment, such as dev; second part of every cloud name.")
    account: NamePart = Field(description="Short name of the account; part of the target's name.")
    account_id: AccountId = Field(description="Twelve digits; Terraform refuses to run in any other account.")
    region: _Region = Field(description="AWS region.")
    stack: Annotated[
        str,
        Matching(
            r"[a-z][a-z0-9]*(?:_[a-z0-9]+)*",
            "a stack's name is a snake_case word of at most 31 characters",
            "correct it",
            31,
            literal=True,
        ),
    ] = Field(description="Stack, as its file below stacks/ is called.")
    owner: Annotated[
        str, Matching(r"\S(?:.{0,126}\S)?", "it takes 1 to 128 characters on one line", "name a team", literal=True)
    ] = Field(description="Team that answers for the target; becomes the tag `owner`.")
    tags: dict[str, str] = Field(default_factory=dict, description="Further tags for every resource.")
    aws_provider_version: _VersionConstraint = Field(
        default=AWS_PROVIDER_VERSIONS, description="Constraint on the AWS provider."
    )
    backend: Annotated[LocalBackend | S3Backend, Field(discriminator="kind")] = Field(
        default_factory=LocalBackend, description="Where Terraform keeps the state."
    )

    def cross_checks(self) -> Iterator[Problem]:
        """Tags that every service takes: all resources share them, so the strictest service decides."""
        own = {key.lower(): key for key in (*self._own_tags, *_RESOURCE_TAGS)}
        seen: dict[str, str] = {}
        for key, value in sorted(self.tags.items()):
            yield from _key_problems(key)
            yield from _value_problems(f'tags["{key}"]', value)
            if key.lower() in own:
                yield Problem("", f'tags holds the key "{key}"', "the suite sets it itself", "remove or rename it")
            elif seen.setdefault(key.lower(), key) != key:
                given = f'tags holds the keys "{seen[key.lower()]}" and "{key}"'
                yield Problem("", given, "IAM takes them for the same key", "remove one")
        yield from _value_problems("owner", self.owner)
        most = _MAX_TAGS - len(own)
        if len(self.tags) > most:
            yield Problem(
                "", f"tags has {len(self.tags)} entries", f"with the suite's own AWS takes {most}", "remove some"
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
        return dict(sorted({**self.tags, **self._own_tags}.items()))

    @property
    def _own_tags(self) -> dict[str, str]:
        return {"env": self.env, "managed-by": "terraform", "org": self.org, "owner": self.owner, "stack": self.stack}

    @property
    def allows_provider_5(self) -> bool:
        """Whether the constraint admits an AWS provider before 6, so that nothing which needs 6 may be synthesized."""
        lower_bounds = re.findall(r"(?:^|,)\s*(?:=|>=|~>|>)?\s*(\d+)", self.aws_provider_version)
        return all(int(major) < _FIRST_WITHOUT_5 for major in lower_bounds)

    def arn(self, service: str, resource: str) -> str:
        """An ARN in the target's partition, region and account."""
        return f"arn:{self.partition}:{service}:{self.region}:{self.account_id}:{resource}"


_FIRST_WITHOUT_5 = 6
_TAG_KEY = re.compile(r"(?!aws:|rds:)[a-z0-9_.:/=+-]{1,128}", re.ASCII | re.IGNORECASE)  # AWS Signer is the strictest
_TAG_VALUE_LENGTH, _TAG_VALUE_MARKS, _MAX_TAGS = 256, "_.:/=+-@", 50
_RESOURCE_TAGS = ("Name", "tier")  # what single resources add


def _key_problems(key: str) -> Iterator[Problem]:
    if not _TAG_KEY.fullmatch(key):
        yield Problem(
            "",
            f'tags holds the key "{key}"',
            "a key has 1 to 128 letters, digits and characters of _.:/=+-, and no prefix aws: or rds: (Signer, RDS)",
            "rename it",
        )


def _value_problems(what: str, value: str) -> Iterator[Problem]:
    if is_token(value):
        return
    if len(value) > _TAG_VALUE_LENGTH:
        yield Problem("", f"{what} has {len(value)} characters", "a tag's value has at most 256", "shorten it")
    refused = sorted({mark for mark in value if not _is_tag_character(mark)})
    if refused:
        yield Problem(
            "",
            f"{what} holds {' '.join(refused)}",
            "a tag's value has letters, digits, spaces and characters of _.:/=+-@ (IAM API)",
            "replace it",
        )
    if value.lower().startswith(("aws:", "rds:")):
        yield Problem("", f'{what} is "{value}"', "AWS reserves the prefixes aws: and rds: (RDS API)", "reword it")


def _is_tag_character(character: str) -> bool:
    return character in _TAG_VALUE_MARKS or unicodedata.category(character)[0] in "LNZ"
