"""Targets that a change cannot have touched, told from the files that git says have changed.

A target is left out only where every changed file is known to be no part of it; in doubt it is judged.
"""

from __future__ import annotations

import subprocess
from collections.abc import Iterable, Sequence
from contextlib import suppress
from pathlib import Path

from analysis.cost.prices import FOLDER as PRICES_FOLDER
from analysis.quotas import FOLDER as QUOTAS_FOLDER
from modules.core.errors import TargetError
from rollout.targets import ROLLOUT_FILE, TargetEntry

_NO_PART = frozenset({"docs", "tests", "benchmarks", ".github", "cdktf.out"})
"""Folders of a project that nothing is synthesized from; in the last is what is."""

_HANDLERS = ("stacks", "handlers")
_TIMEOUT_SECONDS = 120


def changed_files(revision: str, project: Path) -> tuple[Path, ...]:
    """Files that differ from where the current branch left a revision: committed, not committed, and new ones.

    Raises:
        TargetError: git does not know the revision, or is not there.
    """
    top = Path(_git(project, "rev-parse", "--show-toplevel").strip())
    base = _git(project, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}").strip()
    with suppress(TargetError):  # no common commit, as in a shallow clone: all differences to the revision count
        base = _git(project, "merge-base", base, "HEAD").strip()
    names = _git(top, "diff", "--name-only", "--no-renames", "-z", base, "--")
    names += _git(top, "ls-files", "--others", "--exclude-standard", "-z")
    return tuple(sorted({top / name for name in names.split("\0") if name}))


def untouched_targets(
    files: Iterable[Path], entries: Sequence[TargetEntry], *, project: Path, environments: Path
) -> frozenset[str]:
    """Names of the targets that none of the files is a part of.

    Args:
        files: changed files, absolute.
        entries: every target.
        project: the project's folder, absolute.
        environments: the environments folder, absolute.
    """
    untouched = {entry.target.name: entry for entry in entries}
    for file in files:
        for name in [name for name, entry in untouched.items() if _may_touch(file, entry, project, environments)]:
            del untouched[name]
    return frozenset(untouched)


def _may_touch(file: Path, entry: TargetEntry, project: Path, environments: Path) -> bool:
    if file.is_relative_to(environments):
        return _configures(file.relative_to(environments).parts, entry)
    if not file.is_relative_to(project):
        return True
    parts = file.relative_to(project).parts
    if parts[: len(_HANDLERS)] == _HANDLERS and len(parts) > len(_HANDLERS) + 1:
        return parts[len(_HANDLERS)] == entry.target.stack
    return not (parts[0] in _NO_PART or (len(parts) == 1 and file.suffix == ".md"))


def _configures(parts: tuple[str, ...], entry: TargetEntry) -> bool:
    """Whether a file below the environments folder is read for a target; see `rollout.targets`."""
    source = Path(entry.source)
    if parts[0] == QUOTAS_FOLDER:
        return parts[1:] == (entry.target.account_id, f"{entry.target.region}.yaml")
    if parts[0] in (PRICES_FOLDER, "schema.json", "rollout.schema.json", ROLLOUT_FILE):
        return False
    if parts[-1] == "environment.yaml":
        return parts[:-1] == source.parts[:1]
    if parts[-1] == "account.yaml":
        return parts[:-1] == source.parts[:2]
    if len(parts) == len(source.parts):
        return parts == source.parts
    return True


def _git(folder: Path, *arguments: str) -> str:
    command = ("git", "-C", str(folder), *arguments)
    try:
        finished = subprocess.run(command, capture_output=True, text=True, check=False, timeout=_TIMEOUT_SECONDS)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise TargetError(
            f"git could not be asked what has changed ({error}); install git, or judge all targets"
        ) from None
    if finished.returncode:
        said = " ".join(finished.stderr.split()) or f"exit code {finished.returncode}"
        raise TargetError(
            f"git {' '.join(arguments)}: {said}; --changed-since takes a commit, branch or tag that this clone holds; "
            "fetch it, or name another"
        )
    return finished.stdout
