"""`lambdanet review`: one page instead of the plans of all targets."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from cli.plan_inputs import prices_of, progress_of, snapshots_of
from cli.plan_output import write
from cli.review_inputs import findings_of, plans_by_target

_Paths = Annotated[
    list[Path],
    typer.Argument(help="Plans (`terraform show -json`), or folders of them, one for each target.", metavar="PATH..."),
]
_PRICES = Path("environments/prices")


def review(
    paths: _Paths,
    *,
    base: Annotated[list[Path] | None, typer.Option(help="The same of the base branch.")] = None,
    check: Annotated[Path | None, typer.Option(help="Findings: `lambdanet check --format json`.")] = None,
    base_check: Annotated[Path | None, typer.Option(help="Findings of the base branch.")] = None,
    usage: Annotated[Path | None, typer.Option(help="YAML file of declared usage.")] = None,
    prices: Annotated[Path | None, typer.Option(help="Folder of price tables; that of the project by default.")] = None,
    quotas: Annotated[Path, typer.Option(help="Folder of quota snapshots.")] = Path("environments/quotas"),
    markdown: Annotated[Path | None, typer.Option(help="Markdown file to write.")] = None,
    html: Annotated[Path | None, typer.Option(help="HTML file to write.")] = None,
    title: Annotated[str, typer.Option(help="Heading of the page.")] = "What this change does",
) -> None:
    """Write what a change does in all targets on one page; Markdown to standard output when no file is named."""
    from analysis.cost import Usage, read_usage  # noqa: PLC0415  # loads networkx, which other commands do not need
    from rollout.review import Given  # noqa: PLC0415  # see above
    from rollout.review import review as put_together  # noqa: PLC0415  # see above
    from rollout.review.html import as_html  # noqa: PLC0415  # see above
    from rollout.review.markdown import as_markdown  # noqa: PLC0415  # see above

    if base_check and not check:
        raise typer.BadParameter("--base-check needs --check, which its findings are compared with")
    tables = prices or (_PRICES if _PRICES.is_dir() else None)
    given = Given(
        plans=plans_by_target(paths),
        base=plans_by_target(base) if base else None,
        check=findings_of(check) if check else None,
        base_check=findings_of(base_check) if base_check else None,
        quotas=snapshots_of(quotas),
        prices=prices_of(tables) if tables else None,
        usage=Usage() if usage is None else read_usage(usage),
        title=title,
    )
    with progress_of("judging") as progress:
        page = put_together(given, progress)
    if markdown is not None or html is None:
        write(as_markdown(page), markdown)
    if html is not None:
        write(as_html(page), html)
