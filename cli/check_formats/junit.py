"""Findings as JUnit XML: a suite for each target, a case for each finding."""

from __future__ import annotations

import re
from collections import defaultdict
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from cli.check_formats import Told
from policies.finding import Finding, Status

_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def junit(told: Told) -> str:
    """The XML: what stops a change is a failure, everything else that was found is skipped, with the reason.

    A target without findings has one case that passes, as readers take an empty suite for an error.
    """
    by_target = defaultdict[str, list[Finding]](list)
    for finding in told.result.findings:
        by_target[finding.target].append(finding)
    root = Element("testsuites", name="lambdanet check")
    for target in told.result.summary.targets:
        found = by_target[target]
        failures = sum(entry in told.stopping for entry in found)
        suite = SubElement(
            root,
            "testsuite",
            name=_clean(target),
            tests=str(len(found) + 1),
            failures=str(failures),
            errors="0",
            skipped=str(len(found) - failures),
        )
        SubElement(suite, "testcase", classname=_clean(target), name="every check was judged")
        for finding in found:
            _add(suite, finding, stops=finding in told.stopping)
    indent(root)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{tostring(root, encoding="unicode")}\n'


def _add(suite: Element, finding: Finding, *, stops: bool) -> None:
    case = SubElement(
        suite,
        "testcase",
        classname=_clean(f"{finding.target}.{finding.resource}"),
        name=_clean(f"{finding.id} {finding.title}"),
    )
    if finding.place is not None:
        case.set("file", _clean(finding.place.file))
        case.set("line", str(finding.place.line))
    if stops:
        failure = SubElement(case, "failure", type=str(finding.severity), message=_clean(finding.message))
        failure.text = _clean(f"{finding.resource}: {finding.message}\n{finding.fix}")
    else:
        why = finding.message if finding.status in (Status.FAILED, Status.UNKNOWN) else finding.reason
        SubElement(case, "skipped", message=_clean(f"{finding.status}: {why}"))


def _clean(text: str) -> str:
    return _NOT_XML.sub("�", text)
