"""Small plan documents, made in Python."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from analysis.cost import Cost, Line, Prices, Usage, cost, read_prices
from analysis.plan import Plan

PRICES = read_prices(Path(__file__).parents[3] / "environments")
"""The prices that are checked in."""

REGION = "us-east-1"
Values = Mapping[str, Any]


def plan_of(
    after: Mapping[str, Values],
    *,
    before: Mapping[str, Values] | None = None,
    unknown: Mapping[str, Values] | None = None,
    references: Mapping[str, Mapping[str, list[str]]] | None = None,
    region: str = REGION,
) -> Plan:
    """A plan of one module.

    Args:
        after: values of each resource by address.
        before: values before the plan; none existed without.
        unknown: what is known only after apply.
        references: what each attribute refers to, such as `{"aws_nat_gateway.a": {"subnet_id": ["aws_subnet.a.id"]}}`.
        region: region of the provider; empty for one that the plan does not tell.
    """
    before, unknown, references = before or {}, unknown or {}, references or {}
    changes, planned, configured = [], [], {}
    for address in sorted({*after, *before}):
        entry = _named(address)
        actions = ["create"] if address not in before else ["delete"] if address not in after else ["no-op"]
        if actions == ["no-op"] and after[address] != before[address]:
            actions = ["update"]
        change = {
            "actions": actions,
            "before": before.get(address),
            "after": after.get(address),
            "after_unknown": unknown.get(address, {}),
        }
        changes.append({**entry, "change": change})
        if address in after:
            planned.append({**entry, "values": after[address]})
            base = f"{entry['type']}.{entry['name']}"
            expressions = {
                path: {"references": [*names, *(name.rpartition(".")[0] for name in names)]}
                for path, names in references.get(base, {}).items()
            }
            configured[base] = {
                "address": base,
                "mode": "managed",
                "type": entry["type"],
                "name": entry["name"],
                "provider_config_key": "aws",
                "expressions": expressions,
            }
    provider = {"name": "aws", "expressions": {"region": {"constant_value": region}} if region else {}}
    return Plan({
        "format_version": "1.2",
        "planned_values": {"root_module": {"resources": planned}},
        "resource_changes": changes,
        "configuration": {
            "provider_config": {"aws": provider},
            "root_module": {"resources": list(configured.values())},
        },
    })  # fmt: skip


def costed(plan: Plan, usage: Mapping[str, Any] | None = None, prices: Prices = PRICES, **options: Any) -> Cost:
    """The cost of a plan by the prices that are checked in."""
    return cost(plan, None if usage is None else Usage.parse(usage), prices=prices, **options)


def line(found: Cost, address: str, item: str, kind: str = "") -> Line:
    """The one line of an item."""
    lines = [each for each in found.lines if each.address == address and each.item == item and kind in ("", each.kind)]
    assert len(lines) == 1, [(each.address, each.item) for each in found.lines]
    return lines[0]


def _named(address: str) -> dict[str, Any]:
    kind, _, rest = address.partition(".")
    name, _, index = rest.partition("[")
    entry: dict[str, Any] = {"address": address, "mode": "managed", "type": kind, "name": name}
    if index:
        key = index.rstrip("]")
        entry["index"] = int(key) if key.isdecimal() else key.strip('"')
    return entry
