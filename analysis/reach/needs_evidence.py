"""What in a plan says that something is needed, and needs made of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from analysis.plan import Resource
from analysis.reach.model import Destination, Need, Origin


@dataclass(frozen=True)
class Evidence:
    """One thing that says where a function's requests go.

    Attributes:
        function: the function.
        destination: where they go.
        reason: what says so.
        unknown: why it is not certain; empty when it is.
        origin: who sends them, where it is not the function.
    """

    function: Resource
    destination: Destination
    reason: str
    unknown: str = ""
    origin: Origin | None = None


@dataclass
class _Draft:
    """A need that is being put together."""

    origin: Origin
    destination: Destination
    reasons: dict[str, None] = field(default_factory=dict)
    unknown: list[str] = field(default_factory=list)
    ports: dict[int, None] = field(default_factory=dict)
    actions: dict[str, None] = field(default_factory=dict)
    objects: dict[Resource, None] = field(default_factory=dict)

    def add(self, evidence: Evidence) -> None:
        self.reasons[evidence.reason] = None
        self.unknown.append(evidence.unknown)
        self.ports.update(dict.fromkeys(evidence.destination.ports))
        self.actions.update(dict.fromkeys(evidence.destination.actions))
        self.objects.update(dict.fromkeys(evidence.destination.objects))

    def need(self, function: Resource) -> Need:
        destination = replace(
            self.destination,
            ports=tuple(sorted(self.ports)),
            actions=tuple(sorted(self.actions)),
            objects=tuple(sorted(self.objects, key=lambda entry: entry.address)),
        )
        unknown = self.unknown[0] if all(self.unknown) else ""
        return Need(function, self.origin, destination, tuple(self.reasons), unknown)


def needs_of(evidence: Iterable[Evidence]) -> tuple[Need, ...]:
    """Needs, one for each function, origin and destination; certain where one thing that says so is."""
    drafts: dict[tuple[str, ...], tuple[Resource, _Draft]] = {}
    for entry in evidence:
        origin, target = entry.origin or Origin(entry.function), entry.destination
        key = (entry.function.address, origin.resource.address, origin.subnets, target.kind, target.name, target.region)
        if key not in drafts:
            drafts[key] = (entry.function, _Draft(origin, target))
        drafts[key][1].add(entry)
    return tuple(draft.need(function) for _, (function, draft) in sorted(drafts.items(), key=lambda item: item[0]))
