"""A function runs on a runtime that AWS still patches."""

from __future__ import annotations

from collections.abc import Iterator

from analysis.plan import UNKNOWN
from modules.function.runtimes import AS_OF
from policies.policy import Policy, Severity, Verdict, failed, passed, unknown
from policies.samples import LATER_RESOURCE, function, merged
from policies.shared.callees import FUNCTION
from policies.shared.runtimes import deprecated_on, instead_of
from policies.view import View


def judge(view: View) -> Iterator[Verdict]:
    """Each function with a runtime, on the day of the view; images have none."""
    for entry in view.functions:
        name = view.setting(entry, "runtime")
        if name is UNKNOWN:
            yield unknown(entry, "runtime is known only after apply")
            continue
        if name in (None, ""):
            continue
        day = deprecated_on(str(name))
        if day is None:
            yield unknown(entry, f"runtime {name} is not in the table of {AS_OF}")
        elif day > view.today:
            yield passed(entry)
        else:
            other = instead_of(str(name), view.today)
            yield failed(
                entry,
                f"runtime is {name}, which AWS deprecated on {day} (table of {AS_OF})",
                f"set runtime to {other or 'one that AWS supports'}",
            )


_LATE = '${{terraform_data.later.output["{}"] ? "python3.13" : "python3.8"}}'
_ZIP = '${terraform_data.later.output["true"] ? "Zip" : "Image"}'
"""The provider wants the runtime of what it knows to be a zip file at once."""

POLICY = Policy(
    id="CKV2_LNET_803",
    title="Function runs on a runtime that AWS supports",
    severity=Severity.MEDIUM,
    types=(FUNCTION,),
    why="A deprecated runtime gets no security patches, and AWS blocks creating and updating functions with it later.",
    source="Lambda developer guide, Lambda runtimes",
    fix="Move the function to a runtime that AWS supports before the day of deprecation.",
    judge=judge,
    replaces={"CKV_AWS_363": "its list holds no runtime that was deprecated after 2023, such as python3.8"},
    samples=(
        merged(
            LATER_RESOURCE,
            function("passes_python", runtime="python3.13"),
            function("passes_while_supported", runtime="nodejs22.x"),
            function("fails_python", runtime="python3.8"),
            function("fails_since_last_month", runtime="python3.10"),
            function("fails_node", runtime="nodejs20.x"),
            function("unknown_then_passes_by_condition", runtime=_LATE.format("true"), package_type=_ZIP),
            function("unknown_then_fails_by_condition", runtime=_LATE.format("false"), package_type=_ZIP),
            function(
                "images_have_none",
                runtime=None,
                handler=None,
                s3_bucket=None,
                s3_key=None,
                package_type="Image",
                image_uri="123456789012.dkr.ecr.eu-west-1.amazonaws.com/sample:1",
            ),
        ),
    ),
)
