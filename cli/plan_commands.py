"""`lambdanet reach`, `budget`, `cost` and `forecast`: what plans need, use, cost and destroy, before they are applied.

Calculators are imported in the commands, so that others start without them.
"""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from cli.plan_inputs import judged, plans_of, prices_of, snapshots_of
from cli.plan_output import FailOn, Format, Result, fail, show, write

_Paths = Annotated[
    list[Path], typer.Argument(help="Plans (`terraform show -json`), or folders of them.", metavar="PATH...")
]
_Form = Annotated[Format, typer.Option("--format", help="A table, JSON, or Markdown for a pull request.")]
_Output = Annotated[Path | None, typer.Option(help="File to write to, instead of standard output.")]
_Level = Annotated[FailOn, typer.Option(help="Least level of a finding that sets the exit code to 1.")]
_Region = Annotated[str, typer.Option(help="Region of what a plan does not tell the region of.")]


class Diagram(StrEnum):
    """Pictures of what is reached."""

    MERMAID = "mermaid"
    SVG = "svg"


def reach(
    paths: _Paths,
    form: _Form = Format.TABLE,
    diagram: Annotated[Diagram | None, typer.Option(help="A picture instead: Mermaid text or SVG.")] = None,
    output: _Output = None,
    fail_on: _Level = FailOn.ERROR,
) -> None:
    """Show what each function needs to reach, and the first missing hop; exit code 1 on findings, 2 when unreadable."""
    from analysis.plan import Plan  # noqa: PLC0415  # see above
    from analysis.reach import Reach  # noqa: PLC0415  # see above
    from analysis.reach.reach import reach as reached_by  # noqa: PLC0415  # see above
    from analysis.triggers import trigger_findings  # noqa: PLC0415  # see above
    from cli.plan_diagrams import mermaid, svg  # noqa: PLC0415  # see above
    from cli.plan_reach import result_of  # noqa: PLC0415  # see above

    def calculate(plan: Plan) -> tuple[str, Reach]:
        reached = reached_by(plan)
        return plan.source, replace(reached, findings=(*reached.findings, *trigger_findings(plan)))

    found = list(judged(plans_of(paths), calculate))
    results = [result_of(source, reached) for source, reached in found]
    if diagram is None:
        show("reach", results, form, output)
    else:
        write(mermaid(found) if diagram is Diagram.MERMAID else svg(found), output)
    fail(results, fail_on)


def budget(
    paths: _Paths,
    quotas: Annotated[Path, typer.Option(help="Folder of quota snapshots.")] = Path("environments/quotas"),
    account: Annotated[str, typer.Option(help="Account id of plans that do not tell theirs.")] = "",
    region: _Region = "",
    form: _Form = Format.TABLE,
    output: _Output = None,
    fail_on: _Level = FailOn.ERROR,
) -> None:
    """Show what plans use of each quota, and who grows it; exit code 1 on findings, 2 when unreadable."""
    from analysis.budget import budget as calculate  # noqa: PLC0415  # see above
    from cli.plan_budget import result_of  # noqa: PLC0415  # see above

    snapshots, plans = snapshots_of(quotas), plans_of(paths)
    results = [result_of([plan.source for plan in plans], calculate(plans, snapshots, account=account, region=region))]
    show("budget", results, form, output)
    fail(results, fail_on)


def cost(
    paths: _Paths,
    *,
    usage: Annotated[Path | None, typer.Option(help="YAML file of declared usage.")] = None,
    prices: Annotated[Path, typer.Option(help="Folder of price tables.")] = Path("environments/prices"),
    free_tier: Annotated[bool, typer.Option("--free-tier", help="Take off what AWS gives every account.")] = False,
    maximum: Annotated[str, typer.Option(help="Most USD a month that a plan may cost, such as 250.00.")] = "",
    region: _Region = "",
    form: _Form = Format.TABLE,
    output: _Output = None,
    fail_on: _Level = FailOn.ERROR,
) -> None:
    """Show what plans cost a month, by resource; exit code 1 above --maximum, 2 when unreadable."""
    from analysis.cost import Usage, architectures, egress, provisioned, read_usage  # noqa: PLC0415  # see above
    from analysis.cost import cost as calculate  # noqa: PLC0415  # see above
    from analysis.plan import Plan  # noqa: PLC0415  # see above
    from cli.plan_cost import result_of  # noqa: PLC0415  # see above
    from cli.plan_cost_comparisons import Compared  # noqa: PLC0415  # see above

    most = _usd(maximum)
    declared = Usage() if usage is None else read_usage(usage)
    tables, plans = prices_of(prices), plans_of(paths)

    def judge(plan: Plan) -> Result:
        found = calculate(plan, declared, prices=tables, free_tier=free_tier, region=region, maximum_monthly_usd=most)
        compared = Compared(
            egress(plan, declared, prices=tables, region=region),
            architectures(plan, declared, prices=tables, region=region),
            provisioned(plan, declared, prices=tables, region=region),
        )
        return result_of(plan.source, found, compared)

    results = list(judged(plans, judge))
    show("cost", results, form, output)
    fail(results, fail_on)


def forecast(paths: _Paths, form: _Form = Format.TABLE, output: _Output = None, fail_on: _Level = FailOn.ERROR) -> None:
    """Show what a plan's destructions hang on, fail at or lose; exit code 1 on findings, 2 when unreadable."""
    from analysis.forecast import forecast as calculate  # noqa: PLC0415  # see above
    from cli.plan_forecast import result_of  # noqa: PLC0415  # see above

    results = list(judged(plans_of(paths), lambda plan: result_of(plan.source, calculate(plan))))
    show("forecast", results, form, output)
    fail(results, fail_on)


def _usd(text: str) -> Decimal | None:
    if not text:
        return None
    try:
        amount = Decimal(text)
    except InvalidOperation:
        amount = Decimal(-1)
    if not amount.is_finite() or amount < 0:
        raise typer.BadParameter(f'--maximum is "{text}"; it takes an amount in USD, such as 250.00')
    return amount
