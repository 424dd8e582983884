"""What a finding's status is: failed or unknown, unless a skip, an exception or the baseline stands for it."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from modules.core.errors import PolicyError
from policies.baseline import Baseline, Entry
from policies.exceptions import Framework, Kind, PolicyException
from policies.finding import Finding, Status
from policies.skips import Skip, Skips

_KEY = re.compile(r'\[(?:\d+|"(?:[^"\\]|\\.)*")\]')


def without_keys(address: str) -> str:
    """An address without instance keys: `aws_sqs_queue.jobs` for `aws_sqs_queue.jobs["eu"]`."""
    return _KEY.sub("", address)


@dataclass
class Statuses:
    """Gives findings their status, and keeps what was needed for it.

    Attributes:
        skips: by target.
        exceptions: those that may be needed.
        baseline: what stood before.
    """

    skips: Mapping[str, Skips]
    exceptions: tuple[PolicyException, ...]
    baseline: Baseline
    _skipped: set[tuple[str, str, Skip]] = field(default_factory=set)
    _excepted: set[tuple[PolicyException, Framework]] = field(default_factory=set)
    _standing: set[Entry] = field(default_factory=set)

    def of(self, finding: Finding, frameworks: Collection[Framework]) -> Finding:
        """The finding with its status and the reason for it.

        Args:
            finding: one that failed or is unknown.
            frameworks: in which inputs it is; an exception must stand for each of them.
        """
        address = without_keys(finding.resource)
        if skip := self._skip(finding, address):
            self._skipped.add((finding.target, address, skip))
            return replace(finding, status=Status.SKIPPED, reason=skip.reason)
        covering = {framework: self._exception(finding, framework, address) for framework in frameworks}
        self._excepted |= {(entry, framework) for framework, entry in covering.items() if entry is not None}
        found = [entry for entry in covering.values() if entry is not None]
        if found and len(found) == len(covering):
            told = dict.fromkeys(f"{item.reason} (owner {item.owner}, until {item.expires})" for item in found)
            return replace(finding, status=Status.EXCEPTED, reason=" ".join(told))
        if entry := self.baseline.holds(finding):
            self._standing.add(entry)
            return replace(finding, status=Status.BASELINE, reason="it stood in the baseline")
        return finding

    def unneeded_skips(self, replaced: Mapping[str, str]) -> Iterator[str]:
        """A sentence for each skip that no finding needed.

        Args:
            replaced: our policy that stands for a check of Checkov, by the check's id.
        """
        for target, address, skip in sorted(self._every_skip()):
            if (target, address, skip) not in self._skipped:
                own = replaced.get(skip.id)
                why = f"{own} is judged in its place" if own else "no finding needs it"
                yield f"{target} {address}: {skip.id} is skipped, and {why}; take the skip out"

    def unneeded_exceptions(
        self,
        judged: Mapping[tuple[str, Framework], Collection[str]],
        replaced: Mapping[str, str],
        *,
        is_complete: bool,
    ) -> Iterator[str]:
        """A sentence for each exception that the run could have needed and did not.

        Args:
            judged: addresses by target and framework.
            replaced: our policy that stands for a check of Checkov, by the check's id; a defect of such a check is
                passed over, as only scans without our policies meet it.
            is_complete: whether every target was judged, so that a resource which is in none is nowhere.
        """
        for exception in self.exceptions:
            if own := replaced.get(exception.check):
                if exception.kind is Kind.ACCEPTED:
                    yield (
                        f"exceptions: {exception} has no effect, as {own} is judged in its place; remove it, or name "
                        f"{own} where its findings are accepted"
                    )
                continue
            for framework in exception.frameworks:
                if (exception, framework) not in self._excepted and _could_need(
                    exception, framework, judged, is_complete=is_complete
                ):
                    yield (
                        f"exceptions: {exception} is needed by no finding in {framework}; an exception that is not "
                        "needed hides the next real finding; remove it, or narrow it"
                    )

    def gone(self, targets: Collection[str]) -> Iterator[str]:
        """Findings of the baseline that the judged targets have no more."""
        yield from (str(entry) for entry in self.baseline.gone(self._standing, targets))

    def refuse_strangers(self, known: Collection[str]) -> None:
        """Refuse ids that no check has.

        Raises:
            PolicyError: with a sentence for each.
        """
        problems = [
            f"{target} {address}: {skip.id} is skipped; no check has this id; correct it, or take the skip out"
            for target, address, skip in sorted(self._every_skip())
            if skip.id not in known
        ]
        problems += [
            f"exceptions: {entry}: no check has this id; correct it, or remove the exception"
            for entry in self.exceptions
            if entry.check not in known
        ]
        problems += [
            f"baseline: {entry}: no check has this id; write the baseline again"
            for entry in self.baseline.entries
            if entry.check not in known
        ]
        if problems:
            raise PolicyError("\n".join(problems))

    def _every_skip(self) -> set[tuple[str, str, Skip]]:
        return {
            (target, address, skip)
            for target, by_address in self.skips.items()
            for address, skips in by_address.items()
            for skip in skips
        }

    def _skip(self, finding: Finding, address: str) -> Skip | None:
        skips: Iterable[Skip] = self.skips.get(finding.target, {}).get(address, ())
        return next((skip for skip in skips if skip.id == finding.id), None)

    def _exception(self, finding: Finding, framework: Framework, address: str) -> PolicyException | None:
        spellings = (finding.resource, address)
        return next(
            (entry for entry in self.exceptions if entry.covers(finding.id, framework, spellings, finding.target)), None
        )


def _could_need(
    exception: PolicyException,
    framework: Framework,
    judged: Mapping[tuple[str, Framework], Collection[str]],
    *,
    is_complete: bool,
) -> bool:
    concerned = [
        addresses for (target, kind), addresses in judged.items() if kind is framework and exception.concerns(target)
    ]
    matching = any(exception.matches({address, without_keys(address)}) for found in concerned for address in found)
    return matching or (bool(concerned) and is_complete and exception.kind is Kind.ACCEPTED)
