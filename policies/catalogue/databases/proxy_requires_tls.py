"""An RDS proxy refuses connections without TLS."""

from __future__ import annotations

from collections.abc import Iterator

from analysis.plan import UNKNOWN
from policies.policy import Policy, Severity, Verdict, failed, passed, unknown
from policies.samples import LATER, LATER_RESOURCE, merged, proxy
from policies.view import View


def judge(view: View) -> Iterator[Verdict]:
    """Each proxy by `require_tls`, which AWS takes for false when it is not set."""
    for entry in view.plan.of("aws_db_proxy"):
        required = view.setting(entry, "require_tls", default=False)
        if required is UNKNOWN:
            yield unknown(entry, "require_tls is known only after apply", "write true")
        elif required is True:
            yield passed(entry)
        else:
            yield failed(entry, "require_tls is not true, so that passwords and rows cross the network in the clear")


POLICY = Policy(
    id="CKV2_LNET_301",
    title="RDS proxy refuses connections without TLS",
    severity=Severity.HIGH,
    types=("aws_db_proxy",),
    why="A proxy takes connections in the clear unless it is told not to; a token of IAM authentication is then sent "
    "as a password that anybody on the way can read.",
    source="Security Hub controls for Amazon RDS, RDS.43",
    fix="Set require_tls = true.",
    judge=judge,
    samples=(
        merged(
            LATER_RESOURCE,
            proxy("passes_with_tls", require_tls=True),
            proxy("fails_without_tls", require_tls=False),
            proxy("fails_by_default"),
            proxy("unknown_then_passes_by_variable", require_tls=LATER.format("true")),
            proxy("unknown_then_fails_by_variable", require_tls=LATER.format("false")),
        ),
    ),
)
