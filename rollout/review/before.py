"""The state before a plan as a plan of its own that changes nothing, so that calculators can judge it too."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from analysis.plan import Plan

_KEPT = ("address", "mode", "type", "name", "provider_config_key")


def plan_before(plan: Plan) -> Plan:
    """A plan that leaves everything as it was before `plan`.

    What refers to what is told by ids and ARNs, which are all known: expressions are those of the new configuration.
    """
    document = plan.document
    configuration = document.get("configuration") or {}
    entries = [_as_it_was(raw) for raw in document.get("resource_changes") or () if _existed(raw)]
    return Plan(
        {
            "format_version": document.get("format_version"),
            "planned_values": {"root_module": {"resources": entries}},
            "prior_state": document.get("prior_state") or {},
            "variables": document.get("variables") or {},
            "configuration": {
                "provider_config": configuration.get("provider_config") or {},
                "root_module": _without_expressions(configuration.get("root_module") or {}),
            },
        },
        plan.source,
    )


def _existed(raw: Mapping[str, Any]) -> bool:
    return raw.get("mode", "managed") == "managed" and (raw.get("change") or {}).get("before") is not None


def _as_it_was(raw: Mapping[str, Any]) -> dict[str, Any]:
    named = {name: entry for name, entry in raw.items() if name != "change"}
    return {**named, "values": raw["change"]["before"]}


def _without_expressions(module: Mapping[str, Any]) -> dict[str, Any]:
    calls = module.get("module_calls") or {}
    return {
        "resources": [
            {**{name: entry[name] for name in _KEPT if name in entry}, "expressions": {}}
            for entry in module.get("resources") or ()
        ],
        "module_calls": {
            name: {"module": _without_expressions(call.get("module") or {}), "expressions": {}}
            for name, call in calls.items()
        },
    }
