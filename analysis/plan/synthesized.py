"""Terraform in JSON as a plan: what `cdk.tf.json` tells before Terraform runs.

What is written as a literal is known; what holds `${…}` is known only after apply, unless it names nothing but
literals: local values, `count.index`, `each`. The text itself stays in the configuration, as it does in a plan, so
that links, policies and reachability are told from it alike. Every resource is one that will be created.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from analysis.plan.bodies import article, body_of
from analysis.plan.evaluation import MalformedError, Names
from analysis.plan.json_file import json_object
from analysis.plan.plan import Plan
from analysis.plan.resource import InstanceKey, key_text
from analysis.plan.shapes import Name, shape_of
from analysis.plan.values import UNKNOWN
from modules.core.errors import PlanInputError

_NO_VALUES = frozenset({"lifecycle", "depends_on", "provider", "provisioner", "connection", "count", "for_each"})
_NO_MODULE_VALUES = frozenset({"source", "version", "providers", "count", "for_each", "depends_on"})
_NO_PROVIDER_VALUES = frozenset({"alias", "version"})
_PROVIDER = {"region": Name("d"), "allowed_account_ids": Name("d")}
_BLOCKS = {"//", "terraform", "provider", "resource", "data", "ephemeral", "output", "variable", "locals", "module"}
_SECTIONS = _BLOCKS | {"moved", "removed", "import", "check"}
_SYNTHESIZE = "synthesize it anew"
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
    name = source or "the document"
    try:
        reader = _Reader(document)
        plan_document = reader.document()
    except MalformedError as error:
        raise PlanInputError(f"{name} is no Terraform in JSON: {error}; {_SYNTHESIZE}") from None
    if not reader.names.resources:
        if reader.calls:
            raise PlanInputError(
                f"{name} only calls modules, and what stands in these is not read; judge its plan instead"
            )
        raise PlanInputError(f"{name} holds no resource, so that nothing can be judged; {_SYNTHESIZE}")
    return Plan(plan_document, source, reader.names.local_values)


def read_synthesized(path: Path) -> Plan:
    """Read a `*.tf.json` file, or all of a folder such as a stack's in `cdktf.out`, as one plan.

    Raises:
        PlanInputError: there is none, or one that Terraform does not read, or not all of it is JSON.
    """
    merged: dict[str, list[Any]] = {}
    for file in _files(path) if path.is_dir() else [path]:
        document = json_object(file, _SYNTHESIZE, named="a *.tf.json file")
        if "planned_values" in document:
            raise PlanInputError(f"{file} is a plan, not what it was made from; name it as a plan")
        for name, value in document.items():
            merged.setdefault(name, []).extend(value if isinstance(value, list) else [value])
    return synthesized_plan(merged, str(path))


def _files(folder: Path) -> list[Path]:
    files = sorted(folder.glob("*.tf.json"))
    written = sorted((*folder.glob("*.tf"), *folder.glob("*override.tf.json")))
    if not files:
        raise PlanInputError(f"{folder} is a folder without a *.tf.json file; name the folder of a synthesized stack")
    if written:
        raise PlanInputError(f"{folder} also holds {written[0].name}, which is not read here; judge its plan instead")
    return files


class _Reader:
    """Makes the document of a plan.

    Attributes:
        names: what is known before Terraform runs.
        calls: modules that are called.
    """

    def __init__(self, raw: Mapping[str, Any]) -> None:
        strangers = sorted(set(raw) - _SECTIONS)
        if strangers:
            raise MalformedError(f"Terraform knows no {strangers[0]}")
        self._raw = raw
        parts = _listed(raw.get("locals"), "locals")
        locals_ = {name: value for part in parts for name, value in part.items() if name != "//"}
        self.names = Names(locals_, {(kind, name): body for kind, name, body in self._resources("resource")})
        self.calls = dict(self._named("module"))

    def document(self) -> dict[str, Any]:
        """The document of a plan."""
        planned, changes, configured = list[Any](), list[Any](), list[Any]()
        for mode, section in (("managed", "resource"), ("data", "data")):
            for kind, name, raw in self._resources(section):
                try:
                    configured.append(self._configuration(mode, kind, name, raw))
                    made = [self._instance(mode, kind, name, raw, instance) for instance in self._instances(raw)]
                except MalformedError as error:
                    raise MalformedError(f"{section} {kind}.{name}: {error}") from None
                changes += [change for _, change in made]
                planned += [value for value, _ in made if mode == "managed"]
        root = {
            "resources": configured,
            "outputs": {
                name: {"expression": {"constant_value": raw.get("value")}} for name, raw in self._named("output")
            },
            "module_calls": {
                name: {
                    "source": raw.get("source"),
                    "expressions": body_of(raw, self.names, None, _NO_MODULE_VALUES).expressions,
                }
                for name, raw in self.calls.items()
            },
            "variables": dict(self._named("variable")),
        }
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
            "expressions": body_of(raw, self.names, shape_of(mode, kind), _NO_VALUES).expressions,
        }
        for option, expression in (("count", "count_expression"), ("for_each", "for_each_expression")):
            if raw.get(option) is not None:
                found[expression] = {"constant_value": raw[option]}
        if isinstance(raw.get("depends_on"), list):
            found["depends_on"] = raw["depends_on"]
        return found

    def _instance(
        self, mode: str, kind: str, name: str, raw: Mapping[str, Any], instance: _Instance
    ) -> tuple[dict[str, Any], dict[str, Any]]:
        key, names = instance
        known = shape_of(mode, kind)
        body = body_of(raw, names, known, _NO_VALUES)
        for attribute in () if known else ("id", "arn"):
            if not body.has(attribute):
                body.unknown[attribute] = True
        prefix = "data." if mode == "data" else ""
        address = f"{prefix}{kind}.{name}{key_text(key)}"
        common: dict[str, Any] = {"address": address, "mode": mode, "type": kind, "name": name}
        if key is not None:
            common["index"] = key
        actions = ["read"] if mode == "data" else ["create"]
        change = {"actions": actions, "before": None, "after": body.values, "after_unknown": body.unknown}
        return {**common, "values": body.values}, {**common, "change": change}

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
        for name, raw in self._named("provider"):
            alias = raw.get("alias")
            found = {"name": name, **({"alias": alias} if alias else {})}
            settled = {option: self.names.settled(value) for option, value in raw.items()}
            found["expressions"] = body_of(settled, self.names, _PROVIDER, _NO_PROVIDER_VALUES).expressions
            yield f"{name}.{alias}" if alias else name, found

    def _named(self, section: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
        for part in _listed(self._raw.get(section), section):
            for name, blocks in part.items():
                if name != "//":
                    yield from ((name, raw) for raw in _listed(blocks, f"{section} {name}"))

    def _resources(self, section: str) -> Iterator[tuple[str, str, Mapping[str, Any]]]:
        seen = set[tuple[str, str]]()
        for kind, by_name in self._named(section):
            for name, bodies in by_name.items():
                if name == "//":
                    continue
                for body in _listed(bodies, f"{section} {kind}.{name}"):
                    if (kind, name) in seen:
                        raise MalformedError(f"{section} {kind}.{name} stands there twice")
                    seen.add((kind, name))
                    yield kind, name, body


def _listed(raw: Any, name: str) -> list[Mapping[str, Any]]:
    """Blocks, which may be one or a list of them."""
    entries = raw if isinstance(raw, list) else [] if raw is None else [raw]
    for entry in entries:
        if not isinstance(entry, Mapping):
            raise MalformedError(f"{name} holds {article(entry)} where an object is needed")
    return entries
