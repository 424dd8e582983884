"""What a run's plans destroy or replace, as a table."""

from __future__ import annotations

from rich.table import Table
from rich.text import Text

from cli.rollout.access import Access
from cli.terminal import errors
from rollout.domain.destructions import destructions
from rollout.domain.naming import named
from rollout.domain.progress import Progress

_MOST = 50


def show_destructions(access: Access, progress: Progress) -> None:
    """Print what plans destroy or replace, on standard error: standard output belongs to the result.

    Raises:
        StoreError: a plan is missing, or is not what was written.
    """
    from rollout.running.reviewing import planned, plans_of  # noqa: PLC0415  # loads networkx

    plans = ((name, plan.document) for name, plan in plans_of(access.store, progress))
    found = destructions(plans, {name: facts.protected for name, facts in planned(progress).items()})
    if not found:
        errors.print("nothing is destroyed or replaced", highlight=False)
        return
    table = Table(title="What is destroyed or replaced", title_justify="left")
    for heading in ("resource", "what", "keeps data", "targets"):
        table.add_column(heading, overflow="fold")
    for each in found[:_MOST]:
        what = Text("replaced" if each.is_replaced else "destroyed", "red")
        table.add_row(Text(each.address), what, "yes" if each.is_protected else "", named(each.targets))
    errors.print(table)
    if len(found) > _MOST:
        errors.print(f"and {len(found) - _MOST} more; --page writes all of them", highlight=False)
