"""Terraform in the form that Checkov's checks are written for, which is that of HCL.

A plan and synthesized JSON write down what HCL leaves out (nulls, empty texts, what the provider fills in), and hold
policies as texts. Checks take the first for set, and do not read the second.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from policies.runner.dynamic import written_out

COMMENT = "//"
_UNSET: Mapping[str, Mapping[str, Any]] = {
    "aws_cloudwatch_log_group": {"retention_in_days": 0},
    "aws_lambda_function": {"reserved_concurrent_executions": -1},
    "aws_security_group": {"description": "Managed by Terraform"},
}
"""What the provider writes where nothing is set, by type and argument."""
_LISTED = frozenset({COMMENT, "provider", "locals"})
"""Blocks that are settings themselves, or a list of such."""


def without_unset(kind: str, body: Mapping[str, Any]) -> dict[str, Any]:
    """A resource without what says nothing: nulls, empty texts and lists, and the provider's word for "not set"."""
    unset = _UNSET.get(kind, {})
    kept = {key: value for key, value in body.items() if key not in unset or unset[key] != value}
    return {key: value for key, value in _set(kept).items() if key != COMMENT}


def policy_of(text: object) -> dict[str, Any] | None:
    """The policy document that a text holds."""
    if not isinstance(text, str) or not text.lstrip().startswith("{"):
        return None
    try:
        document = json.loads(text)
    except ValueError:
        return None
    return document if isinstance(document, dict) and "Statement" in document else None


def read_policies(body: dict[str, Any]) -> None:
    """Put documents in the place of policy texts; `body` is in Checkov's form, each value in a list of one."""
    for key, value in body.items():
        if isinstance(value, list) and len(value) == 1 and (document := policy_of(value[0])) is not None:
            body[key] = [document]


def prepared_synthesized(document: Mapping[str, Any]) -> dict[str, Any]:
    """Synthesized JSON with `dynamic` blocks written out once, and without what says nothing."""
    prepared = {name: blocks if name in _LISTED else _named(blocks) for name, blocks in document.items()}
    for block in ("resource", "data"):
        prepared[block] = {
            kind: {
                name: without_unset(kind, written_out(_one(body))) for name, body in named.items() if name != COMMENT
            }
            for kind, named in (document.get(block) or {}).items()
            if kind != COMMENT
        }
    return prepared


def prepared_plan(document: Mapping[str, Any]) -> dict[str, Any]:
    """A plan with the data that Terraform has read, the policy texts it keeps, and without what says nothing."""
    planned = dict(document.get("planned_values") or {})
    configuration = (document.get("configuration") or {}).get("root_module") or {}
    before = ((document.get("prior_state") or {}).get("values") or {}).get("root_module") or {}
    planned["root_module"] = _module(planned.get("root_module") or {}, configuration, dict(_data_by_module(before)))
    return {**document, "planned_values": planned}


def _module(
    module: Mapping[str, Any], configuration: Mapping[str, Any], read: Mapping[str, list[Mapping[str, Any]]]
) -> dict[str, Any]:
    listed = list(module.get("resources") or ())
    given = {entry.get("address") for entry in listed}
    listed += [entry for entry in read.get(module.get("address", ""), ()) if entry.get("address") not in given]
    settings = {
        (entry.get("mode"), entry.get("type"), entry.get("name")): entry.get("expressions") or {}
        for entry in configuration.get("resources") or ()
    }
    calls = configuration.get("module_calls") or {}
    children = [
        _module(child, (calls.get(_call_name(child)) or {}).get("module") or {}, read)
        for child in module.get("child_modules") or ()
    ]
    resources = [_resource(entry, settings) for entry in listed]
    return {**module, "resources": resources, "child_modules": children}


def _resource(entry: Mapping[str, Any], settings: Mapping[tuple[Any, Any, Any], Mapping[str, Any]]) -> dict[str, Any]:
    values = without_unset(str(entry.get("type")), entry.get("values") or {})
    expressions = settings.get((entry.get("mode"), entry.get("type"), entry.get("name")), {})
    for name, expression in expressions.items():
        text = expression.get("constant_value") if isinstance(expression, Mapping) else None
        if name not in values and policy_of(text) is not None:
            values[name] = text
    return {**entry, "values": values}


def _data_by_module(module: Mapping[str, Any]) -> Iterator[tuple[str, list[Mapping[str, Any]]]]:
    listed = [entry for entry in module.get("resources") or () if entry.get("mode") == "data"]
    yield module.get("address", ""), listed
    for child in module.get("child_modules") or ():
        yield from _data_by_module(child)


def _call_name(module: Mapping[str, Any]) -> str:
    """Name of a module's call: `b` of `module.a["x"].module.b[0]`."""
    address = str(module.get("address", ""))
    name = address[:-1].rpartition("[")[0] if address.endswith("]") else address
    return name.rpartition("module.")[2]


def _set(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _set(inner) for key, inner in value.items() if inner is not None and inner not in ("", [])}
    return [_set(inner) for inner in value] if isinstance(value, list) else value


def _named(blocks: Any) -> dict[str, Any]:
    """Blocks by name, without settings beside them such as `required_version`, at which Checkov's parser ends."""
    listed = blocks if isinstance(blocks, list) else [blocks]
    named = [(name, _one(body)) for entry in listed if isinstance(entry, Mapping) for name, body in entry.items()]
    return {name: body for name, body in named if isinstance(body, Mapping)}


def _one(body: Any) -> Any:
    """A block that is written as a list of one."""
    return body[0] if isinstance(body, list) and len(body) == 1 else body
