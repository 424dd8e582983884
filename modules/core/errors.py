"""The errors a user can meet.

    SuiteError
    ├── ConfigError    a value in a configuration is refused (all of them at once)
    ├── TargetError    a target cannot be read, found or reached
    ├── PlanError      Terraform or its provider failed
    ├── PlanInputError a plan to be judged cannot be read
    └── PolicyError    a policy check failed, or could not be run

A message says where, what was given, what is allowed, what to do.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace


class SuiteError(Exception):
    """Root of everything the suite raises on purpose; the command line prints it without a traceback."""

    exit_code = 2


@dataclass(frozen=True, order=True)
class Problem:
    """One refused value, as four parts of one sentence.

    Attributes:
        where: the place, outermost first, such as `dev/us-east-1/orders_api function`; may be empty.
        given: field and value, such as `memory_mb is 64`.
        allowed: the rule, such as `a Lambda function takes 128 to 10240 MB`.
        fix: what to do, such as `set it to at least 128`.
    """

    where: str
    given: str
    allowed: str
    fix: str

    def __str__(self) -> str:
        """The sentence: `where: given; allowed; fix`, fit for any terminal whatever was given."""
        sentence = "; ".join(part for part in (self.given, self.allowed, self.fix) if part)
        return _visible(f"{self.where}: {sentence}" if self.where else sentence)

    def within(self, outer: str) -> Problem:
        """The same problem, seen from an enclosing place."""
        return replace(self, where=" ".join(part for part in (outer, self.where) if part))


def _visible(text: str) -> str:
    return "".join(
        mark if mark.isprintable() or mark == "\n" else mark.encode("unicode_escape").decode() for mark in text
    )


class ConfigError(SuiteError):
    """One or more values of a configuration are refused; `problems` holds every one of them."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))

    @classmethod
    def single(cls, where: str, given: str, allowed: str, fix: str) -> ConfigError:
        """An error that holds one problem."""
        return cls([Problem(where, given, allowed, fix)])

    def within(self, outer: str) -> ConfigError:
        """The same error, every problem seen from an enclosing place."""
        return ConfigError(problem.within(outer) for problem in self.problems)


class TargetError(SuiteError):
    """A target cannot be read, found or reached."""


class PlanError(SuiteError):
    """Terraform or its provider failed; the message carries their diagnostics."""

    exit_code = 1


class PlanInputError(SuiteError):
    """A plan to be judged cannot be read, so nothing can be said about it."""


class PolicyError(SuiteError):
    """A policy check failed, or could not be run (the suite fails closed)."""

    exit_code = 1
