"""Configuration of a function's logs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

from pydantic import Field, StrictBool

from modules.core import limits
from modules.core.config import ConfigModel
from modules.core.errors import Problem
from modules.core.fields import Matching, OneOf
from modules.core.provider_6 import needs_provider_6
from modules.core.target import Target

_GroupName = Annotated[
    str,
    Matching(
        r"(?:(?!aws/)[A-Za-z0-9_./#-]+)?",
        "a log group's name has 1 to 512 letters, digits and characters of _./#- and does not begin with aws/ "
        "(lambda API model, CloudWatch Logs)",
        "correct it",
        limits.LAMBDA_MAX_LOG_GROUP_NAME_LENGTH,
        literal=True,
    ),
]


class LoggingConfig(ConfigModel):
    """Logs in a log group of the function's own, encrypted with the stack's key."""

    format: Annotated[str, OneOf(("JSON", "Text"), "a log format", literal=True)] = Field(
        default="JSON", description="JSON writes records that can be filtered by level; Text writes lines (Lambda API)."
    )
    application_level: Annotated[
        str, OneOf(("TRACE", "DEBUG", "INFO", "WARN", "ERROR", "FATAL"), "an application log level")
    ] = Field(default="INFO", description="Least level that the code's records need, in JSON only (Lambda API).")
    system_level: Annotated[str, OneOf(("DEBUG", "INFO", "WARN"), "a system log level")] = Field(
        default="INFO", description="Least level that Lambda's own records need, in JSON only (Lambda API)."
    )
    retention_days: Annotated[int, OneOf(limits.LOG_RETENTION_DAYS, "log retention in days")] = Field(
        default=365, description="Days that logs are kept (CloudWatch Logs PutRetentionPolicy)."
    )
    log_group_name: _GroupName = Field(
        default="", description="Name of the log group; empty takes /aws/lambda/ and the function's name."
    )
    log_group_class: Annotated[
        str, OneOf(("STANDARD", "INFREQUENT_ACCESS"), "a log group's class", literal=True)
    ] = Field(
        default="STANDARD",
        description="INFREQUENT_ACCESS costs half, without metric filters or live tail; a change replaces the group "
        "(CloudWatch Logs).",
    )  # fmt: skip
    removal: Annotated[str, OneOf(("delete", "keep"), "removal", literal=True)] = Field(
        default="delete",
        description="What destroy does with the log group; a kept one has to be adopted when the stack comes back.",
    )
    adopt_existing: StrictBool = Field(
        default=False,
        description="Import a log group of that name which exists already, because an earlier stack kept it or Lambda "
        "made it; the plan fails when there is none, so remove it after the apply.",
    )
    existing_log_group: _GroupName = Field(
        default="",
        description="Name of a log group that somebody else manages; none is made, and nothing else of it is set.",
    )
    deletion_protection: StrictBool = Field(
        default=False,
        description="Keep anybody from deleting the log group (deletion_protection_enabled, AWS provider 6 only).",
    )

    @property
    def changed_fields(self) -> set[str]:
        """Fields that are not what they are by default."""
        return {name for name, field in type(self).model_fields.items() if getattr(self, name) != field.default}

    def cross_checks(self) -> Iterator[Problem]:
        """Levels with JSON only, and nothing set about a group that somebody else manages."""
        if self.format == "Text":
            for field in ("application_level", "system_level"):
                if field in self.changed_fields:
                    yield Problem(
                        "",
                        f'{field} is "{getattr(self, field)}" and format is "Text"',
                        "Lambda filters by level in the JSON format only (Lambda API)",
                        f"remove {field}, or set format to JSON",
                    )
        if self.existing_log_group:
            of_a_group = {"retention_days", "log_group_name", "log_group_class", "removal", "adopt_existing"}
            for field in sorted(self.changed_fields & (of_a_group | {"deletion_protection"})):
                yield Problem(
                    "",
                    f"{field} and existing_log_group are set",
                    "whoever manages the existing group decides that",
                    "remove one of them",
                )
        if self.deletion_protection and self.removal == "delete":
            yield Problem(
                "",
                'deletion_protection is true and removal is "delete"',
                "a protected log group cannot be destroyed",
                'set removal to "keep", or remove deletion_protection',
            )

    def target_checks(self, target: Target) -> Iterator[Problem]:
        """Deletion protection is known to every provider that the target allows."""
        if self.deletion_protection:
            yield from needs_provider_6(
                target, "logging.deletion_protection is true", "aws_cloudwatch_log_group.deletion_protection_enabled"
            )
