"""Destructions that only a moved key or address causes, such as a zone added in the middle of a list."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from analysis.finding import Finding, Level
from analysis.forecast.destruction import Destruction, configured
from analysis.plan import UNKNOWN, Resource

_SUBNET = "aws_subnet"
_UNIQUE = ("cidr_block", "name", "identifier", "cluster_identifier", "function_name", "bucket")
_SHARED = ("availability_zone", "availability_zone_id", "vpc_id")
_Index = Mapping[tuple[str, str, str], list[Resource]]


def moved(destruction: Destruction) -> Iterator[Finding]:
    """Instances whose values another instance has after the plan."""
    created = [resource for resource in destruction.plan.of() if "create" in resource.actions]
    by_type, by_resource = _index(created, _UNIQUE, of_resource=False), _index(created, _SHARED[:2], of_resource=True)
    for old in destruction.destroyed:
        new = _found(old, by_type, _UNIQUE, old.type)
        if new is not None and _agrees(old, new):
            yield _key_moved(old, new)
            continue
        if new is not None and old.type == _SUBNET and new.get("vpc_id") == old.get("vpc_id"):
            yield _conflict(old, new)
        shifted = _found(old, by_resource, _shifted(destruction, old), configured(old))
        if shifted is not None:
            yield _key_moved(old, shifted)


def _key_moved(old: Resource, new: Resource) -> Finding:
    same = configured(old) == configured(new)
    cause = f"only its key moved, from {_key(old)} to {_key(new)}" if same else "only its address moved"
    return Finding(
        "key-moved",
        Level.ERROR,
        old.address,
        f"moved block from {old.address} to {new.address}",
        f"it is {'replaced' if old.is_replaced else 'destroyed'}, and {new.address} is created as what it was; {cause}",
        "key the instances by something that stays, such as the zone's name with for_each, and write a moved block "
        "for each "
        "that exists",
    )


def _conflict(old: Resource, new: Resource) -> Finding:
    block = old.values.get("cidr_block")
    return Finding(
        "cidr-block-moved",
        Level.ERROR,
        new.address,
        f"{block} free before it is created",
        f"{new.address} takes {block}, which {old.address} has until it is destroyed, and Terraform does not order "
        "the two; "
        "while both exist EC2 refuses the new one (InvalidSubnet.Conflict)",
        "give each subnet an address range that does not depend on its position in a list",
    )


def _shifted(destruction: Destruction, old: Resource) -> tuple[str, ...]:
    """Attributes by their position in a list that force the replacement, such as the zone."""
    if not old.is_replaced or not isinstance(old.key, int):
        return ()
    forced = {path[0] for path in destruction.replace_paths.get(old.address, ()) if path}
    return tuple(name for name in _SHARED[:2] if name in forced)


def _found(old: Resource, created: _Index, attributes: Iterable[str], scope: str) -> Resource | None:
    for attribute in attributes:
        for new in created.get((scope, attribute, str(old.values.get(attribute))), ())[:2]:
            if new.address != old.address:
                return new
    return None


def _agrees(old: Resource, new: Resource) -> bool:
    """Whether every identifying value that both have is the same, as far as it is known."""
    if new.get("vpc_id") != old.get("vpc_id"):  # one that is not known belongs to a VPC that did not exist
        return False
    known = ((old.values.get(name), new.get(name)) for name in (*_UNIQUE, *_SHARED))
    return all(was == now for was, now in known if was is not None and now is not None and now is not UNKNOWN)


def _index(resources: Iterable[Resource], attributes: Iterable[str], *, of_resource: bool) -> _Index:
    found: dict[tuple[str, str, str], list[Resource]] = {}
    for resource in resources:
        scope = configured(resource) if of_resource else resource.type
        for attribute in attributes:
            value = resource.get(attribute)
            if isinstance(value, str):
                found.setdefault((scope, attribute, value), []).append(resource)
    return found


def _key(resource: Resource) -> str:
    return f'"{resource.key}"' if isinstance(resource.key, str) else str(resource.key)
