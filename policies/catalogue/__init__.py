"""Every policy: one file each, in a folder for each area.

A file holds `POLICY`; what several files of an area share lies in `policies/shared/`.
"""

from __future__ import annotations

import importlib
import pkgutil
from functools import cache

from policies.policy import Policy


@cache
def catalogue() -> tuple[Policy, ...]:
    """Every policy, in the order of their ids.

    Raises:
        PolicyError: a file cannot be loaded or holds no policy, or two have one id.
    """
    from modules.core.errors import PolicyError  # noqa: PLC0415  # with the policies: only when they are needed

    found = dict[str, Policy]()
    for module in pkgutil.walk_packages(__path__, f"{__name__}."):
        if module.ispkg:
            continue
        try:
            policy = importlib.import_module(module.name).POLICY
        except Exception as error:
            raise PolicyError(
                f"{module.name}: the policy cannot be loaded ({type(error).__name__}: {error}); a run without it "
                "would prove less than it says; mend the file"
            ) from error
        if policy.id in found:
            raise PolicyError(f"{module.name}: {policy.id} is taken; ids never change and are used once; take another")
        found[policy.id] = policy
    return tuple(found[name] for name in sorted(found))
