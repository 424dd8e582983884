"""The report of a proof as one page, in Markdown and in HTML."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from rollout.proof.diagram import draw
from rollout.proof.model import ProofReport

_LONGEST_CELL = 200


def write_report(report: ProofReport, folder: Path, *, now: datetime | None = None) -> tuple[Path, ...]:
    """Write `report.md`, `report.html` and, when there is a plan, `stack.svg` into `folder`.

    Args:
        report: what was found out.
        folder: created if need be.
        now: time of the report; the present by default.

    Returns:
        The written files.
    """
    folder.mkdir(parents=True, exist_ok=True)
    diagram = draw(report.plan) if report.plan else ""
    values = {"report": report, "date": f"{now or datetime.now(UTC):%Y-%m-%d %H:%M} UTC", "diagram": diagram}
    environment = _environment()
    written = []
    for name in ("report.md", "report.html"):
        file = folder / name
        file.write_text(environment.get_template(f"{name}.j2").render(values), encoding="utf-8")
        written.append(file)
    if diagram:
        written.append(folder / "stack.svg")
        written[-1].write_text(diagram, encoding="utf-8")
    return tuple(written)


def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).with_name("templates")),
        autoescape=select_autoescape(["html.j2"]),
        undefined=StrictUndefined,
        keep_trailing_newline=True,
    )
    environment.filters["cell"] = _cell
    return environment


def _cell(text: object) -> str:
    """A value that cannot break a Markdown table."""
    line = " ".join(str(text).split()).replace("|", "\\|")
    return line if len(line) <= _LONGEST_CELL else f"{line[: _LONGEST_CELL - 1]}…"
