"""What `lambdanet check` judges: what it is given, or targets that it synthesizes first."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from cli.terminal import errors
from modules.core.errors import TargetError

if TYPE_CHECKING:
    from analysis.plan import Plan
    from policies.inputs import CheckInput
    from rollout.targets import TargetEntry

OUT = Path("cdktf.out")
"""Where targets are synthesized, as `lambdanet synth` does."""


@dataclass(frozen=True)
class Wanted:
    """What the command line asks for.

    Attributes:
        paths: plans, stacks and folders; a target's name where no such path exists.
        targets: names of targets.
        environments: folder that targets are read from.
        changed_since: a commit; empty to leave nothing out.
    """

    paths: tuple[Path, ...]
    targets: tuple[str, ...]
    environments: Path
    changed_since: str = ""


@dataclass(frozen=True)
class Chosen:
    """What is judged.

    Attributes:
        inputs: it.
        left_out: targets that are not judged, as nothing that they are made of has changed.
        beside: plans of these that take of the same quotas, by account and region.
        is_complete: whether these are all targets.
    """

    inputs: tuple[CheckInput, ...]
    left_out: tuple[str, ...] = ()
    beside: dict[tuple[str, str], tuple[Plan, ...]] = field(default_factory=dict)
    is_complete: bool = False


def chosen_inputs(wanted: Wanted) -> Chosen:
    """Find, synthesize and read what is wanted.

    Raises:
        SuiteError: some of it does not exist or cannot be read.
    """
    from policies.inputs import find_inputs, read_input  # noqa: PLC0415  # loads the calculators

    entries = _entries(wanted)
    names = [*wanted.targets, *(str(path) for path in wanted.paths if _is_target(path, entries))]
    paths = [path for path in wanted.paths if not _is_target(path, entries)]
    if strangers := sorted(set(names) - {entry.target.name for entry in entries}):
        known = ", ".join(entry.target.name for entry in entries) or "none"
        raise TargetError(f'target "{strangers[0]}" does not exist; there are: {known}; name one of them')
    all_targets = not paths and not names
    given = find_inputs(paths)
    untouched = _untouched(wanted, entries, {entry.path.resolve() for entry in given})
    listed = [entry for entry in entries if all_targets or entry.target.name in names]
    touched = [entry for entry in listed if entry.target.name not in untouched]
    stacks = _synthesized(wanted.environments, touched, alone=len(listed) == 1) if touched else None
    own = [stacks / entry.target.name for entry in touched] if stacks is not None else []
    found = find_inputs([*paths, *own]) if own else given
    judged = [entry for entry in found if entry.target not in untouched]
    left_out = {entry.target.name for entry in listed if entry not in touched}
    left_out |= {entry.target for entry in found if entry.target in untouched}
    return Chosen(
        tuple(read_input(entry) for entry in judged),
        tuple(sorted(left_out)),
        {} if stacks is None else _beside(stacks, [entry for entry in listed if entry not in touched], touched),
        all_targets and not left_out,
    )


def _entries(wanted: Wanted) -> Sequence[TargetEntry]:
    """Every target; none in a folder without an environments folder, where only paths can be judged."""
    from rollout.targets import read_targets  # noqa: PLC0415  # only where there are targets

    if wanted.paths and not wanted.environments.is_dir():
        return ()
    return read_targets(wanted.environments)


def _is_target(path: Path, entries: Iterable[TargetEntry]) -> bool:
    return not path.exists() and any(entry.target.name == str(path) for entry in entries)


def _untouched(wanted: Wanted, entries: Sequence[TargetEntry], judged: Collection[Path]) -> frozenset[str]:
    """Targets that are left out; plans that are judged themselves are new files and no part of any."""
    if not wanted.changed_since:
        return frozenset()
    from cli.changed_targets import changed_files, untouched_targets  # noqa: PLC0415  # only where it is asked for

    project = Path.cwd()
    files = [file for file in changed_files(wanted.changed_since, project) if file.resolve() not in judged]
    return untouched_targets(files, entries, project=project, environments=wanted.environments.resolve())


def _synthesized(environments: Path, touched: Sequence[TargetEntry], *, alone: bool) -> Path:
    from rollout.adapters.synth import synthesize  # noqa: PLC0415  # only where something is synthesized

    only = touched[0].target.name if alone else ""
    with errors.status("synthesizing"):
        return synthesize(OUT, project=Path.cwd(), environments=environments, target=only)


def _beside(
    stacks: Path, left_out: Sequence[TargetEntry], touched: Sequence[TargetEntry]
) -> dict[tuple[str, str], tuple[Plan, ...]]:
    """What was synthesized and is not judged takes of the quotas of its account and region all the same."""
    from analysis.plan import read_synthesized  # noqa: PLC0415  # see above

    wanted = {(entry.target.account_id, entry.target.region) for entry in touched}
    found = defaultdict[tuple[str, str], list["Plan"]](list)
    for entry in left_out:
        place = (entry.target.account_id, entry.target.region)
        if place in wanted:
            found[place].append(read_synthesized(stacks / entry.target.name))
    return {place: tuple(plans) for place, plans in found.items()}
