"""The revision of a Lambda deployment: an application specification that names two versions of a function."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import yaml

from rollout.release.target import ReleaseTarget

_RESOURCE = "function"


@dataclass(frozen=True)
class Revision:
    """From which version to which an alias is shifted.

    Attributes:
        function_name: name of the function.
        alias: name of the alias.
        current_version: version that the alias points to before the deployment.
        target_version: version that it points to afterwards.
        before_traffic: function that runs before traffic is shifted; empty for none.
        after_traffic: function that runs after traffic is shifted; empty for none.
    """

    function_name: str
    alias: str
    current_version: str
    target_version: str
    before_traffic: str = ""
    after_traffic: str = ""

    @classmethod
    def of(cls, target: ReleaseTarget, current: int, wanted: int, *, hooks: bool = True) -> Revision:
        """The revision that shifts `target` from version `current` to `wanted`."""
        before, after = (target.before_traffic, target.after_traffic) if hooks else ("", "")
        return cls(target.function_name, target.alias, str(current), str(wanted), before, after)

    def content(self) -> str:
        """The application specification as JSON (CodeDeploy user guide, AppSpec for Lambda)."""
        properties = {
            "Name": self.function_name,
            "Alias": self.alias,
            "CurrentVersion": self.current_version,
            "TargetVersion": self.target_version,
        }
        hooks = {"BeforeAllowTraffic": self.before_traffic, "AfterAllowTraffic": self.after_traffic}
        specification: dict[str, Any] = {
            "version": 0.0,
            "Resources": [{_RESOURCE: {"Type": "AWS::Lambda::Function", "Properties": properties}}],
        }
        if any(hooks.values()):
            specification["Hooks"] = [{event: name} for event, name in hooks.items() if name]
        return json.dumps(specification, indent=1)

    def location(self) -> dict[str, Any]:
        """The revision as CreateDeployment takes it."""
        content = self.content()
        digest = hashlib.sha256(content.encode()).hexdigest()
        return {"revisionType": "AppSpecContent", "appSpecContent": {"content": content, "sha256": digest}}

    @classmethod
    def from_location(cls, location: Mapping[str, Any]) -> Revision | None:
        """The revision of a deployment, whoever wrote it (JSON or YAML); None when it is of another kind."""
        content = (location.get("appSpecContent") or location.get("string") or {}).get("content", "")
        try:
            specification = yaml.safe_load(content)
            (resource,) = specification["Resources"]
            ((_, function),) = resource.items()
            properties = function["Properties"]
            names = ("Name", "Alias", "CurrentVersion", "TargetVersion")
            name, alias, current, wanted = (str(properties[each]) for each in names)
        except (yaml.YAMLError, AttributeError, KeyError, TypeError, ValueError):
            return None
        hooks = {event: str(one) for hook in specification.get("Hooks") or () for event, one in hook.items()}
        return cls(
            name, alias, current, wanted, hooks.get("BeforeAllowTraffic", ""), hooks.get("AfterAllowTraffic", "")
        )
