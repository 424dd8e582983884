"""Plans of any size, as `terraform show -json` writes them.

Networks are instances of a module with `for_each`, each with a module for its subnets and one with `for_each` for its
functions, which takes subnets as an input. Ids are known only after apply, as in a plan that creates everything;
`destroying` is a plan that destroys the same.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from zlib import crc32

from benchmarks.plan_templates import FUNCTION, NETWORK, Template, refers

_ZONES = ("a", "b", "c")
_LARGEST_NETWORK = 2_000
_PREFIXES = {
    "aws_nat_gateway": "nat",
    "aws_security_group": "sg",
    "aws_subnet": "subnet",
    "aws_vpc": "vpc",
    "aws_vpc_endpoint": "vpce",
}
_OF_NETWORK = frozenset((template.kind, template.name) for template in NETWORK)
Entry = dict[str, Any]


@dataclass(frozen=True)
class _Place:
    """An instance of a template: its module, and its index."""

    template: Template
    network: int
    function: int | None
    index: int | None

    @property
    def module(self) -> str:
        inner = "network" if self.function is None else f'function["f{self.function}"]'
        return f'module.stack["n{self.network}"].module.{inner}'

    @property
    def modules(self) -> tuple[str, str]:
        return f'module.stack["n{self.network}"]', self.module

    @property
    def address(self) -> str:
        key = "" if self.index is None else f"[{self.index}]"
        return f"{self.module}.{self.template.kind}.{self.template.name}{key}"

    def filled(self, value: Any) -> Any:
        """A value with its marks filled in."""
        if isinstance(value, Mapping):
            return {name: self.filled(inner) for name, inner in value.items()}
        if isinstance(value, list):
            return [self.filled(inner) for inner in value]
        if not isinstance(value, str):
            return value
        text = (
            value.replace("<n>", str(self.network)).replace("<s>", str(self.function)).replace("<i>", str(self.index))
        )
        text = text.replace("<zone>", _ZONES[self.index or 0])
        return self.identity(*text[1:].split(".")) if text.startswith("@") else text

    def identity(self, kind: str, name: str, index: str = "") -> str:
        """The id of something in the same network or function."""
        function = None if (kind, name) in _OF_NETWORK else self.function
        number = crc32(f"{kind}.{name}.{index}.{self.network}.{function}".encode())
        return f"{_PREFIXES.get(kind, 'id')}-0{number:016x}"


def creating(resources: int) -> Entry:
    """A plan that creates about this many resources: a whole function at a time, and one network at least."""
    places = tuple(_places(resources))
    entries = [_entry(place) for place in places]
    changes = [
        {
            **entry,
            "change": {
                "actions": ["create"],
                "before": None,
                "after": place.filled(place.template.values),
                "after_unknown": dict(place.template.unknown),
            },
        }
        for place, entry in zip(places, entries, strict=True)
    ]
    valued = [
        {**entry, "values": place.filled(place.template.values)} for place, entry in zip(places, entries, strict=True)
    ]
    return {**_head(), "planned_values": _nested(places, valued), "resource_changes": changes}


def destroying(resources: int) -> Entry:
    """A plan that destroys what `creating` creates."""
    places = tuple(_places(resources))
    changes, state = list[Entry](), list[Entry]()
    for place in places:
        template, entry = place.template, _entry(place)
        identity = place.identity(template.kind, template.name, "" if place.index is None else str(place.index))
        values = {
            "id": identity,
            "arn": f"arn:aws:x:::{identity}",
            **place.filled({**template.values, **template.known}),
        }
        inner = "network" if place.function is None else "function"
        needed = [f"module.stack.module.{inner}.{name}" for name in template.needs]
        changes.append(
            {**entry, "change": {"actions": ["delete"], "before": values, "after": None, "after_unknown": {}}}
        )
        state.append({**entry, "values": values, "depends_on": needed})
    prior = {"format_version": "1.0", "values": _nested(places, state)}
    return {**_head(), "planned_values": {"root_module": {}}, "prior_state": prior, "resource_changes": changes}


def _places(resources: int) -> Iterator[_Place]:
    left, number = resources, 0
    of_network = sum(template.count or 1 for template in NETWORK)
    while left > 0:
        functions = max(1, (min(left, _LARGEST_NETWORK) - of_network) // len(FUNCTION))
        for template in NETWORK:
            for index in range(template.count or 1):
                yield _Place(template, number, None, None if template.count is None else index)
        for function in range(functions):
            for template in FUNCTION:
                yield _Place(template, number, function, None)
        left -= of_network + functions * len(FUNCTION)
        number += 1
        if left < of_network + len(FUNCTION):
            return


def _entry(place: _Place) -> Entry:
    entry: Entry = {
        "address": place.address,
        "module_address": place.module,
        "mode": "managed",
        "type": place.template.kind,
        "name": place.template.name,
        "provider_name": "registry.terraform.io/hashicorp/aws",
    }
    return entry if place.index is None else {**entry, "index": place.index}


def _nested(places: tuple[_Place, ...], entries: list[Entry]) -> Entry:
    """Entries in the modules they belong to."""
    outer: dict[str, dict[str, list[Entry]]] = {}
    for place, entry in zip(places, entries, strict=True):
        stack, module = place.modules
        outer.setdefault(stack, {}).setdefault(module, []).append(entry)
    children = [
        {
            "address": stack,
            "child_modules": [{"address": module, "resources": inner} for module, inner in modules.items()],
        }
        for stack, modules in outer.items()
    ]
    return {"root_module": {"child_modules": children}}


def _head() -> Entry:
    """What every plan has, with the configuration, which does not grow with the instances."""
    network = {
        "resources": [_configured(template) for template in NETWORK],
        "outputs": {
            "vpc_id": {"expression": refers("aws_vpc.this.id")},
            "subnet_ids": {"expression": refers("aws_subnet.private")},
        },
    }
    function = {
        "resources": [_configured(template) for template in FUNCTION],
        "variables": {"vpc_id": {}, "subnet_ids": {}},
    }
    inputs = {"vpc_id": refers("module.network.vpc_id"), "subnet_ids": refers("module.network.subnet_ids")}
    stack = {
        "module_calls": {
            "network": {"module": network},
            "function": {"expressions": inputs, "for_each_expression": refers("var.functions"), "module": function},
        },
        "variables": {"functions": {}},
    }
    call = {"for_each_expression": refers("local.stacks"), "module": stack}
    provider = {"name": "aws", "expressions": {"region": {"constant_value": "us-east-1"}}}
    return {
        "format_version": "1.2",
        "terraform_version": "1.11.4",
        "configuration": {"provider_config": {"aws": provider}, "root_module": {"module_calls": {"stack": call}}},
    }


def _configured(template: Template) -> Entry:
    entry: Entry = {
        "address": f"{template.kind}.{template.name}",
        "mode": "managed",
        "type": template.kind,
        "name": template.name,
        "provider_config_key": "aws",
        "expressions": dict(template.expressions),
    }
    return entry if template.count is None else {**entry, "count_expression": refers("var.zones")}
