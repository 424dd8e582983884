"""Checks that a resource skips, each with the reason that a configuration gives for its choice.

Checkov and `lambdanet check` find them below `//` of the resource, which Terraform ignores.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

import modules.core.engine

from cdktf import TerraformStack

if TYPE_CHECKING:
    from cdktf import TerraformResource

_Reasons = dict[str, dict[str, None]]
"""Reasons by id of the check, in the order in which they were given."""
_SKIPS: WeakKeyDictionary[TerraformStack, defaultdict[str, _Reasons]] = WeakKeyDictionary()
"""By stack and path of the resource."""


def skip(resource: TerraformResource, reason: str, *checks: str) -> None:
    """Note beside a resource why checks are skipped; what is noted already stays.

    A check is named only where it would fail by the very choice that the reason is given for: whoever judges tells of
    skips that nothing needs.

    Args:
        resource: the resource that the checks judge.
        reason: why, in the words of whoever chose; without one nothing is skipped.
        checks: ids of checks.
    """
    if not reason or not checks:
        return
    stack = TerraformStack.of(resource)
    found = _SKIPS.setdefault(stack, defaultdict(dict))[resource.node.path]
    for check in checks:
        found.setdefault(check, {})[" ".join(reason.split())] = None
    entries = [{"id": check, "comment": "; ".join(reasons)} for check, reasons in sorted(found.items())]
    resource.add_override("//.checkov", {"skip": entries})
