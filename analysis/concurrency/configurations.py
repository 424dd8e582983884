"""Functions of a stack's configuration, whatever the stack."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import BaseModel

from analysis.concurrency.ledger import FunctionConcurrency

_RESERVED = "reserved_concurrency"
_FUNCTION_FIELDS = {"code", _RESERVED}
"""Fields of a function that is built; one that exists already has no code, and its owner counts it."""


def functions_of_config(
    config: BaseModel, *, account_id: str, region: str, place: str
) -> tuple[FunctionConcurrency, ...]:
    """Every function in a stack's configuration model, at any depth; each is taken to be built once.

    A model is a function's if it has the fields `code` and `reserved_concurrency`.

    Args:
        config: the stack's configuration.
        account_id: account of its target.
        region: region of its target.
        place: the target, for sentences, such as `dev/main/us-east-1/orders_api`.
    """
    return tuple(
        FunctionConcurrency(
            account_id, region, f"{place} {path}".rstrip(), getattr(model, _RESERVED), _provisioned(model)
        )
        for path, model in _models(config, "")
        if type(model).model_fields.keys() >= _FUNCTION_FIELDS
    )


def _models(value: Any, path: str) -> Iterator[tuple[str, BaseModel]]:
    if isinstance(value, BaseModel):
        yield path, value
        for name in type(value).model_fields:
            yield from _models(getattr(value, name), f"{path}.{name}" if path else name)
    elif isinstance(value, Mapping):
        for key, member in value.items():
            yield from _models(member, f"{path}.{key}")
    elif isinstance(value, list | tuple):
        for index, member in enumerate(value):
            yield from _models(member, f"{path}[{index}]")


def _provisioned(model: BaseModel) -> int:
    provisioned: int = getattr(model, "most_provisioned", 0)
    return provisioned
