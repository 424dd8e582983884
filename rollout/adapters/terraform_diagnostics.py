"""What Terraform says went wrong, as whole sentences."""

from __future__ import annotations

import re
import signal
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from modules.core.errors import PlanError

_LOCATION = re.compile(r"^on (?P<file>\S+) line (?P<line>\d+)(?:, in (?P<context>[^:]+))?:$")
_DIAGNOSTIC = re.compile(r"^(?=(?:Error|Warning): )", re.MULTILINE)
_FAREWELL = re.compile(r"^\w+ has been successfully initialized!", re.MULTILINE)
_SOURCE = re.compile(r"^\s*\d+: ")
_PROVIDER_CRASHES = (
    "plugin did not respond",
    "plugin crash",
    "from the terraform-provider",
    "unexpected eof",
)
_PREAMBLE = "encountered problems during initiali"  # announces the errors below it, says nothing itself
_NO_PROVIDER = ("failed to query available provider packages", "failed to install provider")
_LOCK_ID = re.compile(r"^\s*ID:\s+(\S+)$", re.MULTILINE)
_LOCK_WHO = re.compile(r"^\s*Who:\s+(\S+)$", re.MULTILINE)
_TAIL_CHARACTERS = 600


@dataclass(frozen=True)
class Diagnostic:
    """One error or warning of Terraform's.

    Attributes:
        severity: `error` or `warning`.
        address: the resource it belongs to; empty when Terraform names none.
        place: file and line in the configuration, such as `cdk.tf.json line 12`; may be empty.
    """

    severity: str
    summary: str
    detail: str = ""
    address: str = ""
    place: str = ""

    def __str__(self) -> str:
        """The sentence: `address (place): summary. detail`, on one line."""
        where = f"{self.address} ({self.place})" if self.address and self.place else self.address or self.place
        said = " ".join(_sentence(part) for part in (self.summary, self.detail) if part.strip())
        return f"{where}: {said}" if where else said

    @classmethod
    def from_json(cls, raw: Mapping[str, Any]) -> Diagnostic:
        """From a diagnostic of the `-json` output."""
        snippet, location = raw.get("snippet") or {}, raw.get("range") or {}
        line = (location.get("start") or {}).get("line")
        return cls(
            severity=str(raw.get("severity", "error")),
            summary=str(raw.get("summary", "")),
            detail=str(raw.get("detail", "")),
            address=str(raw.get("address") or (snippet.get("context") or "").removeprefix("resource.")),
            place=f"{location['filename']} line {line}" if location.get("filename") and line else "",
        )


class TerraformError(PlanError):
    """A Terraform command failed.

    Attributes:
        command: the subcommand, such as `plan`.
        diagnostics: the errors Terraform gave; may be empty when it crashed.
        was_interrupted: whether it was told to stop.
    """

    def __init__(
        self, message: str, *, command: str, diagnostics: Iterable[Diagnostic] = (), was_interrupted: bool = False
    ) -> None:
        super().__init__(message)
        self.command = command
        self.was_interrupted = was_interrupted
        self.diagnostics = tuple(diagnostics)


def _sentence(text: str) -> str:
    one_line = " ".join(text.split())
    return one_line if one_line.endswith((".", "?", "!")) else f"{one_line}."


def diagnostics_in_text(text: str) -> list[Diagnostic]:
    """The diagnostics in Terraform's output for people, as commands without `-json` print it."""
    found: list[Diagnostic] = []
    told = _FAREWELL.split(text, maxsplit=1)[0]
    for block in _DIAGNOSTIC.split(told)[1:]:
        title, _, rest = block.partition("\n\n")
        severity, _, summary = title.partition(": ")
        address = place = ""
        detail: list[str] = []
        for line in rest.splitlines():
            if match := _LOCATION.match(line.strip()):
                place = f"{match['file']} line {match['line']}"
                address = (match["context"] or "").removeprefix("resource.")
            elif not _SOURCE.match(line):
                detail.append(line)
        found.append(Diagnostic(severity.lower(), " ".join(summary.split()), "\n".join(detail), address, place))
    return found


def failure(
    *,
    command: str,
    folder: str,
    returncode: int,
    diagnostics: Iterable[Diagnostic],
    output: str,
    provider_source: str,
) -> TerraformError:
    """The error for a command that ended with `returncode`: what failed, why, and what to do."""
    errors = tuple(dict.fromkeys(item for item in diagnostics if item.severity == "error"))
    errors = tuple(item for item in errors if _PREAMBLE not in item.summary) or errors
    start = f'terraform {command} in "{folder}" failed'
    if errors:
        told = [f"{start}: {errors[0]}", *map(str, errors[1:])]
    elif returncode < 0:
        told = [f"{start}: {_killed_by(-returncode)}."]
    else:
        tail = " ".join(output[-_TAIL_CHARACTERS:].split())
        told = [f"{start} with exit code {returncode} and gave no diagnostic; {_last_words(tail)}."]
    everything = "\n".join((*(f"{item.summary}\n{item.detail}" for item in errors), output))
    told.extend(_advice(everything, provider_source))
    return TerraformError("\n".join(told), command=command, diagnostics=errors)


def _last_words(tail: str) -> str:
    return f"its output ends with: {tail.rstrip('.')}" if tail else "it printed nothing at all"


def _killed_by(number: int) -> str:
    name = signal.Signals(number).name if number in set(signal.Signals) else "unknown"
    memory = "; most often the machine ran out of memory" if number == signal.SIGKILL else ""
    return f"it was killed from outside by signal {number} ({name}){memory}"


def _advice(everything: str, provider_source: str) -> list[str]:
    lowered = everything.lower()
    advice = []
    if "error acquiring the state lock" in lowered:
        identity, who = _LOCK_ID.search(everything), _LOCK_WHO.search(everything)
        advice.append(
            f"Another run{f' ({who[1]})' if who else ''} holds the lock of this state; wait until it has "
            "ended, or, if it is surely dead, release the lock with "
            f"`terraform force-unlock {identity[1] if identity else 'ID'}`."
        )
    if any(text in lowered for text in _PROVIDER_CRASHES):
        advice.append(
            "The provider's process died in the middle of its work: a bug in the provider or a lack of "
            "memory, not an error in the configuration; run the command again, and report it with the "
            "provider's version if it comes back."
        )
    if any(text in lowered for text in _NO_PROVIDER):
        advice.append(provider_source)
    return advice
