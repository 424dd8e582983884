"""Plans made in Python: documents as `terraform show -json` prints them, for tests that take milliseconds."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from analysis.plan import Plan

Entry = Mapping[str, Any]
_ADDRESS = re.compile(r'^(?P<data>data\.)?(?P<type>\w+)\.(?P<name>[\w-]+)(?:\[(?P<key>"[^"]*"|\d+)\])?$')


def ref(*names: str) -> dict[str, Any]:
    """An expression of HCL that names resources, such as `aws_vpc.main.id`; Terraform lists `aws_vpc.main` too."""
    listed = dict.fromkeys(name for each in names for name in (each, *_whole(each)))
    return {"references": list(listed)}


def text(value: Any) -> dict[str, Any]:
    """A constant, such as the text with `${…}` that CDKTF writes."""
    return {"constant_value": value}


def resource(
    address: str,
    values: Mapping[str, Any] | None = None,
    *,
    expressions: Mapping[str, Any] | None = None,
    unknown: Mapping[str, Any] | None = None,
    actions: tuple[str, ...] = ("create",),
    before: Mapping[str, Any] | None = None,
    module: str = "",
    for_each: Mapping[str, Any] | None = None,
    count: Mapping[str, Any] | None = None,
    region: str = "",
) -> Entry:
    """One resource instance with its configuration.

    Args:
        address: within its module, such as `aws_subnet.private["a"]` or `data.aws_region.current`.
        values: known values.
        expressions: of the configuration.
        unknown: what is known only after apply.
        actions: what the plan does.
        before: values before the plan.
        module: such as `module.orders["eu"].module.inner`.
        for_each: expression of `for_each`.
        count: expression of `count`.
        region: region of its provider, where it is not the default one.
    """
    parts = _ADDRESS.match(address)
    assert parts, address
    key = parts["key"]
    index = {} if key is None else {"index": key.strip('"') if key.startswith('"') else int(key)}
    return {
        "address": f"{module}.{address}" if module else address,
        "module": module,
        "mode": "data" if parts["data"] else "managed",
        "type": parts["type"],
        "name": parts["name"],
        **index,
        "values": dict(values or {}),
        "expressions": dict(expressions or {}),
        "for_each": for_each,
        "count": count,
        "change": {
            "actions": list(actions),
            "before": before,
            "after": dict(values or {}),
            "after_unknown": dict(unknown or {}),
        },
        "provider": f"aws.{region}" if region else "aws",
    }


def document(
    *entries: Entry,
    calls: Mapping[str, Mapping[str, Any]] | None = None,
    outputs: Mapping[str, Mapping[str, Any]] | None = None,
) -> dict[str, Any]:
    """The document of a plan.

    Args:
        entries: resources.
        calls: module calls by path such as `orders.inner`: `expressions`, `for_each_expression` and the like.
        outputs: expressions of outputs by path such as `orders.inner.url`.
    """
    root: dict[str, Any] = {"resources": [], "module_calls": {}, "outputs": {}}
    for path, call in (calls or {}).items():
        _module(root, path.split("."), dict(call))
    for path, expression in (outputs or {}).items():
        *names, output = path.split(".")
        _module(root, names)["outputs"][output] = {"expression": expression}
    planned: dict[str, Any] = {"resources": [], "child_modules": []}
    prior: dict[str, Any] = {"resources": []}
    changes, providers = [], {"aws": _provider("eu-west-1")}
    for entry in entries:
        names = re.findall(r"module\.(\w+)", entry["module"])
        _configure(_module(root, names), entry)
        raw = {name: entry[name] for name in ("address", "mode", "type", "name", "index", "values") if name in entry}
        deferred = entry["mode"] == "data" and entry["change"]["actions"] == ["read"]
        if entry["mode"] == "data" and not deferred:
            prior["resources"].append(raw)
            continue
        if not deferred and entry["change"]["actions"] != ["delete"]:
            planned["resources"].append(raw)
        changes.append({**{name: raw[name] for name in raw if name != "values"}, "change": entry["change"]})
        if entry["provider"] != "aws":
            providers[entry["provider"]] = _provider(entry["provider"].removeprefix("aws."))
    return {
        "format_version": "1.2",
        "planned_values": {"root_module": planned},
        "prior_state": {"values": {"root_module": prior}},
        "resource_changes": changes,
        "configuration": {"provider_config": providers, "root_module": root},
    }


def plan(
    *entries: Entry,
    calls: Mapping[str, Mapping[str, Any]] | None = None,
    outputs: Mapping[str, Mapping[str, Any]] | None = None,
    local_values: Mapping[str, Any] | None = None,
) -> Plan:
    """The plan of these resources; see `document`."""
    return Plan(document(*entries, calls=calls, outputs=outputs), "plan.json", local_values)


def _whole(name: str) -> tuple[str, ...]:
    """What Terraform lists beside an attribute: the resource or the module's output without what follows."""
    parts = name.split(".")
    skip = 1 if parts[0] == "data" else 0
    if parts[0] in {"var", "local", "each", "count", "module"} or len(parts) < skip + 3:
        return (".".join(parts[:2]),) if parts[0] == "module" else ()
    return (".".join(parts[: skip + 2]),)


def _provider(region: str) -> dict[str, Any]:
    return {"name": "aws", "expressions": {"region": text(region)}}


def _module(root: dict[str, Any], names: list[str], call: dict[str, Any] | None = None) -> dict[str, Any]:
    module = root
    for depth, name in enumerate(names):
        empty: dict[str, Any] = {"module": {"resources": [], "module_calls": {}, "outputs": {}}}
        entry = module["module_calls"].setdefault(name, empty)
        if call is not None and depth == len(names) - 1:
            entry.update(call)
        module = entry["module"]
    return module


def _configure(module: dict[str, Any], entry: Entry) -> None:
    prefix = "data." if entry["mode"] == "data" else ""
    address = f"{prefix}{entry['type']}.{entry['name']}"
    if any(listed["address"] == address for listed in module["resources"]):
        return
    configured = {"address": address, "provider_config_key": entry["provider"], "expressions": entry["expressions"]}
    if entry["for_each"] is not None:
        configured["for_each_expression"] = entry["for_each"]
    if entry["count"] is not None:
        configured["count_expression"] = entry["count"]
    module["resources"].append(configured)
