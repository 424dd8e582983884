"""Terraform in JSON as a plan: what `cdk.tf.json` tells before Terraform runs.

What is written as a literal is known; what holds `${…}` is known only after apply, unless it names nothing but
literals: local values, `count.index`, `each`. The text itself stays in the configuration, as it does in a plan, so
that links, policies and reachability are told from it alike. Every resource is one that will be created.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from analysis.plan.bodies import Body, body_of
from analysis.plan.evaluation import Names
from analysis.plan.plan import Plan
from analysis.plan.resource import InstanceKey, key_text
from analysis.plan.values import UNKNOWN
from modules.core.errors import PlanInputError

_NO_VALUES = frozenset({"lifecycle", "depends_on", "provider", "provisioner", "connection", "count", "for_each"})
_MOST_INSTANCES = 10_000
_Instance = tuple[InstanceKey, Names]


def synthesized_plan(document: Mapping[str, Any], source: str = "") -> Plan:
    """The plan that creates what Terraform in JSON describes, as far as it can be told without Terraform.

    Values of variables are not known, also where there is a default: whoever runs Terraform may give others. What
    stands in a module that is called is not known either.

    Args:
        document: content of a `cdk.tf.json` or another `*.tf.json` file.
        source: where it came from, for messages; such as a path.

    Raises:
        PlanInputError: it holds no resource, or something that Terraform does not read.
    """
    try:
        reader = _Reader(document)
        plan = Plan(reader.document(), source, reader.names.local_values)
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise PlanInputError(f"{source or 'the document'} is JSON, but not what Terraform reads: {error}") from None
    if not plan.of():
        raise PlanInputError(f"{source or 'the document'} holds no resource; name a synthesized stack")
    return plan


def read_synthesized(path: Path) -> Plan:
    """Read a `*.tf.json` file, or all of a folder such as a stack's in `cdktf.out`, as one plan.

    Raises:
        PlanInputError: there is none, or one that Terraform does not read.
    """
    files = sorted(path.glob("*.tf.json")) if path.is_dir() else [path]
    merged: dict[str, list[Any]] = {}
    for file in files:
        for name, value in json.loads(file.read_text(encoding="utf-8")).items():
            merged.setdefault(name, []).extend(value if isinstance(value, list) else [value])
    return synthesized_plan(merged, str(path))


class _Reader:
    def __init__(self, raw: Mapping[str, Any]) -> None:
        self._raw = raw
        self.names = Names({name: value for part in _listed(raw.get("locals")) for name, value in part.items()})

    def document(self) -> dict[str, Any]:
        """The document of a plan."""
        planned, changes, configured = list[Any](), list[Any](), list[Any]()
        for mode, section in (("managed", "resource"), ("data", "data")):
            for kind, name, raw in _labelled(self._raw.get(section), section):
                configured.append(self._configuration(mode, kind, name, raw))
                for instance in self._instances(raw):
                    value, change = self._instance(mode, kind, name, raw, instance)
                    changes.append(change)
                    if mode == "managed":
                        planned.append(value)
        outputs = {name: {"expression": {"constant_value": raw.get("value")}} for name, raw in self._named("output")}
        calls = {
            name: {"source": raw.get("source"), "expressions": body_of(raw, self.names, _NO_VALUES).expressions}
            for name, raw in self._named("module")
        }
        root = {"resources": configured, "outputs": outputs, "module_calls": calls}
        return {
            "format_version": "1.2",
            "planned_values": {"root_module": {"resources": planned}},
            "resource_changes": changes,
            "configuration": {"provider_config": dict(self._providers()), "root_module": root},
        }

    def _configuration(self, mode: str, kind: str, name: str, raw: Mapping[str, Any]) -> dict[str, Any]:
        address = f"data.{kind}.{name}" if mode == "data" else f"{kind}.{name}"
        provider = str(raw.get("provider") or kind.partition("_")[0]).removeprefix("${").removesuffix("}")
        found = {
            "address": address,
            "mode": mode,
            "type": kind,
            "name": name,
            "provider_config_key": provider,
            "expressions": self._body(raw, self.names).expressions,
        }
        for option, expression in (("count", "count_expression"), ("for_each", "for_each_expression")):
            if raw.get(option) is not None:
                found[expression] = {"constant_value": raw[option]}
        if raw.get("depends_on"):
            found["depends_on"] = list(raw["depends_on"])
        return found

    def _instance(
        self, mode: str, kind: str, name: str, raw: Mapping[str, Any], instance: _Instance
    ) -> tuple[dict[str, Any], dict[str, Any]]:
        key, names = instance
        body = self._body(raw, names)
        for attribute in ("id", "arn"):
            if attribute not in body.values:
                body.unknown[attribute] = True
        prefix = "data." if mode == "data" else ""
        common: dict[str, Any] = {
            "address": f"{prefix}{kind}.{name}{key_text(key)}",
            "mode": mode,
            "type": kind,
            "name": name,
        }
        if key is not None:
            common["index"] = key
        actions = ["read"] if mode == "data" else ["create"]
        change = {"actions": actions, "before": None, "after": body.values, "after_unknown": body.unknown}
        return {**common, "values": body.values}, {**common, "change": change}

    def _body(self, raw: Mapping[str, Any], names: Names) -> Body:
        return body_of(raw, names, _NO_VALUES)

    def _instances(self, raw: Mapping[str, Any]) -> Iterator[_Instance]:
        """Keys of a resource, each with what it may name; one without a key where their number is not known."""
        count, each = raw.get("count"), raw.get("for_each")
        if count is not None:
            number = self.names.evaluated(count)
            if isinstance(number, str) and number.isdecimal():
                number = int(number)
            if isinstance(number, int) and 0 <= number <= _MOST_INSTANCES:
                yield from ((index, self.names.having("count", index=index)) for index in range(number))
            else:
                yield None, self.names
        elif each is not None:
            members = self.names.evaluated(each)
            if isinstance(members, list) and UNKNOWN not in members:
                members = {str(member): member for member in members}
            if isinstance(members, Mapping):
                for key in sorted(members):
                    yield key, self.names.having("each", key=key, value=members[key])
            else:
                yield None, self.names
        else:
            yield None, self.names

    def _providers(self) -> Iterator[tuple[str, dict[str, Any]]]:
        for part in _listed(self._raw.get("provider")):
            for name, blocks in part.items():
                for raw in _listed(blocks):
                    alias = raw.get("alias")
                    found: dict[str, Any] = {"name": name}
                    if alias:
                        found["alias"] = alias
                    found["expressions"] = body_of(raw, self.names, frozenset({"alias", "version"})).expressions
                    yield f"{name}.{alias}" if alias else name, found

    def _named(self, section: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
        for part in _listed(self._raw.get(section)):
            for name, blocks in part.items():
                if name != "//":
                    for raw in _listed(blocks):
                        yield name, raw


def _listed(raw: Any) -> list[Mapping[str, Any]]:
    """Blocks, which may be one or a list of them."""
    entries = raw if isinstance(raw, list) else [] if raw is None else [raw]
    for entry in entries:
        if not isinstance(entry, Mapping):
            raise TypeError(f"{json.dumps(entry)[:40]} stands where an object is needed")
    return entries


def _labelled(raw: Any, section: str) -> Iterator[tuple[str, str, Mapping[str, Any]]]:
    seen = set[tuple[str, str]]()
    for types in _listed(raw):
        for kind, by_name in types.items():
            if kind == "//":
                continue
            for named in _listed(by_name):
                for name, bodies in named.items():
                    if name == "//":
                        continue
                    for body in _listed(bodies):
                        if (kind, name) in seen:
                            raise ValueError(f"{section} {kind}.{name} stands there twice")
                        seen.add((kind, name))
                        yield kind, name, body
