"""Every command, and where it is: a command line imports the one it runs, as others bring much that it never needs."""

from __future__ import annotations

import importlib
from collections.abc import Iterable

import typer

_COMMANDS = {
    "validate": "cli.configuration",
    "targets": "cli.configuration",
    "schema": "cli.configuration",
    "reference": "cli.reference",
    "synth": "cli.configuration",
    "demo": "cli.demo",
    "demo-release": "cli.demo_release",
    "concurrency": "cli.concurrency",
    "reach": "cli.plan_commands",
    "budget": "cli.plan_commands",
    "cost": "cli.plan_commands",
    "forecast": "cli.plan_commands",
    "review": "cli.review",
    "check": "cli.check",
}
_GROUPS = {
    "policies": "cli.policies",
    "prices": "cli.prices",
    "quotas": "cli.quotas",
    "release": "cli.release",
    "rollout": "cli.rollout",
}


def application(names: Iterable[str] = (*_COMMANDS, *_GROUPS)) -> typer.Typer:
    """The command line with these commands; all of them by default."""
    app = typer.Typer(
        help="AWS Lambda in a VPC, proven before and after apply.",
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
    )
    app.callback()(_nothing)  # with it, one command alone keeps its name
    for name in names:
        found = getattr(importlib.import_module({**_COMMANDS, **_GROUPS}[name]), name.replace("-", "_"))
        if name in _GROUPS:
            app.add_typer(found, name=name)
        else:
            app.command(name)(found)
    return app


def named_in(arguments: Iterable[str]) -> typer.Typer:
    """The command line with the command that the arguments begin with; with all of them where that is none."""
    first = next(iter(arguments), "")
    return application((first,)) if first in _COMMANDS or first in _GROUPS else application()


def _nothing() -> None:
    """AWS Lambda in a VPC, proven before and after apply."""
