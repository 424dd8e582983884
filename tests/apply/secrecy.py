"""No secret leaves Secrets Manager: what the emulator keeps there stands in nothing that was written or told."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

SHORTEST = 8
"""Characters below which a value may stand somewhere by chance."""

_OPEN_FIELDS = frozenset(
    {"dbname", "dbClusterIdentifier", "dbInstanceIdentifier", "engine", "host", "port", "username"}
)
"""Fields of a database's secret that are none (Secrets Manager guide, structure of a secret)."""


def secret_values(client: Any) -> frozenset[str]:
    """Every value that Secrets Manager holds, the last one before it too, without what of a database's secret is open.

    Args:
        client: a boto3 client of Secrets Manager.
    """
    found: set[str] = set()
    for page in client.get_paginator("list_secrets").paginate():
        for secret in page["SecretList"]:
            for stage in ("AWSCURRENT", "AWSPREVIOUS"):
                try:
                    text = client.get_secret_value(SecretId=secret["ARN"], VersionStage=stage)["SecretString"]
                except client.exceptions.ResourceNotFoundException:  # nobody has filled it yet, or only once
                    continue
                found.update(value for value in _leaves(text) if len(value) >= SHORTEST)
    return frozenset(found)


def leaks(values: Iterable[str], texts: Mapping[str, str]) -> list[str]:
    """Names of the texts that hold one of the values, as it is, or as JSON or JSON inside JSON writes it."""
    forms = {form for value in values for form in _forms(value)}
    return sorted(name for name, text in texts.items() if any(form in text for form in forms))


def written(folder: Path) -> dict[str, str]:
    """Every file below a folder but Terraform's own, by its relative path; bytes that are no text are left out."""
    return {
        str(file.relative_to(folder)): file.read_bytes().decode(errors="ignore")
        for file in sorted(folder.rglob("*"))
        if file.is_file() and ".terraform" not in file.parts
    }


def _forms(value: str) -> set[str]:
    forms = {value}
    for _ in range(2):
        forms |= {write(form) for form in forms for write in (_in_json, _in_terraforms_json)}
    return forms


def _in_json(text: str) -> str:
    return json.dumps(text)[1:-1]


def _in_terraforms_json(text: str) -> str:
    """As Terraform writes plans, states and `jsonencode`, which is safe inside HTML."""
    return _in_json(text).replace("&", r"\u0026").replace("<", r"\u003c").replace(">", r"\u003e")


def _leaves(text: str) -> Iterator[str]:
    try:
        fields = json.loads(text)
    except ValueError:
        yield text
        return
    if not isinstance(fields, dict):
        yield text
        return
    yield from (str(value) for name, value in fields.items() if name not in _OPEN_FIELDS)
