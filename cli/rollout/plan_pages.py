"""The page of a run's changes, written for reviewers."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from cli.plan_inputs import progress_of
from cli.terminal import errors
from rollout.domain.errors import RolloutError

if TYPE_CHECKING:  # it loads networkx
    from cli.rollout.access import Access
    from rollout.domain.progress import Progress

_FORMS = {".html": "html", ".md": "markdown"}


def pages_of(files: Sequence[Path]) -> tuple[Path, ...]:
    """The files, all of them of a known form."""
    for file in files:
        if file.suffix not in _FORMS:
            raise RolloutError(f"--page is {file}; a page is FILE.html or FILE.md; name it so")
    return tuple(files)


def write_pages(files: Sequence[Path], access: Access, progress: Progress) -> None:
    """Write one page of all plans of a run in each form that is asked for; none where nothing is planned.

    Raises:
        StoreError: a plan is missing, or is not what was written.
        ConfigError: a quota snapshot or price table is refused.
    """
    if not files:
        return
    from analysis.cost import read_prices  # noqa: PLC0415  # loads networkx, which other commands do not need
    from analysis.quotas import read_snapshots  # noqa: PLC0415  # with it
    from rollout.review import Given, review  # noqa: PLC0415  # see above
    from rollout.review.html import as_html  # noqa: PLC0415  # see above
    from rollout.review.markdown import as_markdown  # noqa: PLC0415  # see above
    from rollout.running.reviewing import packed_plans  # noqa: PLC0415  # see above

    with progress_of("reading") as told:
        plans = packed_plans(access.store, progress, told)
    if not plans:
        errors.print("no target is planned, so there is nothing to write a page of", highlight=False)
        return
    has_prices = any((access.environments / "prices").glob("*.yaml"))
    given = Given(
        plans=plans,
        quotas=read_snapshots(access.environments),
        prices=read_prices(access.environments) if has_prices else None,
        title=f"What run {progress.run.id} does",
    )
    with progress_of("judging") as told:
        page = review(given, told)
    for file in files:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(as_html(page) if file.suffix == ".html" else as_markdown(page), encoding="utf-8")
        errors.print(f"wrote {file}", markup=False, highlight=False, soft_wrap=True)
