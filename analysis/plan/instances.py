"""Resource instances out of the parts of a plan that hold them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from analysis.plan.addresses import module_steps
from analysis.plan.configuration import Configuration
from analysis.plan.resource import InstanceKey, Resource, Step


def resources_of(document: Mapping[str, Any], configuration: Configuration) -> Iterator[Resource]:
    """Resources and data sources as the plan leaves them, by address."""
    found: dict[str, Resource] = {}
    changes = {str(raw["address"]): raw for raw in document.get("resource_changes") or ()}
    prior = (document.get("prior_state") or {}).get("values") or {}
    for raw in _listed(prior.get("root_module") or {}):
        if raw.get("mode") == "data":
            found[str(raw["address"])] = _resource(raw, {}, configuration)
    for raw in _listed((document.get("planned_values") or {}).get("root_module") or {}):
        address = str(raw["address"])
        found[address] = _resource(raw, changes.get(address) or {}, configuration)
    for address, raw in changes.items():  # a data source that is read during apply stands nowhere else
        actions = tuple((raw.get("change") or {}).get("actions") or ())
        if address not in found and actions not in {("delete",), ("forget",)}:
            found[address] = _resource(raw, raw, configuration)
    for address in sorted(found):
        yield found[address]


def resources_before(document: Mapping[str, Any], configuration: Configuration) -> Iterator[Resource]:
    """Managed resources as they were, by address."""
    found: dict[str, Resource] = {}
    for raw in document.get("resource_changes") or ():
        change = raw.get("change") or {}
        if raw.get("mode", "managed") == "managed" and change.get("before") is not None:
            entry = {**raw, "values": change["before"]}
            found[str(raw["address"])] = _resource(entry, {"change": {"actions": change.get("actions")}}, configuration)
    for address in sorted(found):
        yield found[address]


def instances_of(
    resources: Iterable[Resource],
) -> dict[tuple[tuple[Step, ...], str, str, str], dict[InstanceKey, Resource]]:
    """Instances by module, mode, type and name."""
    found: dict[tuple[tuple[Step, ...], str, str, str], dict[InstanceKey, Resource]] = {}
    for entry in resources:
        found.setdefault((entry.module, entry.mode, entry.type, entry.name), {})[entry.key] = entry
    return found


def _listed(module: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    yield from module.get("resources") or ()
    for child in module.get("child_modules") or ():
        yield from _listed(child)


def _resource(raw: Mapping[str, Any], changed: Mapping[str, Any], configuration: Configuration) -> Resource:
    change = changed.get("change") or {}
    address = str(raw["address"])
    steps, _ = module_steps(address)
    unknown = change.get("after_unknown")
    mode, kind, name = str(raw.get("mode", "managed")), str(raw.get("type", "")), str(raw.get("name", ""))
    return Resource(
        address=address,
        mode=mode,
        type=kind,
        name=name,
        key=raw.get("index"),
        module=steps,
        actions=tuple(change.get("actions") or ("no-op",)),
        provider=str((configuration.resource(steps, mode, kind, name) or {}).get("provider_config_key", "")),
        values=raw.get("values") or change.get("after") or {},
        unknown=unknown if isinstance(unknown, Mapping) else {},
        before=change.get("before"),
    )
