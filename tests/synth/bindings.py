"""What AWS provider 5.100 takes, read from the bindings' source: their types are exactly that version's."""

from __future__ import annotations

import ast
import functools
import importlib.util
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

_NOT_ATTRIBUTES = frozenset({"self", "scope", "id_"})


@functools.cache
def _classes(kind: str) -> dict[str, ast.FunctionDef]:
    """Constructors of the classes that describe a resource or data source, such as `aws_vpc` or `data.aws_vpc`."""
    spec = importlib.util.find_spec("cdktf_cdktf_provider_aws")
    assert spec is not None
    assert spec.origin is not None
    module = kind.replace("data.", "data_") if kind.startswith("data.") else kind.removeprefix("aws_")
    tree = ast.parse((Path(spec.origin).parent / module / "__init__.py").read_text(encoding="utf-8"))
    return {
        node.name: item
        for node in tree.body
        if isinstance(node, ast.ClassDef)
        for item in node.body
        if isinstance(item, ast.FunctionDef) and item.name == "__init__"
    }


def misuses(kind: str, body: dict[str, Any]) -> list[str]:
    """Attributes that 5.100 does not know or requires and does not get, in nested blocks as well."""
    resource = next(name for name in _classes(kind))  # the resource's own class comes first in its module
    return list(_misuses(kind, resource, body, kind))


def _misuses(kind: str, name: str, body: dict[str, Any], where: str) -> Iterator[str]:
    arguments = _classes(kind)[name].args
    known = {argument.arg: argument.annotation for argument in arguments.kwonlyargs}
    required = {
        argument.arg
        for argument, default in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True)
        if default is None
    }
    for attribute in sorted(required - body.keys() - _NOT_ATTRIBUTES):
        yield f"{where}.{attribute} is required"
    for attribute, value in body.items():
        if attribute not in known:
            yield f"{where}.{attribute} is not known"
            continue
        annotation = known[attribute]
        named = re.findall(r"\w+", ast.unparse(annotation)) if annotation is not None else []
        block = next((word for word in named if word in _classes(kind)), None)
        if block is not None:
            for member in value if isinstance(value, list) else [value]:
                yield from _misuses(kind, block, member, f"{where}.{attribute}")
