"""Names that become parts of paths and keys."""

from __future__ import annotations

import re

from rollout.domain.errors import StoreError

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
