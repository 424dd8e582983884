"""`lambdanet rollout`: a reviewed change to many accounts and regions, wave by wave."""

from __future__ import annotations

import typer

from cli.rollout.apply import apply
from cli.rollout.approve import approve
from cli.rollout.bootstrap import bootstrap
from cli.rollout.brake import brake
from cli.rollout.drift import drift
from cli.rollout.explain import explain
from cli.rollout.gate import gate
from cli.rollout.limit import limit
from cli.rollout.matrix import matrix
from cli.rollout.orphans import orphans
from cli.rollout.pause import pause
from cli.rollout.plan import plan
from cli.rollout.preflight import preflight
from cli.rollout.resume import resume
from cli.rollout.rollback import rollback
from cli.rollout.runs import runs
from cli.rollout.settle import settle
from cli.rollout.status import status
from cli.rollout.units import unit_apply, unit_plan
from cli.rollout.unlock import unlock
from cli.rollout.watch import watch

rollout = typer.Typer(
    help="Take a reviewed change to many accounts and regions, wave by wave; stop on trouble, and go on.",
    no_args_is_help=True,
)
unit = typer.Typer(help="One target of a run, which every engine calls.", no_args_is_help=True)
rollout.add_typer(unit, name="unit")
rollout.command()(bootstrap)
rollout.command()(preflight)
rollout.command()(explain)
rollout.command()(plan)
rollout.command()(runs)
for command in (apply, resume, status, watch, pause, approve, limit):
    rollout.command()(command)
rollout.command()(matrix)
rollout.command()(gate)
rollout.command()(settle)
rollout.command()(brake)
unit.command("apply")(unit_apply)
unit.command("plan")(unit_plan)
rollout.command()(drift)
rollout.command()(orphans)
rollout.command()(rollback)
rollout.command()(unlock)
