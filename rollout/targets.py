"""Targets read from `environments/`.

    environments/defaults.yaml
    environments/<env>/environment.yaml
    environments/<env>/<account>/account.yaml
    environments/<env>/<account>/<region>.yaml      one target for every stack it names

Files are merged from the first to the last: mappings key by key, everything else replaced whole. A stack's settings
come from every level, but only a region's file makes targets of the stacks it names. Below `environments/quotas/` stand
quota snapshots, and below `environments/prices/` price tables, which make none; nor does `environments/rollout.yaml`,
which says how changes go to them. A YAML file in any other place is refused, as it would have no effect.
"""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import yaml

from analysis.cost.prices import FOLDER as PRICES_FOLDER
from analysis.quotas import FOLDER as QUOTAS_FOLDER
from modules.core import limits
from modules.core.errors import ConfigError, Problem, TargetError
from modules.core.target import Target
from rollout.domain.naming import named

ROLLOUT_FILE = "rollout.yaml"
"""File of the settings of rollouts, in the environments folder."""

_TARGET_FIELDS = frozenset(Target.model_fields) - {"stack"}


@dataclass(frozen=True)
class TargetEntry:
    """A target and the settings of its stack, merged and not yet checked by the stack's model.

    Attributes:
        target: account, region, environment and stack.
        settings: the stack's settings.
        source: the region's file, relative to the environments folder.
    """

    target: Target
    settings: Mapping[str, Any]
    source: str


def read_targets(folder: Path, *, only: str = "") -> tuple[TargetEntry, ...]:
    """Read every target below `folder`, in the order of their names.

    Args:
        folder: the environments folder.
        only: name of the one target wanted; empty for all.

    Raises:
        TargetError: the folder or the target does not exist, or a file is misplaced or not YAML.
        ConfigError: with every refused field of every target.
    """
    require_folder(folder)
    _refuse_misplaced(folder)
    entries: list[TargetEntry] = []
    problems: list[Problem] = []
    for path in _region_files(folder):
        try:
            entries.extend(_entries(folder, path))
        except ConfigError as error:
            problems.extend(error.problems)
    entries.sort(key=lambda entry: entry.target.name)
    problems.extend(_duplicates(entries))
    if problems:
        raise ConfigError(problems)
    return chosen(entries, only)


def require_folder(folder: Path) -> None:
    """Refuse an environments folder that does not exist.

    Raises:
        TargetError: it does not.
    """
    if not folder.is_dir():
        raise TargetError(f"{folder}: the folder does not exist; targets are read from it; create it, or name another")


def chosen(entries: Sequence[TargetEntry], only: str) -> tuple[TargetEntry, ...]:
    """The target of a name, or all of them where it is empty.

    Raises:
        TargetError: there is no such target.
    """
    found = tuple(entry for entry in entries if only in ("", entry.target.name))
    if only and not found:
        known = named([entry.target.name for entry in entries])
        raise TargetError(f'target "{only}" does not exist; there are: {known}; name one of them')
    return found


def _refuse_misplaced(folder: Path) -> None:
    for path in sorted({*folder.rglob("*.yaml"), *folder.rglob("*.yml")}):
        shown = path.relative_to(folder)
        if shown.parts[0] == QUOTAS_FOLDER:
            if not _SNAPSHOT.fullmatch(shown.as_posix()):
                raise TargetError(
                    f"{shown.as_posix()}: the file has no effect; quota snapshots stand in "
                    "quotas/<account id>/<region>.yaml; move or rename it"
                )
            continue
        if shown.parts[0] == PRICES_FOLDER:
            if not _PRICE_TABLE.fullmatch(shown.as_posix()):
                raise TargetError(
                    f"{shown.as_posix()}: the file has no effect; price tables stand in prices/<region>.yaml; move or "
                    "rename it"
                )
            continue
        if shown.as_posix() == ROLLOUT_FILE:
            continue
        expected = _FILE_AT_DEPTH.get(len(shown.parts))
        if path.suffix == ".yml" or expected is None or expected not in ("", path.name):
            raise TargetError(
                f"{shown.as_posix()}: the file has no effect; there are defaults.yaml, rollout.yaml, "
                "<env>/environment.yaml, <env>/<account>/account.yaml and <env>/<account>/<region>.yaml; "
                "move or rename it"
            )


_SNAPSHOT = re.compile(rf"{QUOTAS_FOLDER}/\d{{12}}/{limits.REGION}\.yaml", re.ASCII)
_PRICE_TABLE = re.compile(rf"{PRICES_FOLDER}/{limits.REGION}\.yaml", re.ASCII)
_FILE_AT_DEPTH = {1: "defaults.yaml", 2: "environment.yaml", 3: ""}
"""Parts of a file's path → the name it has; any name stands where regions' files do."""


