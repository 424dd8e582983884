"""Why a unit failed, as one sentence that may stand in a journal: no credential, no sensitive value."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from modules.core.errors import SuiteError
from rollout.adapters.terraform_diagnostics import TerraformError
from rollout.domain.semantic import Comparison
from rollout.review.masking import Mask, sensitive_texts

_MOST_CHARACTERS = 2_000
_MOST_DIFFERENCES = 5
_LOCK_SUMMARY = "Error acquiring the state lock"
_STALE = frozenset({"Saved plan is stale", "Saved plan does not match the given state"})
_LOCK_FIELDS = {
    name: re.compile(rf"^\s*{name}:\s+(\S.*)$", re.MULTILINE) for name in ("ID", "Who", "Operation", "Created")
}


def is_stale(error: SuiteError) -> bool:
    """Whether Terraform refused a saved plan because the state has changed since."""
    return isinstance(error, TerraformError) and any(item.summary in _STALE for item in error.diagnostics)


def reason_of(
    error: SuiteError,
    *,
    target: str,
    lock_wait_seconds: float,
    secrets: Iterable[str],
    documents: Iterable[Mapping[str, Any]] = (),
) -> str:
    """The sentence.

    Args:
        error: what went wrong.
        target: name of the target.
        lock_wait_seconds: how long a lock was waited for.
        secrets: credentials, which are taken out.
        documents: plans whose sensitive values are taken out.
    """
    sentence = _locked(error, target, lock_wait_seconds) or " ".join(str(error).split())
    hidden = {text for text in secrets if text}
    for document in documents:
        hidden |= sensitive_texts(document)
    told = Mask(hidden).text(sentence)
    return told if len(told) <= _MOST_CHARACTERS else f"{told[: _MOST_CHARACTERS - 1]}…"


def otherwise(target: str, comparison: Comparison) -> str:
    """Why a target whose plan was stale is not applied."""
    told = "; ".join(comparison.differences[:_MOST_DIFFERENCES])
    more = len(comparison.differences) - _MOST_DIFFERENCES
    return (
        f"{target}: its state has changed since it was planned, and planned again it is not what was reviewed: {told}"
        f"{f'; and {more} more' if more > 0 else ''}; plan it again and review it"
    )


def _locked(error: SuiteError, target: str, lock_wait_seconds: float) -> str:
    if not isinstance(error, TerraformError):
        return ""
    details = [item.detail for item in error.diagnostics if item.summary == _LOCK_SUMMARY]
    if not details or not (identity := _LOCK_FIELDS["ID"].search(details[0])):
        return ""
    told = {name: found[1].strip() for name, field in _LOCK_FIELDS.items() if (found := field.search(details[0]))}
    who = f" by {told['Who']}" if "Who" in told else ""
    since = f" since {told['Created']}" if "Created" in told else ""
    return (
        f"{target}: its state is locked{who}{since}, and still was after {lock_wait_seconds:g} seconds; wait until "
        "that has ended, or, where it is surely dead, release the lock with `lambdanet rollout unlock "
        f"{target} --lock-id {identity[1].strip()} --reason …`, then resume"
    )
