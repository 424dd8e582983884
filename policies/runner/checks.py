"""Checkov's checks: loaded, and run so that none fails in silence."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path
from typing import Any

from checkov.common.checks.base_check_registry import BaseCheckRegistry
from checkov.common.checks_infra.registry import get_graph_checks_registry
from checkov.common.graph.graph_builder.graph_components.attribute_names import CustomAttributes
from checkov.common.models.enums import CheckResult
from checkov.terraform.base_runner import BaseTerraformRunner
from checkov.terraform.checks.resource.registry import resource_registry

from policies.runner.strict import DOUBTS

REGISTRIES: Mapping[str, BaseCheckRegistry] = BaseTerraformRunner.block_type_registries
"""Checks in Python by the kind of block."""

GRAPH_CHECKS = get_graph_checks_registry("terraform")


@dataclass(frozen=True)
class Entity:
    """One block that checks are run on.

    Attributes:
        block: such as `resource`.
        address: as Terraform names it.
        file: name of its file.
        content: the block in Checkov's form.
    """

    block: str
    address: str
    file: str
    content: Mapping[str, Any]


@dataclass
class Results:
    """What the checks of one input say.

    Attributes:
        failed: check, title, address, severity or None, and file.
        passed: check and address.
        handed_over: addresses of what the checks were run on.
    """

    failed: set[tuple[str, str, str, str | None, str]] = field(default_factory=set)
    passed: set[tuple[str, str]] = field(default_factory=set)
    handed_over: set[str] = field(default_factory=set)

    def add(self, check: Any, outcome: object, address: str, file: str) -> None:
        """Keep what a check says of a block; it must be one of Checkov's outcomes."""
        if outcome is CheckResult.FAILED:
            severity = getattr(check.severity, "name", None)
            self.failed.add((check.id, check.name, address, severity, file))
        elif outcome is CheckResult.PASSED:
            self.passed.add((check.id, address))
        elif outcome not in {CheckResult.UNKNOWN, CheckResult.SKIPPED}:
            DOUBTS.append(f"check {check.id} gave no verdict on {address} but {outcome!r}")

    def as_json(self) -> dict[str, Any]:
        """For the answer."""
        passed = self.passed - {(check, address) for check, _, address, _, _ in self.failed}
        return {
            "failed": sorted(self.failed, key=lambda entry: (entry[2], entry[0], entry[4])),
            "passed": sorted(passed),
            "handed_over": sorted(self.handed_over),
        }


def load(folders: Iterable[Path]) -> dict[str, Any]:
    """Load Checkov's own checks and those in `folders`; the version and the ids of all."""
    GRAPH_CHECKS.load_checks()
    for folder in folders:
        _load_folder(folder)
    python = {check.id for registry in REGISTRIES.values() for _, check in registry.all_checks()}
    ids = python | {check.id for check in GRAPH_CHECKS.checks}
    if not python or not GRAPH_CHECKS.checks:
        DOUBTS.append("Checkov's own checks were not loaded")
    return {"version": version("checkov"), "checks": sorted(ids)}


def run_python_checks(entities: Iterable[Entity], graph: Any, without: Collection[str], results: Results) -> None:
    """Run every check in Python on every block of its type."""
    for entity in entities:
        registry = REGISTRIES[entity.block]
        kind, name, content = registry.extract_entity_details(dict(entity.content))
        if not isinstance(content, dict):
            DOUBTS.append(f"{entity.address} is no block")
            continue
        results.handed_over.add(entity.address)
        for check in registry.get_checks(kind):
            if check.id in without:
                continue
            check.graph = graph
            try:
                outcome = check.run(
                    scanned_file=f"/{entity.file}",
                    entity_configuration=content,
                    entity_name=name,
                    entity_type=kind,
                    skip_info={},
                )["result"]
            except Exception as error:  # noqa: BLE001  # whatever a check raises is told
                DOUBTS.append(f"check {check.id} failed on {entity.address} ({type(error).__name__}: {error})")
                continue
            results.add(check, outcome[0] if isinstance(outcome, tuple) else outcome, entity.address, entity.file)


def run_graph_checks(graph: Any, without: Collection[str]) -> Iterator[tuple[Any, CheckResult, dict[str, Any]]]:
    """Run every check over the graph; the check, what it says, and of which vertex."""
    blocks = set(REGISTRIES)
    for check in GRAPH_CHECKS.checks:
        if check.id in without:
            continue
        try:
            listed = check.run(graph)
        except Exception as error:  # noqa: BLE001  # whatever a check raises is told
            DOUBTS.append(f"check {check.id} failed ({type(error).__name__}: {error})")
            continue
        outcomes = (CheckResult.PASSED, CheckResult.FAILED, CheckResult.UNKNOWN)
        for outcome, vertices in zip(outcomes, listed, strict=True):
            for vertex in vertices:
                if vertex[CustomAttributes.BLOCK_TYPE] in blocks:
                    yield check, outcome, vertex


def _load_folder(folder: Path) -> None:
    """Load the checks of a folder; Checkov passes over what it cannot load."""
    files = [Path(root, name) for root, _, names in os.walk(folder) for name in sorted(names)]
    python = [file for file in files if file.suffix == ".py" and not file.name.startswith("__")]
    graph = [file for file in files if file.suffix in {".yaml", ".yml", ".json"}]
    if not python and not graph:
        DOUBTS.append(f"{folder} holds no checks")
    DOUBTS.extend(
        f"{file} is not loaded, there is no __init__.py beside it"
        for file in python
        if not (file.parent / "__init__.py").is_file()
    )
    before, known = len(BaseCheckRegistry.get_all_registered_checks()), len(GRAPH_CHECKS.checks)
    resource_registry.load_external_checks(str(folder))
    try:
        GRAPH_CHECKS.load_external_checks(str(folder))
    except Exception as error:  # noqa: BLE001  # told; Checkov would end here
        DOUBTS.append(f"{folder} cannot be read ({type(error).__name__}: {error})")
    registered = {id(check) for registry in REGISTRIES.values() for _, check in registry.all_checks()}
    DOUBTS.extend(
        f"check {check.id} in {folder} is not loaded, its id is taken or it concerns nothing"
        for check in BaseCheckRegistry.get_all_registered_checks()[before:]
        if id(check) not in registered
    )
    if (loaded := len(GRAPH_CHECKS.checks) - known) != len(graph):
        DOUBTS.append(f"{folder} holds {len(graph)} files of checks, of which {loaded} are loaded")
