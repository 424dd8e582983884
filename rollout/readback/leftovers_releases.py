"""Leftovers of releases: CodeDeploy applications, with which their groups go, and deployment configurations."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from rollout.readback.check import Clients, pages
from rollout.readback.ownership import Owner


def releases(clients: Clients, owner: Owner) -> Iterator[str]:
    """Applications and deployment configurations by name."""
    codedeploy: Any = clients("codedeploy")  # Any: clients are made from models at run time
    listings = (
        ("deployment application", "list_applications", "applications"),
        ("deployment configuration", "list_deployment_configs", "deploymentConfigsList"),
    )
    for kind, listing, key in listings:
        yield from (f"{kind} {name}" for name in pages(codedeploy, listing, key) if owner.names(name))
