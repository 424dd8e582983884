"""What an attribute leads to."""

from __future__ import annotations

from dataclasses import dataclass, field

from analysis.plan.resource import Resource


@dataclass(frozen=True)
class Links:
    """What an attribute leads to.

    Attributes:
        resources: resources of the plan, in the order of their addresses.
        literals: known texts that belong to no resource of the plan, such as the id of a subnet made elsewhere.
        unresolved: what cannot be told from the plan, such as `local.subnets`: never take it for nothing.
        sources: resource and attribute of every reference, whatever its type, such as a VPC and
            `default_security_group_id`.
    """

    resources: tuple[Resource, ...] = ()
    literals: tuple[str, ...] = ()
    unresolved: tuple[str, ...] = ()
    sources: tuple[tuple[Resource, str], ...] = field(default=(), repr=False)

    @property
    def is_complete(self) -> bool:
        """Whether everything that the attribute leads to is known."""
        return not self.unresolved

    @property
    def is_empty(self) -> bool:
        """Whether the attribute leads nowhere, for sure."""
        return not (self.resources or self.literals or self.unresolved)

    @property
    def only(self) -> Resource | None:
        """The one resource it leads to; None when there are none, several, or something is not known."""
        single = len(self.resources) == 1 and not self.literals and self.is_complete
        return self.resources[0] if single else None

    def __or__(self, other: Links) -> Links:
        """Both together."""
        return Links(
            tuple(dict.fromkeys((*self.resources, *other.resources))),
            tuple(dict.fromkeys((*self.literals, *other.literals))),
            tuple(dict.fromkeys((*self.unresolved, *other.unresolved))),
            tuple(dict.fromkeys((*self.sources, *other.sources))),
        )
