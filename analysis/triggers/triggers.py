"""All that a plan's triggers will be refused for, or fail at."""

from __future__ import annotations

from analysis.finding import Finding
from analysis.plan import Plan
from analysis.triggers.functions import reserved_findings
from analysis.triggers.provisioned import provisioned_findings
from analysis.triggers.queues import queue_findings
from analysis.triggers.urls import url_findings


def trigger_findings(plan: Plan) -> tuple[Finding, ...]:
    """Findings over event source mappings, provisioned concurrency, function URLs and reserved concurrency.

    Rules:
        visibility-timeout: a queue shows a message again while a function may still work on it.
        provisioned-concurrency-of-weighted-alias: provisioned concurrency of an alias that splits its invocations.
        provisioned-concurrency-with-snap-start: provisioned concurrency of a function with SnapStart.
        function-url-permission: callers of a function URL lack one of the two permissions.
        reserved-concurrency-of-zero: a function that nothing can invoke.
    """
    found = (*queue_findings(plan), *provisioned_findings(plan), *url_findings(plan), *reserved_findings(plan))
    return tuple(sorted(found))
