"""`lambdanet reference`: the fields of every configuration model, as Markdown, generated from the models."""

from __future__ import annotations

import importlib
import json
import pkgutil
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

import typer

import modules
from cli.terminal import console
from modules.core.config import ConfigModel
from modules.core.target import Target
from rollout.domain.settings import RolloutSettings
from stacks import STACKS

_HEAD = """# Reference

Generated from the models by `lambdanet reference --output docs/reference.md`; a test compares.
"""


def reference(
    output: Annotated[Path | None, typer.Option(help="File to write; standard output by default.")] = None,
) -> None:
    """Write the reference of every configuration field."""
    text = reference_text()
    if output is None:
        console.print(text, markup=False, highlight=False, soft_wrap=True)
    else:
        output.write_text(text, encoding="utf-8")


def reference_text() -> str:
    """The reference as Markdown."""
    sections: dict[str, Any] = {}
    stacks = (entry.config_model() for entry in STACKS.values())
    models: list[type[ConfigModel]] = [Target, RolloutSettings, *stacks, *_module_models()]
    for model in models:
        schema = model.model_json_schema()
        definitions = schema.pop("$defs", {})
        sections.setdefault(model.__name__, schema)
        sections |= {name: definition for name, definition in definitions.items() if name not in sections}
    return "\n".join([_HEAD, *(line for name, schema in sections.items() for line in _section(name, schema))]) + "\n"


def _module_models() -> Iterator[type[ConfigModel]]:
    """The configuration models that the modules export, in the order of their names; no construct is imported."""
    for found in pkgutil.iter_modules(modules.__path__):
        exported = getattr(importlib.import_module(f"modules.{found.name}"), "__all__", ())
        models = dict(_models_of(found.name))
        yield from (models[name] for name in sorted(exported) if name in models)


def _models_of(module: str) -> Iterator[tuple[str, type[ConfigModel]]]:
    for root in modules.__path__:
        for file in sorted(Path(root, module).rglob("*.py")):
            if file.stem in {"config", "references"} or file.stem.endswith("_config"):
                name = ".".join(file.relative_to(Path(root).parent).with_suffix("").parts)
                members = vars(importlib.import_module(name)).items()
                yield from ((k, one) for k, one in members if isinstance(one, type) and issubclass(one, ConfigModel))


def _section(name: str, schema: dict[str, Any]) -> Iterator[str]:
    yield f"## {name}\n"
    yield str(schema.get("description", "")).split("\n\nRaises:", maxsplit=1)[0] + "\n"
    yield from _rows(schema)
    yield ""


def _rows(schema: dict[str, Any]) -> Iterator[str]:
    yield "| field | type | default | |"
    yield "|---|---|---|---|"
    required = set(schema.get("required", ()))
    for name, field in schema.get("properties", {}).items():
        default = "required" if name in required else _default(field)
        yield f"| `{name}` | {_type(field)} | {default} | {field.get('description', '')} |"


def _default(field: dict[str, Any]) -> str:
    if "default" not in field:
        return "empty" if field.get("type") == "object" else "its own defaults"
    return f"`{json.dumps(field['default'])}`" if field["default"] not in ("", None) else "none"


def _type(field: dict[str, Any]) -> str:
    if "$ref" in field:
        name = field["$ref"].rsplit("/", 1)[-1]
        return f"[{name}](#{name.lower()})"
    for union in ("anyOf", "oneOf", "allOf"):
        if union in field:
            return " or ".join(_type(member) for member in field[union] if member.get("type") != "null")
    if "enum" in field:
        return ", ".join(f"`{value}`" for value in field["enum"])
    if field.get("type") == "array":
        return f"list of {_type(field.get('items', {}))}"
    if "minimum" in field:
        return f"{field['minimum']} to {field['maximum']}" if "maximum" in field else f"from {field['minimum']}"
    return str(field.get("const") or field.get("type", "value"))
