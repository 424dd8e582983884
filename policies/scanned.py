"""What is given to Checkov, read and counted before: Checkov itself says nothing about input it cannot read."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from modules.core.errors import PolicyError
from policies.exceptions import Framework

_COMMENT = "//"


@dataclass(frozen=True)
class ScannedInput:
    """Files to scan and the resources in them.

    Attributes:
        place: what it is, for messages.
        files: name and text of every file.
        addresses: of the managed resources.
        data_addresses: of the data sources, each beginning with `data.`.
    """

    framework: Framework
    place: str
    files: Mapping[str, str]
    addresses: frozenset[str]
    data_addresses: frozenset[str]


def read_synthesized(given: Path) -> ScannedInput:
    """Read the `*.tf.json` files of a synthesized stack, by its folder or by one of the files.

    Raises:
        PolicyError: there is none, or one cannot be read or holds what Checkov would pass over in silence.
    """
    folder, listed = (given.parent, [given]) if given.is_file() else (given, sorted(given.glob("*.tf.json")))
    files = {file.name: _text(file, f"{folder.name}/{file.name}") for file in listed}
    if not files:
        raise PolicyError(
            f"{folder.name}: holds no *.tf.json file; the folder of a synthesized stack does, such as "
            "cdk.tf.json; synthesize first, or name the right folder"
        )
    addresses: set[str] = set()
    data_addresses: set[str] = set()
    for name, text in files.items():
        document = _object(text, f"{folder.name}/{name}")
        addresses |= set(_declared(document.get("resource", {}), f"{folder.name}/{name}"))
        data_addresses |= {
            f"data.{address}" for address in _declared(document.get("data", {}), f"{folder.name}/{name}")
        }
    place = f"{folder.name}/{', '.join(files)}"
    return _not_empty(
        ScannedInput(Framework.TERRAFORM_JSON, place, files, frozenset(addresses), frozenset(data_addresses))
    )


def read_plan(plan_json: Path) -> ScannedInput:
    """Read the output of `terraform show -json`.

    Raises:
        PolicyError: the file is missing, is no plan, or plans no resource.
    """
    text = _text(plan_json, plan_json.name)
    document = _object(text, plan_json.name)
    planned = document.get("planned_values")
    if "format_version" not in document or not isinstance(planned, dict):
        raise PolicyError(
            f"{plan_json.name}: is no plan, it holds no format_version or planned_values; the output of "
            "`terraform show -json <plan>` is needed; write that to the file"
        )
    if document.get("errored"):
        raise PolicyError(
            f"{plan_json.name}: is the plan of a run that failed, it does not hold every resource; a whole plan is "
            "needed; plan again"
        )
    try:
        resources = list(_planned(planned.get("root_module") or {}))
        forgotten = {entry["address"] for entry in document.get("resource_changes") or () if _is_forgotten(entry)}
        managed = {str(item["address"]) for item in resources if item["mode"] == "managed"} - forgotten
        data = {str(item["address"]) for item in resources if item["mode"] == "data"}
    except (AttributeError, KeyError, TypeError) as error:
        raise PolicyError(
            f"{plan_json.name}: holds resources in another form than Terraform writes ({type(error).__name__}: "
            f"{error}); they cannot be counted, so checks could miss them; write it with `terraform show -json <plan>`"
        ) from error
    files, framework = {plan_json.name: text}, Framework.TERRAFORM_PLAN
    return _not_empty(ScannedInput(framework, plan_json.name, files, frozenset(managed), frozenset(data)))


def _not_empty(scanned: ScannedInput) -> ScannedInput:
    if not scanned.addresses:
        raise PolicyError(
            f"{scanned.place}: holds no resource; a scan of nothing passes and proves nothing; check that the "
            "stack was synthesized and that the plan is not one that destroys everything"
        )
    return scanned


def _text(file: Path, place: str) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        why = error.strerror if isinstance(error, OSError) else "it is no UTF-8 text"
        raise PolicyError(
            f"{place}: cannot be read ({why}); Checkov would pass over it in silence; name a file that exists"
        ) from error


def _object(text: str, place: str) -> dict[str, Any]:
    try:
        document = json.loads(text)
    except ValueError as error:
        raise PolicyError(
            f"{place}: is no JSON ({error}); Checkov would pass over it in silence; write the file again"
        ) from error
    if not isinstance(document, dict):
        raise PolicyError(f"{place}: holds a JSON {type(document).__name__}; an object is needed; write it again")
    return document


def _declared(block: object, place: str) -> Iterator[str]:
    """The addresses in a `resource` or `data` block."""
    types = block if isinstance(block, dict) else None
    for kind, named in (types or {}).items():
        if kind == _COMMENT:
            continue
        if not isinstance(named, dict):
            types = None
            break
        yield from (f"{kind}.{name}" for name in named if name != _COMMENT)
    if types is None:
        raise PolicyError(
            f"{place}: resource and data must map a type to names and those to blocks, as CDKTF writes them; "
            "other forms cannot be counted, so a scan could miss them; synthesize the file again"
        )


def _is_forgotten(change: Mapping[str, Any]) -> bool:
    """Whether a resource is planned to leave the state, without values."""
    actions: object = (change.get("change") or {}).get("actions")
    return actions == ["forget"]


def _planned(module: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    yield from module.get("resources") or ()
    for child in module.get("child_modules") or ():
        yield from _planned(child)
