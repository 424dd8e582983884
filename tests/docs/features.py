"""The page of features: `python -m tests.docs.features` writes `docs/features.md`.

It is made of `docs/features/*.yaml` and `docs/pains.yaml`.

A row is proven by tests that exist, or declined with a reason. What was applied comes from the inventories that the
apply tests compare themselves with, and from the plan that the demo applies.
"""

from __future__ import annotations

import ast
import functools
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

PAGE = Path("docs/features.md")
ROWS = Path("docs/features")
PAINS = Path("docs/pains.yaml")
NOT_APPLIED = Path("docs/planned-not-applied.md")
INVENTORIES = Path("tests/apply/inventories")
DEMO = Path("tests/plan/inventories/orders_api.yaml")
_IMPORT = re.compile(r"from cdktf_cdktf_provider_aws\.(\w+) import")
_GENERIC = re.compile(r'terraform_resource_type="(aws_\w+)"')

HEAD = """# Features

Generated from `docs/features/*.yaml` and `docs/pains.yaml` by `python -m tests.docs.features`. A test compares, looks
for every test that is named here, and holds every resource type that the modules can make against what was applied.
"""


@dataclass(frozen=True)
class Row:
    """A feature, and what proves it or why it is declined."""

    feature: str
    tests: tuple[str, ...] = ()
    declined: str = ""


@dataclass(frozen=True)
class Group:
    """Rows that belong together."""

    name: str
    rows: tuple[Row, ...]


def groups() -> tuple[Group, ...]:
    """Every group, in the order of the files' names."""
    return tuple(_group(yaml.safe_load(file.read_text(encoding="utf-8"))) for file in sorted(ROWS.glob("*.yaml")))


def _group(data: dict[str, Any]) -> Group:
    rows = (
        Row(row["feature"], tuple(row.get("tests", ())), " ".join(str(row.get("declined", "")).split()))
        for row in data["rows"]
    )
    return Group(data["group"], tuple(rows))


@dataclass(frozen=True)
class Pain:
    """What users of other modules report, and what shows that it cannot happen here, or why that must wait."""

    pain: str
    threads: tuple[str, ...]
    tests: tuple[str, ...] = ()
    later: str = ""


def pains() -> tuple[Pain, ...]:
    """Every pain."""
    rows = yaml.safe_load(PAINS.read_text(encoding="utf-8"))
    return tuple(
        Pain(row["pain"], tuple(row["threads"]), tuple(row.get("tests", ())), row.get("later", "")) for row in rows
    )


def missing_tests(names: Iterator[str]) -> list[str]:
    """Names of tests, as `file::function`, that are not there."""
    return sorted({name for name in names if name.rpartition("::")[2] not in _functions(name.partition("::")[0])})


@functools.cache
def _functions(file: str) -> frozenset[str]:
    if not Path(file).is_file():
        return frozenset()
    tree = ast.parse(Path(file).read_text(encoding="utf-8"))
    return frozenset(node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef))


def possible_types() -> set[str]:
    """Resource types that the modules can make."""
    found: set[str] = set()
    for file in Path("modules").rglob("*.py"):
        text = file.read_text(encoding="utf-8")
        found |= {f"aws_{name}" for name in _IMPORT.findall(text) if not name.startswith(("data_", "provider"))}
        found |= set(_GENERIC.findall(text))
    return found


def applied_types() -> dict[str, list[str]]:
    """Resource types that were applied, with the tests that did it."""
    found: dict[str, list[str]] = {}
    for file in sorted(INVENTORIES.glob("*.yaml")):
        for kind in yaml.safe_load(file.read_text(encoding="utf-8")):
            found.setdefault(kind, []).append(file.stem)
    for kind in yaml.safe_load(DEMO.read_text(encoding="utf-8"))["counts"]:
        found.setdefault(kind, []).append("the demo")
    return dict(sorted(found.items()))


def excused_types() -> set[str]:
    """Resource types that `docs/planned-not-applied.md` gives a reason for."""
    return set(re.findall(r"`(aws_\w+)`", NOT_APPLIED.read_text(encoding="utf-8")))


def page() -> str:
    """The page."""
    found = groups()
    rows = [row for group in found for row in group.rows]
    proven = sum(bool(row.tests) for row in rows)
    lines = [HEAD, f"{proven} of {len(rows)} rows are proven, {_percent(proven, len(rows))} percent.", ""]
    for group in found:
        lines += [f"## {group.name}", "", "| feature | proven by |", "|---|---|"]
        lines += [f"| {row.feature} | {_proof(row)} |" for row in group.rows]
        lines.append("")
    lines += ["## What users of other modules report, and what stops it here", "", "| report | here |", "|---|---|"]
    lines += [f"| {pain.pain} ({', '.join(pain.threads)}) | {pain.later or _linked(pain.tests)} |" for pain in pains()]
    applied = applied_types()
    lines += [
        "",
        "## Resource types that were applied",
        "",
        (
            f"{len(applied)} types were applied to the emulator, re-planned without a difference and destroyed; "
            "what could not be is in [planned-not-applied.md](planned-not-applied.md)."
        ),
        "",
        "| type | applied by |",
        "|---|---|",
        *(f"| `{kind}` | {_shortened(by)} |" for kind, by in applied.items()),
    ]
    return "\n".join(lines) + "\n"


def _percent(part: int, whole: int) -> str:
    return f"{100 * part / whole:.1f}"


def _proof(row: Row) -> str:
    if row.declined:
        return f"declined: {row.declined}"
    return _linked(row.tests)


def _linked(names: tuple[str, ...]) -> str:
    return "<br>".join(f"[{name.rpartition('::')[2]}](../{name.partition('::')[0]})" for name in names)


_SHOWN = 3


def _shortened(names: list[str]) -> str:
    more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
    return ", ".join(f"`{name}`" if "." in name else name for name in names[:_SHOWN]) + more


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
