"""Exceptions from policy checks: who accepts which finding, why, and until when."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime
from enum import StrEnum
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Self

import yaml
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError, model_validator

from modules.core.errors import PolicyError

EXCEPTIONS_FILE = Path(__file__).with_name("exceptions.yaml")
EVERYTHING = "*"


class Framework(StrEnum):
    """What Checkov reads."""

    TERRAFORM_JSON = "terraform_json"
    TERRAFORM_PLAN = "terraform_plan"


class Kind(StrEnum):
    """Why a finding does not stop a change."""

    CHECKOV_DEFECT = "checkov_defect"
    ACCEPTED = "accepted"


class PolicyException(BaseModel):
    """One exception."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    check: str = Field(description="Id of the check.", pattern=r"^CKV2?_[A-Z0-9]+_\d+$")
    kind: Kind = Field(description="Whether Checkov is wrong, or the finding is right and wanted.")
    frameworks: tuple[Framework, ...] = Field(description="Where the finding shows.", min_length=1)
    resource: str = Field(
        default=EVERYTHING,
        description="Glob over the resource's address, such as `aws_security_group.*proxy*`; all by default.",
        min_length=1,
    )
    target: str = Field(
        default=EVERYTHING,
        description="Glob over the name of the target or of the judged file, such as `dev-*`; all by default.",
        min_length=1,
    )
    reason: str = Field(description="Why this is right, in a sentence.", min_length=20)
    owner: str = Field(description="The team that answers for it.", min_length=1)
    expires: date = Field(description="The first day on which it no longer holds.")
    checkov_version: str | None = Field(
        default=None, description="Checkov defects only: the version the defect was seen in."
    )
    evidence: str | None = Field(default=None, description="Checkov defects only: how the defect is known.")

    @model_validator(mode="after")
    def _defects_are_proven(self) -> Self:
        given = [bool(self.checkov_version), bool(self.evidence)]
        if self.kind is Kind.CHECKOV_DEFECT and not all(given):
            raise ValueError("a checkov_defect needs checkov_version and evidence")
        if self.kind is Kind.ACCEPTED and any(given):
            raise ValueError("only a checkov_defect has checkov_version and evidence")
        return self

    @model_validator(mode="after")
    def _is_narrow(self) -> Self:
        if self.resource == self.target == EVERYTHING:
            raise ValueError("resource or target must be narrower than everything; a check is not switched off here")
        return self

    def covers(self, check: str, framework: Framework, spellings: Iterable[str], target: str | None = None) -> bool:
        """Whether it stands for that finding on the resource known by these spellings of its address.

        Args:
            check: id of the check.
            framework: what was read.
            spellings: the resource's address, in every form it is known by.
            target: name of the target; None where none is known, which only an entry for every target covers.
        """
        return (
            check == self.check and framework in self.frameworks and self.concerns(target) and self.matches(spellings)
        )

    def concerns(self, target: str | None) -> bool:
        """Whether it holds for a target."""
        return self.target == EVERYTHING if target is None else fnmatchcase(target, self.target)

    def matches(self, spellings: Iterable[str]) -> bool:
        """Whether it holds for a resource known by these spellings of its address."""
        return any(fnmatchcase(spelling, self.resource) for spelling in spellings)

    def __str__(self) -> str:
        """The exception in a few words, for messages."""
        target = "" if self.target == EVERYTHING else f' of "{self.target}"'
        return f'{self.check} on "{self.resource}"{target} (owner {self.owner})'


def load_exceptions(file: Path = EXCEPTIONS_FILE, *, today: date | None = None) -> tuple[PolicyException, ...]:
    """Read the exceptions; all of them must still hold.

    Raises:
        PolicyError: the file cannot be read, an entry is wrong, or one has expired.
    """
    try:
        raw = yaml.safe_load(file.read_text(encoding="utf-8"))
        found = TypeAdapter(tuple[PolicyException, ...]).validate_python(raw or [])
    except OSError as error:
        raise PolicyError(
            f"{file.name}: cannot be read ({error.strerror}); policy checks need the file, even when it is empty; "
            "restore it"
        ) from error
    except yaml.YAMLError as error:
        raise PolicyError(f"{file.name}: is no YAML ({error}); it holds a list of exceptions; correct it") from error
    except ValidationError as error:
        raise PolicyError("\n".join(_problems(file, error))) from error
    day = today or datetime.now(tz=UTC).date()
    if expired := [item for item in found if item.expires <= day]:
        raise PolicyError(
            "\n".join(
                f"{file.name}: {item} expired on {item.expires}; an exception ends on its day; remove it, or let "
                "its owner look at the finding again and set a new day"
                for item in expired
            )
        )
    return found


def _problems(file: Path, error: ValidationError) -> Iterable[str]:
    for problem in error.errors():
        index, *rest = problem["loc"] or ("the file",)
        entry = f"entry {index + 1}" if isinstance(index, int) else str(index)
        field = ".".join(str(part) for part in rest)
        yield (
            f"{file.name} {entry}{f' {field}' if field else ''}: {problem['msg']}; the fields are "
            f"{', '.join(PolicyException.model_fields)}; correct the entry"
        )
