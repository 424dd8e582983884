"""All that a plan's triggers will be refused for, or fail at."""

from __future__ import annotations

from analysis.finding import Finding
from analysis.plan import Plan
from analysis.triggers.queues import queue_findings
from analysis.triggers.urls import url_findings


def trigger_findings(plan: Plan) -> tuple[Finding, ...]:
    """Findings over event source mappings and function URLs, in the order of their rules and addresses.

    Rules:
        visibility-timeout: a queue shows a message again while a function may still work on it.
        function-url-permission: callers of a function URL lack one of the two permissions.
    """
    return tuple(sorted((*queue_findings(plan), *url_findings(plan))))
