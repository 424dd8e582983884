"""Leftovers of automation: build projects and state machines."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from rollout.readback.check import Clients, pages
from rollout.readback.ownership import Owner


def automation(clients: Clients, owner: Owner) -> Iterator[str]:
    """Build projects and state machines by name."""
    codebuild: Any = clients("codebuild")  # Any: clients are made from models at run time
    yield from (f"build project {name}" for name in pages(codebuild, "list_projects", "projects") if owner.names(name))
    states: Any = clients("stepfunctions")
    names = (machine["name"] for machine in pages(states, "list_state_machines", "stateMachines"))
    yield from (f"state machine {name}" for name in names if owner.names(name))
