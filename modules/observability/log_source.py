"""What queries, subscriptions and metrics need to know of a log group."""

from __future__ import annotations

from typing import Protocol

from modules.core.errors import Problem

INFREQUENT_ACCESS = "INFREQUENT_ACCESS"


class LogSource(Protocol):
    """A log group, and how its records are written."""

    @property
    def group_arn(self) -> str:
        """ARN of the log group."""
        ...

    @property
    def group_name(self) -> str:
        """Its name, as a token if the stack makes it."""
        ...

    @property
    def format(self) -> str:
        """`JSON` or `Text`."""
        ...

    @property
    def log_group_class(self) -> str:
        """`STANDARD` or `INFREQUENT_ACCESS`; empty when not known."""
        ...

    @property
    def filters(self) -> dict[str, list[str]]:
        """Names of the filters that were added to the group here, by kind."""
        ...


class HasLogs(Protocol):
    """Something that logs, such as a function."""

    @property
    def logs(self) -> LogSource:
        """Its log group."""
        ...


def filter_problems(logs: LogSource, *, kind: str, most: int, source: str, is_full: bool) -> tuple[Problem, ...]:
    """Why a log group takes no further filter.

    Args:
        logs: the group.
        kind: `subscription` or `metric`.
        most: filters of that kind that a group takes.
        source: document that says so.
        is_full: whether those added here are that many already.
    """
    problems = []
    if logs.log_group_class == INFREQUENT_ACCESS:
        problems.append(
            Problem(
                "",
                f"logging.log_group_class is INFREQUENT_ACCESS and a {kind} filter is added",
                f"only log groups of the class STANDARD have {kind} filters (CloudWatch Logs guide, log classes)",
                "set log_group_class to STANDARD, or query the logs instead",
            )
        )
    if is_full:
        problems.append(
            Problem(
                "",
                f"a {kind} filter is added beside {', '.join(sorted(logs.filters[kind]))}",
                f"a log group takes {most} ({source})",
                "remove one, or let one destination pass records on",
            )
        )
    return tuple(problems)
