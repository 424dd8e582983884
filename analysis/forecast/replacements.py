"""Replacements that lose data or the way out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from analysis.finding import Finding, Level
from analysis.forecast.destruction import Destruction
from analysis.forecast.documented import HOLDS_DATA, provider_wait
from analysis.plan import Resource

_NAT = "aws_nat_gateway"
_UNTOLD = "the plan does not name the attribute"


def replaced(destruction: Destruction) -> Iterator[Finding]:
    """What is lost by replacement, and why it is replaced."""
    for resource in destruction.destroyed:
        if resource.is_replaced:
            causes = causes_of(destruction.replace_paths.get(resource.address, ()))
            yield from _data(resource, causes)
            yield from _gateway(resource, causes)


def _data(resource: Resource, causes: str) -> Iterator[Finding]:
    content = HOLDS_DATA.get(resource.type)
    if content is None or resource.get("replicate_source_db"):
        return
    yield Finding(
        "data-loss",
        Level.ERROR,
        resource.address,
        causes,
        f"it is replaced because of {causes}; the new one has none of the {content} of the old one",
        f"take back the change of {causes}, or copy the {content} first; a change of address only needs a moved block",
    )


def _gateway(resource: Resource, causes: str) -> Iterator[Finding]:
    if resource.type != _NAT:
        return
    wait = provider_wait(_NAT)
    minutes = 0 if wait is None else wait.minutes
    if resource.actions == ("create", "delete"):
        return
    yield Finding(
        "gateway-replaced",
        Level.WARNING,
        resource.address,
        "a way out while it is replaced",
        f"it is deleted before the new one exists, because of {causes}; until then nothing that routes to it reaches "
        "the "
        f"internet, and the deletion alone may take up to {minutes} minutes (provider documentation, {_NAT})",
        "make a second gateway first, move the routes to it, then remove the old one",
    )


def causes_of(paths: Iterable[tuple[str | int, ...]]) -> str:
    """Attributes that force a replacement, as one reads them."""
    named = sorted({".".join(str(part) for part in path if isinstance(part, str)) for path in paths})
    return ", ".join(name for name in named if name) or _UNTOLD
