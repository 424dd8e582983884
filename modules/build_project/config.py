"""Configuration of a CodeBuild project."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Annotated, Any, Literal

import yaml
from pydantic import Field

from modules.core import build_limits, limits
from modules.core.config import ConfigModel
from modules.core.errors import Problem
from modules.core.fields import Matching, OneOf, Reason, Text, Within
from modules.core.kinds import ByKind
from modules.core.secrecy import names_secret
from modules.core.tokens import is_token
from modules.observability import AlarmsConfig

OWN_IMAGE = re.compile(r"aws/codebuild/[A-Za-z0-9_.:/-]+")
"""Images that CodeBuild offers itself."""
ECR_IMAGE = re.compile(
    rf"(?P<account>\d{{12}})\.dkr\.ecr\.(?P<region>{limits.REGION})\.amazonaws\.com(?:\.cn)?/"
    r"(?P<repository>[a-z0-9]+(?:[._/-][a-z0-9]+)*)(?:@sha256:[0-9a-f]{64}|:[A-Za-z0-9_][A-Za-z0-9_.-]{0,127})",
    re.ASCII,
)
"""Images of private ECR repositories, by digest or tag."""
_IMAGES = {"x86_64": "aws/codebuild/standard:7.0", "arm64": "aws/codebuild/amazonlinux-aarch64-standard:3.0"}
"""Architecture to the newest image that CodeBuild offers for it (CodeBuild guide, images provided by CodeBuild)."""
_OWN_VARIABLES = "CODEBUILD_"  # CodeBuild guide, environment variables


class NoSource(ConfigModel):
    """None: the commands, the image and what they fetch are all there is."""

    kind: Literal["none"] = Field(default="none", description="No source.")


class S3Source(ConfigModel):
    """An archive in the bucket that the construct is given."""

    kind: Literal["s3"] = Field(description="An archive in S3.")
    key: Annotated[
        str,
        Matching(
            r"(?:[A-Za-z0-9_.-]+/)+[A-Za-z0-9_.-]+\.zip",
            "it is the key of a zip archive in a folder, such as source/project.zip, as builds may read that folder "
            "only",
            "correct it",
            limits.S3_MAX_KEY_LENGTH,
            literal=True,
        ),
    ] = Field(default="source/project.zip", description="Key of the archive, in a folder of its own.")

    @property
    def folder(self) -> str:
        """The folder that the archive lies in, with a / at its end."""
        return self.key.rpartition("/")[0] + "/"


Source = Annotated[NoSource | S3Source, ByKind(default="none")]
"""Where a build's files come from."""


class BuildProjectConfig(ConfigModel):
    """A CodeBuild project.

    Builds run without privileges, write to an encrypted log group, and leave no artifacts.

    Raises:
        ConfigError: with every refused field.
    """

    description: Annotated[
        str,
        Matching(
            rf"[^\0\n]{{0,{build_limits.BUILD_MAX_DESCRIPTION_LENGTH}}}",
            f"a description has at most {build_limits.BUILD_MAX_DESCRIPTION_LENGTH} characters on one line",
            "shorten it",
        ),
    ] = Field(default="", description="What it builds.")
    buildspec: Text = Field(
        default="",
        description="What a build does, as YAML (CodeBuild guide, build specification); empty for the file "
        "buildspec.yml of the source.",
    )
    source: Source = Field(default_factory=NoSource, description="Where a build's files come from.")
    architecture: Annotated[str, OneOf(("x86_64", "arm64"), "architecture", literal=True)] = Field(
        default="x86_64", description="Processor of the build's container."
    )
    image: Annotated[
        str,
        Matching(
            rf"(?:{OWN_IMAGE.pattern}|{re.sub(r'[?]P<[a-z]+>', '?:', ECR_IMAGE.pattern)})?",
            "it is an image of CodeBuild's (aws/codebuild/...) or of a private ECR repository, with a tag or digest; "
            "public registries refuse builds that pull too often",
            "write it so, or push the image to ECR",
            literal=True,
        ),
    ] = Field(
        default="",
        description="Image that a build runs in; empty for the newest of CodeBuild's: Ubuntu 22.04 on x86_64, Amazon "
        "Linux 2023 on arm64.",
    )
    compute_type: Annotated[str, OneOf(build_limits.BUILD_COMPUTE_TYPES, "a build's compute type")] = Field(
        default="BUILD_GENERAL1_SMALL", description="Processors and memory; SMALL has 2 vCPUs."
    )
    timeout_minutes: Annotated[int, Within(build_limits.BUILD_MINUTES)] = Field(
        default=60, description="How long a build may take, in minutes. 5 to 2160 (CodeBuild API)."
    )
    queued_timeout_minutes: Annotated[int, Within(build_limits.BUILD_QUEUED_MINUTES)] = Field(
        default=480, description="How long a build may wait to begin, in minutes. 5 to 480 (CodeBuild API)."
    )
    concurrent_builds: Annotated[int, Within(build_limits.BUILDS_AT_ONCE)] | None = Field(
        default=None, description="Builds of the project at once; null leaves it to the account's quota."
    )
    environment: dict[str, Text] = Field(
        default_factory=dict, description="Environment variables, which everybody sees who may look at a build."
    )
    aws_services: tuple[Text, ...] = Field(
        default=(),
        description="AWS services that builds in a network reach, such as sts, besides those that builds always need.",
    )
    internet_egress_reason: Reason = Field(
        default="", description="Why builds in a network reach the internet by HTTPS; empty for no way there."
    )
    log_retention_days: Annotated[int, OneOf(limits.LOG_RETENTION_DAYS, "log retention in days")] = Field(
        default=365, description="Days that logs are kept."
    )
    alarms: AlarmsConfig = Field(default_factory=AlarmsConfig, description="Alarms of the project.")

    @property
    def used_image(self) -> str:
        """The image that a build runs in."""
        return self.image or _IMAGES[self.architecture]

    def cross_checks(self) -> Iterator[Problem]:
        """Something to do, and no secret in clear text."""
        if not self.buildspec and isinstance(self.source, NoSource):
            yield Problem(
                "",
                'buildspec is empty and source.kind is "none"',
                "a build has no commands then",
                "set buildspec, or a source that holds buildspec.yml",
            )
        if self.buildspec and not is_token(self.buildspec):
            yield from _buildspec_problems(self.buildspec)
        for name in sorted(self.environment):
            yield from _variable_problems(name)


def _buildspec_problems(text: str) -> Iterator[Problem]:
    try:
        found: Any = yaml.safe_load(text)
    except yaml.YAMLError as error:
        yield Problem("", "buildspec is not YAML", f"it reads: {' '.join(str(error).split())}", "correct it")
        return
    if not isinstance(found, dict) or "version" not in found or "phases" not in found:
        yield Problem(
            "",
            "buildspec has no version or no phases",
            "CodeBuild takes a mapping with version and phases (CodeBuild guide, build specification)",
            "begin it with version: 0.2 and phases",
        )


def _variable_problems(name: str) -> Iterator[Problem]:
    if not re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]*", name, re.ASCII):
        given, allowed = f'environment holds "{name}"', "a variable's name has letters, digits and _, no digit first"
        yield Problem("", given, allowed, "rename it")
    if name.startswith(_OWN_VARIABLES):
        given, allowed = f'environment holds "{name}"', f"CodeBuild sets what begins with {_OWN_VARIABLES} itself"
        yield Problem("", given, allowed, "rename it")
    if names_secret(name):
        yield Problem(
            "",
            f'environment holds "{name}"',
            "everybody sees variables who may look at a build",
            "keep it in Secrets Manager, name its ARN, and let the build read it",
        )
