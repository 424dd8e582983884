"""Findings as SARIF 2.1.0, for code scanning."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from importlib.metadata import version
from typing import Any
from urllib.parse import quote

from cli.check_formats import Told
from policies.catalogue import catalogue
from policies.finding import Finding, Status
from policies.policy import Policy, Severity

_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_LEVELS = {Severity.CRITICAL: "error", Severity.HIGH: "error", Severity.MEDIUM: "warning", Severity.LOW: "note"}
_SCORES = {Severity.CRITICAL: "9.5", Severity.HIGH: "8.0", Severity.MEDIUM: "5.5", Severity.LOW: "2.0"}
"""GitHub shows a result as critical above 9.0, high from 7.0, medium from 4.0 and low below that."""

_KINDS = {Status.SKIPPED: "inSource", Status.EXCEPTED: "external", Status.BASELINE: "external"}


def sarif(told: Told) -> str:
    """The document. Results that are accepted are in it, suppressed and with the reason."""
    own = {policy.id: policy for policy in catalogue()}
    first: dict[str, Finding] = {}
    for finding in told.result.findings:
        first.setdefault(finding.id, finding)
    order = {name: index for index, name in enumerate(sorted(first))}
    document = {
        "$schema": _SCHEMA,
        "version": "2.1.0",
        "runs": [
            {
                "tool": {
                    "driver": {
                        "name": "lambdanet",
                        "semanticVersion": version("lambdanet"),
                        "rules": [_rule(first[name], own.get(name)) for name in order],
                    }
                },
                "automationDetails": {"id": "lambdanet/"},
                "columnKind": "unicodeCodePoints",
                "invocations": [{"executionSuccessful": True}],
                "results": [_result(told, finding, order) for finding in told.result.findings],
            }
        ],
    }
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def _rule(finding: Finding, policy: Policy | None) -> dict[str, Any]:
    why = policy.why if policy else f"A check of Checkov: {finding.title}."
    fix = policy.fix if policy else "Set what the check asks for, or skip it with a reason."
    parts = [why, fix, *([f"Source: {policy.source}."] if policy else [])]
    return {
        "id": finding.id,
        "shortDescription": {"text": finding.title or finding.id},
        "fullDescription": {"text": why},
        "help": {"text": " ".join(parts), "markdown": "\n\n".join(parts)},
        "defaultConfiguration": {"level": _LEVELS[finding.severity]},
        "properties": {"security-severity": _SCORES[finding.severity], "tags": ["security", "terraform"]},
    }


def _result(told: Told, finding: Finding, order: Mapping[str, int]) -> dict[str, Any]:
    is_open = finding.status is Status.UNKNOWN
    result: dict[str, Any] = {
        "ruleId": finding.id,
        "ruleIndex": order[finding.id],
        "kind": "open" if is_open else "fail",
        "level": "none" if is_open else _LEVELS[finding.severity],
        "message": {"text": f"{finding.resource} of {finding.target}: {finding.message}; {finding.fix}."},
        "locations": [_location(told, finding)],
        "partialFingerprints": _fingerprints(finding),
        "suppressions": [],
    }
    if kind := _KINDS.get(finding.status):
        result["suppressions"] = [{"kind": kind, "status": "accepted", "justification": finding.reason}]
    return result


def _location(told: Told, finding: Finding) -> dict[str, Any]:
    location: dict[str, Any] = {
        "logicalLocations": [
            {
                "name": finding.resource,
                "fullyQualifiedName": f"{finding.target}/{finding.resource}",
                "kind": "resource",
            }
        ]
    }
    if place := told.result.place_of(finding):
        absolute = place.file.startswith("/")
        uri = quote(place.file, safe="/")
        location["physicalLocation"] = {
            "artifactLocation": {"uri": f"file://{uri}"} if absolute else {"uri": uri, "uriBaseId": "%SRCROOT%"},
            "region": {"startLine": place.line},
        }
    return location


def _fingerprints(finding: Finding) -> dict[str, str]:
    """What a result is known by when lines move: the check, the target and the resource."""
    named = f"{finding.id}\n{finding.target}\n{finding.resource}"
    digest = hashlib.sha256(named.encode()).hexdigest()[:32]
    return {"lambdanet/v1": digest, "primaryLocationLineHash": f"{digest}:1"}  # GitHub goes by the second
