"""`dynamic` blocks written out, as far as they can be without Terraform; at them Checkov's graph ends."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def written_out(value: Any) -> Any:
    """Each `dynamic` block as one block of its content; none where it is over nothing."""
    if isinstance(value, list):
        return [written_out(inner) for inner in value]
    if not isinstance(value, Mapping):
        return value
    body = {key: written_out(inner) for key, inner in value.items()}
    if not _holds_dynamic(value):
        return body
    for block in _listed(body.pop("dynamic")):
        for name, settings in block.items():
            for entry in _listed(settings):
                if entry["for_each"] not in ([], {}):
                    body[name] = [*_listed(body.get(name, [])), *_listed(entry.get("content", {}))]
    return body


def _listed(value: Any) -> list[Any]:
    """What may be one or a list."""
    return value if isinstance(value, list) else [value]


def _holds_dynamic(body: Mapping[str, Any]) -> bool:
    """Whether a block holds `dynamic` blocks, and not a setting of that name."""
    blocks = body.get("dynamic")
    return all(
        isinstance(block, Mapping)
        and block
        and all(
            isinstance(entry, Mapping) and "for_each" in entry
            for settings in block.values()
            for entry in _listed(settings)
        )
        for block in _listed(blocks)
    )
