"""One run: our own policies and Checkov's checks over plans and synthesized stacks, as one list of findings.

Nothing passes because it could not be judged: input without resources, a policy that fails itself and an id that no
check has are errors.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, date, datetime

from analysis.plan import Plan
from analysis.quotas import QuotaSnapshot
from modules.core.errors import PolicyError
from policies import checkov
from policies.baseline import Baseline
from policies.built_in import Report, Scan
from policies.catalogue import catalogue
from policies.exceptions import Framework, PolicyException, load_exceptions
from policies.finding import Place
from policies.gathered import Gathered
from policies.inputs import CheckInput
from policies.judging import judged
from policies.policy import Policy
from policies.result import CheckResult, Summary
from policies.skips import Skip
from policies.statuses import Statuses
from policies.view import Together, View

OWN, CHECKOV = "policies", "Checkov"
"""Parts of a run, as progress names them."""

Progress = Callable[[str, int, int], None]
"""Told a part of the run, how many inputs are done, and of how many."""


@dataclass(frozen=True)
class CheckOptions:
    """How a run judges.

    Attributes:
        exceptions: what is accepted; `policies/exceptions.yaml` where it is None.
        baseline: what stood before.
        quotas: quota snapshots by account and region.
        beside: plans that are not judged and take of the same quotas, by account and region.
        left_out: targets that are not judged, which the summary tells.
        is_complete: whether every target is judged.
        today: the day that support of runtimes and exceptions are judged by.
    """

    exceptions: tuple[PolicyException, ...] | None = None
    baseline: Baseline = field(default_factory=Baseline)
    quotas: Mapping[tuple[str, str], QuotaSnapshot] = field(default_factory=dict, repr=False)
    beside: Mapping[tuple[str, str], tuple[Plan, ...]] = field(default_factory=dict, repr=False)
    left_out: tuple[str, ...] = ()
    is_complete: bool = False
    today: date = field(default_factory=lambda: datetime.now(UTC).date())


def check(
    inputs: Sequence[CheckInput],
    options: CheckOptions | None = None,
    *,
    policies: Sequence[Policy] | None = None,
    scan: Scan | None = None,
    progress: Progress | None = None,
) -> CheckResult:
    """Judge inputs; several of one target are one in the result.

    Args:
        inputs: what is judged.
        options: how.
        policies: our own policies; the catalogue by default.
        scan: runs Checkov; `policies.checkov.scan` by default.
        progress: told how far the run is, from several threads.

    Raises:
        PolicyError: something could not be judged, and nothing is known then.
    """
    options = options or CheckOptions()
    own = catalogue() if policies is None else tuple(policies)
    exceptions = load_exceptions(today=options.today) if options.exceptions is None else options.exceptions
    _refuse_nothing(inputs, own)
    replaced = {built_in: policy.id for policy in own for built_in in policy.replaces}
    gathered, known, versions = Gathered(), {policy.id for policy in own}, set[str]()
    tell = progress or _silent
    with ThreadPoolExecutor(max_workers=1) as beside:  # Checkov is a process of its own, on a core of its own
        scanning = beside.submit(
            scan or checkov.scan,
            [entry.scanned for entry in inputs],
            without=sorted(replaced),
            progress=lambda done, total: tell(CHECKOV, done, total),
        )
        _judge(inputs, own, options, gathered, tell)
        reports = scanning.result()
    for entry, report in _paired(inputs, reports):
        known |= set(report.known)
        versions.add(report.checkov_version)
        gathered.add_report(entry, report)
    statuses = Statuses(_skips(inputs), exceptions, options.baseline)
    statuses.refuse_strangers(known)
    findings = gathered.findings(statuses, _places(inputs))
    targets = tuple(sorted({entry.target for entry in inputs}))
    summary = Summary(
        targets=targets,
        inputs=len(inputs),
        resources=len({(entry.target, address) for entry in inputs for address in entry.scanned.addresses}),
        policies=len(own),
        passed=gathered.passed,
        checkov=", ".join(sorted(versions)),
        left_out=tuple(sorted(options.left_out)),
        unneeded_skips=tuple(statuses.unneeded_skips(replaced)),
        unneeded_exceptions=tuple(
            statuses.unneeded_exceptions(_judged(inputs), replaced, is_complete=options.is_complete)
        ),
        gone=tuple(statuses.gone(targets)),
    )
    return CheckResult(findings, summary, {entry.target: entry.file for entry in inputs})


def _judge(
    inputs: Sequence[CheckInput],
    own: Sequence[Policy],
    options: CheckOptions,
    gathered: Gathered,
    tell: Progress,
) -> None:
    groups = _groups(inputs, options)
    for number, entry in enumerate(inputs):
        tell(OWN, number, len(inputs))
        group, together = groups.get((entry.account, entry.region), ({}, None))
        view = View(
            entry.plan,
            today=options.today,
            quotas=options.quotas,
            account=entry.account,
            region=entry.region,
            beside=tuple(plan for target, plan in group.items() if target != entry.target),
            together=together if group.get(entry.target) is entry.plan else None,
        )
        for policy, verdict in judged(view, own):
            gathered.add_verdict(entry, policy, verdict)
    tell(OWN, len(inputs), len(inputs))


def _groups(
    inputs: Sequence[CheckInput], options: CheckOptions
) -> dict[tuple[str, str], tuple[dict[str, Plan], Together]]:
    """One plan of each target by account and region, where both are known; a plan rather than synthesized JSON."""
    found = defaultdict[tuple[str, str], dict[str, Plan]](dict)
    for entry in sorted(inputs, key=lambda entry: entry.framework is Framework.TERRAFORM_PLAN):
        if entry.account and entry.region:
            found[entry.account, entry.region][entry.target] = entry.plan
    for place, plans in options.beside.items():
        found[place] |= {plan.source: plan for plan in plans}
    return {
        (account, region): (plans, Together(tuple(plans.values()), options.quotas, account, region))
        for (account, region), plans in found.items()
    }


def _refuse_nothing(inputs: Sequence[CheckInput], own: Sequence[Policy]) -> None:
    if not inputs:
        raise PolicyError("no input was given; a run over nothing proves nothing; name a plan or a synthesized stack")
    if not own:
        raise PolicyError("there is no policy; a run without policies proves nothing; restore policies/catalogue")
    for entry in inputs:
        if not entry.plan.of() or not entry.scanned.addresses:
            raise PolicyError(
                f"{entry.file or entry.target}: holds no resource; a run over nothing proves nothing; check that it is "
                "the right file, and that the plan is not one that destroys everything"
            )


def _paired(inputs: Sequence[CheckInput], reports: Sequence[Report]) -> Iterator[tuple[CheckInput, Report]]:
    given = [(entry.scanned.framework, entry.scanned.place) for entry in inputs]
    told = [(report.framework, report.place) for report in reports]
    if given != told:
        raise PolicyError(
            f"Checkov was given {len(given)} inputs and told of {len(told)}, or of others; a report that is missing "
            "proves nothing; run it again, and report it if it happens again"
        )
    yield from zip(inputs, reports, strict=True)


def _skips(inputs: Sequence[CheckInput]) -> dict[str, dict[str, tuple[Skip, ...]]]:
    found = defaultdict[str, dict[str, tuple[Skip, ...]]](dict)
    for entry in inputs:
        found[entry.target] |= entry.skips
    return found


def _places(inputs: Sequence[CheckInput]) -> dict[str, list[Mapping[str, Place]]]:
    found = defaultdict[str, list[Mapping[str, Place]]](list)
    for entry in inputs:
        found[entry.target].append(entry.places)
    return found


def _judged(inputs: Sequence[CheckInput]) -> dict[tuple[str, Framework], set[str]]:
    found = defaultdict[tuple[str, Framework], set[str]](set)
    for entry in inputs:
        found[entry.target, entry.framework] |= entry.scanned.addresses | entry.scanned.data_addresses
    return found


def _silent(part: str, done: int, total: int) -> None:
    """Nobody wants to know."""