def _duplicates(entries: Iterable[TargetEntry]) -> Iterator[Problem]:
    """Two targets of one name would share a folder and a state."""
    for before, entry in pairwise(entries):
        if before.target.name == entry.target.name:
            yield Problem(
                entry.source,
                f'target "{entry.target.name}" is also made by {before.source}',
                "a target's name and state are its own",
                "change env, account, region or stack in one of them",
            )


def _region_files(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.glob("*/*/*.yaml")):
        if path.name != "account.yaml" and path.parent.parent.name != QUOTAS_FOLDER:
            yield path


def levels_of(folder: Path, path: Path) -> tuple[Path, ...]:
    """Files that a region's file is merged from, the most general first and itself last; each may be missing."""
    return folder / "defaults.yaml", path.parent.parent / "environment.yaml", path.parent / "account.yaml", path


def _entries(folder: Path, path: Path) -> Iterator[TargetEntry]:
    merged: dict[str, Any] = {}
    for level in levels_of(folder, path):
        merged = _merge(merged, _read(level, folder))
    source = path.relative_to(folder).as_posix()
    own_stacks = _read(path, folder).get("stacks") or {}
    merged_stacks = merged.pop("stacks", None) or {}
    problems = [
        Problem(source, f"{field} is not a field", "", "remove it, or check its spelling")
        for field in sorted(set(merged) - _TARGET_FIELDS)
    ]
    fields = {field: value for field, value in merged.items() if field in _TARGET_FIELDS}
    for stack in sorted(own_stacks):
        settings = {} if merged_stacks[stack] is None else merged_stacks[stack]
        try:
            target = Target.parse({**fields, "stack": stack}, where=source)
        except ConfigError as error:
            problems.extend(problem for problem in error.problems if problem not in problems)
            continue
        if not isinstance(settings, dict):
            given = f"stacks.{stack} is a {type(settings).__name__}"
            problems.append(Problem(source, given, "it maps settings to values", "correct it, or leave it empty"))
        if not problems:
            yield TargetEntry(target, settings, source)
    if problems:
        raise ConfigError(problems)


def _read(path: Path, folder: Path) -> dict[str, Any]:
    data = read_mapping(path, folder)
    stacks = data.get("stacks")
    if stacks is not None and not isinstance(stacks, dict):
        shown = path.relative_to(folder).as_posix()
        raise TargetError(f"{shown}: stacks is a {type(stacks).__name__}; it maps stack names to settings; correct it")
    return data


def read_mapping(path: Path, folder: Path) -> dict[str, Any]:
    """The mapping in a YAML file below the environments folder; empty where there is no such file.

    Raises:
        TargetError: the file is not YAML, or holds no mapping.
    """
    shown = path.relative_to(folder).as_posix()
    if not path.is_file():
        return {}
    try:
        data = yaml.load(path.read_text(encoding="utf-8"), Loader=_StrictLoader)  # noqa: S506  # a safe loader
    except (yaml.YAMLError, ValueError, KeyError, AttributeError) as error:  # the last three: values like !!bool x
        detail = " ".join(str(error).split()).replace('"<unicode string>", ', "")
        raise TargetError(f"{shown}: the file is not YAML ({detail}); correct it") from None
    if data is None:
        return {}
    if not isinstance(data, dict):
        raise TargetError(f"{shown}: the file holds a {type(data).__name__}; it holds a mapping of fields; correct it")
    return data


class _StrictLoader(yaml.SafeLoader):
    """YAML without what would be lost or mistaken in silence: double keys, keys that are no text, recursion."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:  # noqa: ARG002, FBT001, FBT002  # the parent's signature
        """A mapping from distinct strings; `deep`, so that a value inside itself is refused."""
        seen: set[str] = set()
        for key, _ in node.value:
            if key.tag == "tag:yaml.org,2002:merge":
                continue
            name = key.value if isinstance(key, yaml.ScalarNode) else "…"
            problem = f'the key "{name}" stands here twice' if name in seen else ""
            if key.tag != "tag:yaml.org,2002:str":
                problem = f'the key "{name}" is not text: write it in quotes'
            if problem:
                raise yaml.constructor.ConstructorError(None, None, problem, key.start_mark)
            seen.add(name)
        return super().construct_mapping(node, deep=True)


def _whole_mapping(loader: _StrictLoader, node: yaml.MappingNode) -> dict[Hashable, Any]:
    return loader.construct_mapping(node)


_StrictLoader.add_constructor("tag:yaml.org,2002:map", _whole_mapping)


def _merge(base: Mapping[str, Any], over: Mapping[str, Any]) -> dict[str, Any]:
    merged = dict(base)
    for key, value in over.items():
        before = merged.get(key)
        merged[key] = _merge(before, value) if isinstance(before, dict) and isinstance(value, dict) else value
    return merged
