"""Every policy of the catalogue as a check of the stock Checkov, by one class.

A policy judges a whole plan, a check one resource: the scanned file is read once, each policy judges it once, and each
check answers from that. Checkov goes on after a check that fails, and ends with exit code 0; these end it, with 2.
"""

from __future__ import annotations

import inspect
import sys
from collections.abc import Callable
from contextvars import ContextVar
from functools import cache, wraps
from pathlib import Path
from typing import Any, NoReturn

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))  # Checkov is started from anywhere

from checkov.common.bridgecrew.severities import Severities
from checkov.common.models.enums import CheckCategories, CheckResult
from checkov.terraform.checks.resource.base_resource_check import BaseResourceCheck
from checkov.terraform.plan_runner import Runner as PlanRunner
from checkov.terraform_json.runner import TerraformJsonRunner

from modules.core.errors import SuiteError
from policies.catalogue import catalogue
from policies.exceptions import Framework
from policies.inputs import CheckInput, find_inputs, read_input
from policies.judging import judged
from policies.policy import Outcome, Policy, Verdict
from policies.view import View

_RESULTS = {
    Outcome.PASSED: CheckResult.PASSED,
    Outcome.FAILED: CheckResult.FAILED,
    Outcome.UNKNOWN: CheckResult.UNKNOWN,
}
_RANKS = (Outcome.FAILED, Outcome.UNKNOWN, Outcome.PASSED)
_ADDRESS = "__address__"
_file: ContextVar[Path | None] = ContextVar("file", default=None)
"""The file that Checkov is scanning; None in other frameworks, which policies do not judge."""


class PolicyCheck(BaseResourceCheck):  # type: ignore[misc]  # untyped, of another environment
    """A policy on each resource of its types."""

    def __init__(self, policy: Policy) -> None:
        """Register it."""
        self.policy = policy
        super().__init__(policy.title, policy.id, (CheckCategories.GENERAL_SECURITY,), policy.types, policy.fix)
        self.severity = Severities[policy.severity.name]

    def run(
        self,
        scanned_file: str,  # noqa: ARG002  # below the scanned folder, which is not told
        entity_configuration: dict[str, Any],
        entity_name: str,
        entity_type: str,
        skip_info: dict[str, Any],
    ) -> dict[str, Any]:
        """What the policy says of the resource."""
        self.details: list[str] = []
        result: dict[str, Any] = {"result": CheckResult.UNKNOWN, "evaluated_keys": []}
        if skip_info:
            return {"result": CheckResult.SKIPPED, "suppress_comment": skip_info["suppress_comment"]}
        if (file := _file.get()) is None:
            return result
        try:
            given = _input(file, file.stat().st_mtime_ns)
            address = entity_configuration.get(_ADDRESS) or f"{entity_type}.{entity_name}"
            for skip in given.skips.get(_base(address), ()):
                if skip.id == self.id:
                    return {"result": CheckResult.SKIPPED, "suppress_comment": skip.reason}
            if verdict := _verdicts(file, file.stat().st_mtime_ns, self.id).get(address):
                result["result"] = _RESULTS[verdict.outcome]
                if verdict.message:
                    self.details = [f"{verdict.address}: {verdict.message}; {verdict.fix or self.policy.fix}"]
        except (OSError, SuiteError) as error:
            _end(str(error))
        return result

    def scan_resource_conf(self, conf: dict[str, Any]) -> CheckResult:
        """Never asked: `run` answers."""
        raise NotImplementedError


@cache
def _input(file: Path, changed: int) -> CheckInput:  # noqa: ARG001  # a file that changes is read again
    (found,) = find_inputs([file])
    return read_input(found)


@cache
def _view(file: Path, changed: int) -> View:
    given = _input(file, changed)
    return View(given.plan, account=given.account, region=given.region)


@cache
def _verdicts(file: Path, changed: int, name: str) -> dict[str, Verdict]:
    """The verdicts of one policy by address; of the instances of a block in synthesized JSON the worst."""
    policies = [policy for policy in catalogue() if policy.id == name]
    verdicts = [verdict for _, verdict in judged(_view(file, changed), policies)]
    if _input(file, changed).framework is Framework.TERRAFORM_PLAN:
        return {verdict.address: verdict for verdict in verdicts}
    best_first = sorted(verdicts, key=lambda verdict: _RANKS.index(verdict.outcome), reverse=True)
    return {_base(verdict.address): verdict for verdict in best_first}


def _base(address: str) -> str:
    """An address without the key of its last instance."""
    return address.rpartition("[")[0] if address.endswith("]") else address


def _end(sentence: str) -> NoReturn:
    """End Checkov, which would go on after any other exception."""
    sys.stderr.write(f"{sentence}\n")
    raise SystemExit(2)


def _telling(run_block: Callable[..., None]) -> Callable[..., None]:
    """A runner's `run_block` that tells the file which it scans."""
    signature = inspect.signature(run_block)

    @wraps(run_block)
    def told(*args: Any, **kwargs: Any) -> None:
        token = _file.set(Path(signature.bind(*args, **kwargs).arguments["full_file_path"]).absolute())
        try:
            run_block(*args, **kwargs)
        finally:
            _file.reset(token)

    return told


for _runner in (PlanRunner, TerraformJsonRunner):
    _runner.run_block = _telling(_runner.run_block)
try:
    CHECKS = [PolicyCheck(policy) for policy in catalogue()]
except SuiteError as _error:
    _end(str(_error))
