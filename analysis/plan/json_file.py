"""JSON from files: what cannot be read, or is cut off, is refused in one sentence."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from modules.core.errors import PlanInputError

MAX_MEGABYTES = 99
"""Largest file that is read, in megabytes (10^6 bytes); a plan of 10,000 resources takes about half of it."""


def json_content(path: Path, fix: str, *, named: str) -> Any:
    """What a file of JSON holds.

    Args:
        path: the file.
        fix: what to do where it is not JSON, such as "write it again".
        named: what to name instead where it cannot be read, such as "the JSON of a plan".

    Raises:
        PlanInputError: it cannot be read, is too large, or is no JSON.
    """

    def refuse(why: str, fix: str = fix) -> PlanInputError:
        return PlanInputError(f"{path} {why}; {fix}")

    try:
        megabytes = path.stat().st_size / 1_000_000
        if megabytes > MAX_MEGABYTES:
            raise refuse(
                f"has {megabytes:.1f} MB, and at most {MAX_MEGABYTES} MB are read", "split the stack into smaller ones"
            )
        data = path.read_bytes()
    except OSError as error:
        raise refuse(f"cannot be read: {error.strerror}", f"name {named}") from None
    if data.startswith(b"PK"):
        raise refuse(
            "is a saved plan, which only Terraform can read", "name its JSON: write it with `terraform show -json PLAN`"
        )
    if not data.strip():
        raise refuse("is empty")
    try:
        return json.loads(data)
    except UnicodeDecodeError:
        raise refuse("is not text") from None
    except (json.JSONDecodeError, RecursionError) as error:
        raise refuse(_broken(data, error)) from None


def json_object(path: Path, fix: str, *, named: str) -> Mapping[str, Any]:
    """What a file holds that is one object of JSON; see `json_content`."""
    content = json_content(path, fix, named=named)
    if not isinstance(content, Mapping):
        raise PlanInputError(f"{path} is JSON, but holds no object; {fix}")
    return content


def _broken(data: bytes, error: Exception) -> str:
    if not isinstance(error, json.JSONDecodeError):
        return "is nested deeper than any plan"
    begins = error.doc.lstrip()[:1] in {"{", "["}
    if begins and (not data.rstrip().endswith((b"}", b"]")) or error.pos >= len(error.doc.rstrip())):
        return f"ends in the middle, after {len(data)} bytes"
    return f"is no JSON: {error.msg} in line {error.lineno}, column {error.colno}"
