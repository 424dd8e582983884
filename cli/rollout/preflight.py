"""`lambdanet rollout preflight`: what would stop a rollout, found before it starts."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cli.checked import CheckedTargets, checked_targets, today
from cli.rollout.access import ENVIRONMENTS, Access, Environments, opened
from cli.rollout.bars import bar
from cli.rollout.choosing import Format, Targets, chosen, states_of
from cli.rollout.output import output
from cli.terminal import errors
from rollout.domain.errors import RolloutError
from rollout.domain.model import RunTarget
from rollout.domain.preflight import Verdict

if TYPE_CHECKING:  # they bring AWS's SDK
    from analysis.concurrency import AccountLedger
    from analysis.quotas import QuotaSnapshot
    from modules.core.config import ConfigModel
    from modules.core.target import Target
    from rollout.adapters.preflight_quotas import Growth


def preflight(
    run: Annotated[
        str, typer.Option(help="A planned run, whose plans are counted against quotas and free addresses.")
    ] = "",
    target: Targets = None,
    form: Annotated[Format, typer.Option("--format", help="How it is printed.")] = Format.TABLE,
    workers: Annotated[int, typer.Option(help="Accounts looked at at once.", min=1, max=64)] = 16,
    environments: Environments = ENVIRONMENTS,
) -> None:
    """Look at every account before a rollout: the store, roles, region, state and its lock, quotas, free addresses.

    Nothing is changed. Exit codes: 0 nothing stops a rollout; 2 something does, all of it in one report.
    """
    from cli.rollout.preflight_view import preflight_json, preflight_table, sentences  # noqa: PLC0415  # only here
    from rollout.running.checking import checked_before, checked_store  # noqa: PLC0415  # the same

    access = opened(environments, run)
    checked = checked_targets(environments)
    wanted = chosen((RunTarget(entry.target) for entry in checked.entries), target)
    with bar("looking at accounts") as told:
        found = checked_before(wanted, _looking(access, checked, _growth(access, run)), workers=workers, told=told)
    store = checked_store(access.store)
    if form is Format.JSON:
        typer.echo(json.dumps(preflight_json(store, found), indent=2, ensure_ascii=False))
    else:
        output().print(preflight_table(found))
    for sentence in sentences((store, *found), Verdict.WARNS):
        errors.print(f"warning: {sentence}", style="yellow", markup=False, highlight=False, soft_wrap=True)
    problems = sentences((store, *found), Verdict.FAILS)
    if problems:
        raise RolloutError("\n".join(problems))


def _growth(access: Access, run: str) -> Mapping[tuple[str, str], Growth]:
    if not run:
        return {}
    from rollout.running.growing import growth_of  # noqa: PLC0415  # loads networkx, which is not needed without a run

    return growth_of(access.run, access.progress(), access.store)


def _looking(access: Access, checked: CheckedTargets, growth: Mapping[tuple[str, str], Growth]) -> Any:
    from analysis.concurrency import AccountConcurrency  # noqa: PLC0415  # with what it brings
    from rollout.adapters.preflight import Looks, Preflight  # noqa: PLC0415  # AWS's SDK
    from rollout.adapters.roles import Purpose  # noqa: PLC0415  # the same

    every: dict[tuple[str, str], list[tuple[Target, ConfigModel]]] = {}
    for entry in checked.entries:
        place = (entry.target.account_id, entry.target.region)
        every.setdefault(place, []).append((entry.target, checked.configs[entry.target.name]))

    def ledger(snapshot: QuotaSnapshot) -> AccountLedger | None:
        place = (snapshot.account_id, snapshot.region)
        return next(iter(AccountConcurrency({place: snapshot}).ledgers(every[place])), None)

    def client(target: RunTarget, service: str, purpose: str) -> Any:
        return access.roles.client(target, service, Purpose(purpose))

    roles = {"plan": access.settings.roles.plan or "", "apply": access.settings.roles.apply or ""}
    settings = {entry.target.name: entry.settings for entry in checked.entries}
    return Preflight(client, states_of(access), Looks(roles, settings, ledger, today(), growth))
