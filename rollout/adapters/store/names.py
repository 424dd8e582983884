"""Names that become parts of paths and keys, and what is said where they lead nowhere."""

from __future__ import annotations

import json
import re

from rollout.adapters.store.encryption import file_of
from rollout.domain.errors import MissingPartError, StoreError
from rollout.domain.model import Run
from rollout.domain.ports import Part
from rollout.domain.serialized import run_from_json

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,127}", re.ASCII)
LATEST = "latest"


def checked(what: str, name: str) -> str:
    """The name, where it can stand in a path.

    Args:
        what: what it names: `run` or `target`.
        name: the name.

    Raises:
        StoreError: it cannot.
    """
    if not _NAME.fullmatch(name):
        raise StoreError(
            f'{what} "{name}": this is no name of a {what}; it takes 1 to 128 letters, digits and characters of ._-, a '
            "letter or digit first; `lambdanet rollout runs` lists the runs"
        )
    return name


def no_run(run_id: str, place: str) -> StoreError:
    """What is said of a run that is not there."""
    if run_id == LATEST:
        return StoreError(f"{place}: there is no run yet; plan one with `lambdanet rollout plan`")
    return StoreError(f"run {run_id}: is not in {place}; `lambdanet rollout runs` lists what is; name one of them")


def run_exists(run_id: str, place: str) -> StoreError:
    """What is said of a run that is there already."""
    return StoreError(f"run {run_id}: exists in {place} already; a run is never replaced; plan again")


def named_latest() -> StoreError:
    """What is said of a new run with the name of the newest one."""
    return StoreError(f"run {LATEST}: names the newest run; a run has another id; plan again")


def missing(run_id: str, target: str, part: Part) -> MissingPartError:
    """What is said of a file that is not there."""
    what = file_of(run_id, target, part)
    if part is Part.ROOT:
        return MissingPartError(
            f"{what}: is missing; a target is planned from it, and it is kept first; plan a new run"
        )
    return MissingPartError(f"{what}: is missing; a target is applied from its plan; plan it again")


def run_of(content: bytes, place: str, run_id: str) -> Run:
    """The run that a file holds.

    Raises:
        StoreError: it holds none, or another.
    """
    try:
        data = json.loads(content)
    except ValueError as error:
        raise StoreError(f"{place}: is no JSON; it was changed; plan a new run") from error
    run = run_from_json(data, where=f"run {run_id}")
    if run.id != run_id:
        raise StoreError(f"{place}: holds run {run.id}; it was put in another one's place; plan a new run")
    return run
