"""Which alias is shifted by which deployment group: what a stack tells in its output `releases`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any

from modules.core.errors import TargetError

OUTPUT = "releases"
"""Name of the stack's output: a list with one object per alias."""

_OPTIONAL = frozenset({"before_traffic", "after_traffic", "region", "account_id"})


@dataclass(frozen=True)
class ReleaseTarget:
    """An alias and the CodeDeploy deployment group that shifts it.

    Attributes:
        function_name: name of the function.
        alias: name of the alias, such as `live`.
        application: CodeDeploy application.
        deployment_group: deployment group of the application.
        before_traffic: function that CodeDeploy runs before it shifts traffic; empty for none.
        after_traffic: function that CodeDeploy runs after it has shifted traffic; empty for none.
        region: where the function is; empty if the stack does not tell.
        account_id: whose it is; empty if the stack does not tell.
    """

    function_name: str
    alias: str
    application: str
    deployment_group: str
    before_traffic: str = ""
    after_traffic: str = ""
    region: str = ""
    account_id: str = ""

    @property
    def name(self) -> str:
        """The alias with its function, such as `orders-api:live`."""
        return f"{self.function_name}:{self.alias}"

    @classmethod
    def from_output(cls, output: Mapping[str, object]) -> ReleaseTarget:
        """One object of the output `releases`; keys that are not known here are left alone.

        Raises:
            TargetError: a key is missing, or a value is no text.
        """
        known = {field.name: output.get(field.name, "") for field in fields(cls)}
        wrong = [name for name, value in known.items() if not isinstance(value, str)]
        wrong += [name for name, value in known.items() if value == "" and name not in _OPTIONAL]
        if wrong:
            raise TargetError(
                f"output {OUTPUT}: {', '.join(wrong)} of {output.get('function_name') or 'a function'} is missing or "
                "no text; every release names function_name, alias, application and deployment_group; output "
                "`release.output` of each Release of the stack"
            )
        return cls(**{name: str(value) for name, value in known.items()})


def release_targets(outputs: Mapping[str, Any], *, only: Sequence[str] = ()) -> tuple[ReleaseTarget, ...]:
    """The releases of a stack, from its outputs: plain values, or what `terraform output -json` prints.

    Args:
        outputs: outputs by name.
        only: names of functions, or `function:alias`, that are wanted; all by default.

    Raises:
        TargetError: the stack tells of no release, or of none with a wanted name.
    """
    listed = outputs.get(OUTPUT)
    if isinstance(listed, Mapping) and "value" in listed:
        listed = listed["value"]
    if not isinstance(listed, Sequence) or isinstance(listed, str) or not all(isinstance(o, Mapping) for o in listed):
        raise TargetError(
            f"the stack has no output {OUTPUT} that is a list of objects; `lambdanet release` shifts what it lists; "
            "output `release.output` of each Release of the stack, and apply it"
        )
    found = tuple(ReleaseTarget.from_output(output) for output in listed)
    unknown = [name for name in only if all(name not in (one.function_name, one.name) for one in found)]
    if unknown:
        names = ", ".join(one.name for one in found) or "none"
        raise TargetError(f"{', '.join(unknown)} is no release of the stack; it has {names}; name one of them")
    return tuple(one for one in found if not only or one.function_name in only or one.name in only)
