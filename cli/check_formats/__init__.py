"""How a run's findings are written: for people, for programs, for code scanning and for continuous integration."""

from __future__ import annotations

import os
from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum
from io import StringIO
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # a result imports the calculators, which no other command needs
    from policies.finding import Finding
    from policies.result import CheckResult

PLAIN_WIDTH = 160


class CheckFormat(StrEnum):
    """How findings are written."""

    TABLE = "table"
    JSON = "json"
    SARIF = "sarif"
    JUNIT = "junit"
    MARKDOWN = "markdown"
    GITHUB = "github"


@dataclass(frozen=True)
class Told:
    """What is written.

    Attributes:
        result: of the run.
        stopping: findings that stop the change.
    """

    result: CheckResult
    stopping: Collection[Finding]


def text_of(form: CheckFormat, told: Told, *, colour: bool = False, width: int = PLAIN_WIDTH) -> str:
    """The findings in a format, with a line break at the end.

    Args:
        form: the format.
        told: what is written.
        colour: whether a table is coloured, for a terminal.
        width: of a table.
    """
    if form is CheckFormat.TABLE:
        return _table(told, colour=colour, width=width)
    if form is CheckFormat.JSON:
        import json  # noqa: PLC0415  # formats are imported when they are wanted

        return json.dumps(told.result.as_json(), indent=2, ensure_ascii=False) + "\n"
    if form is CheckFormat.SARIF:
        from cli.check_formats.sarif import sarif  # noqa: PLC0415  # see above

        return sarif(told)
    if form is CheckFormat.JUNIT:
        from cli.check_formats.junit import junit  # noqa: PLC0415  # see above

        return junit(told)
    if form is CheckFormat.MARKDOWN:
        from cli.check_formats.markdown import markdown  # noqa: PLC0415  # see above

        return markdown(told)
    from cli.check_formats.github import github  # noqa: PLC0415  # see above

    return github(told)


def _table(told: Told, *, colour: bool, width: int) -> str:
    from rich.console import Console  # noqa: PLC0415  # see above

    from cli.check_formats.table import show  # noqa: PLC0415  # see above

    text = StringIO()
    plain = Console(file=text, width=width, force_terminal=colour, no_color=not colour or "NO_COLOR" in os.environ)
    show(plain, told)
    return "\n".join(line.rstrip() for line in text.getvalue().splitlines()) + "\n"
