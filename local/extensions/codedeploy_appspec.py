"""AppSpec files of Lambda deployments, as CodeDeploy reads them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import yaml

BEFORE, ALLOW, AFTER = "BeforeAllowTraffic", "AllowTraffic", "AfterAllowTraffic"
HOOKS = (BEFORE, AFTER)
_TYPE = "AWS::Lambda::Function"
_PROPERTIES = ("Name", "Alias", "CurrentVersion", "TargetVersion")
_CONTENT = {"AppSpecContent": "appSpecContent", "String": "string"}


class RevisionError(ValueError):
    """A revision that CodeDeploy takes no deployment from."""


class AppSpecError(ValueError):
    """An AppSpec file that fails the deployment which is made from it."""


@dataclass(frozen=True)
class AppSpec:
    """What one deployment moves.

    Attributes:
        function: name of the function.
        alias: its alias.
        current: version that the alias has.
        target: version that it gets.
        hooks: lifecycle event to the function that validates it.
    """

    function: str
    alias: str
    current: str
    target: str
    hooks: Mapping[str, str] = field(default_factory=dict)

    def reversed(self) -> AppSpec:
        """What rolls it back; no hooks run then."""
        return replace(self, current=self.target, target=self.current, hooks={})

    def revision(self) -> dict[str, Any]:
        """The same as a revision."""
        values = (self.function, self.alias, self.current, self.target)
        resource = {"Type": _TYPE, "Properties": dict(zip(_PROPERTIES, values, strict=True))}
        content = json.dumps({"version": 0.0, "Resources": [{self.function: resource}]})
        sha256 = hashlib.sha256(content.encode()).hexdigest()
        return {"revisionType": "AppSpecContent", "appSpecContent": {"content": content, "sha256": sha256}}


def content_of(revision: Mapping[str, Any] | None) -> str:
    """The AppSpec file that a revision carries.

    Raises:
        RevisionError: it carries none, or its hash is another's.
    """
    kind = (revision or {}).get("revisionType")
    if revision is None or kind not in _CONTENT:
        raise RevisionError(f"The revision type {kind} is not supported for Lambda deployments here.")
    given = revision.get(_CONTENT[kind]) or {}
    content = str(given.get("content") or "")
    if not content:
        raise RevisionError("The AppSpec content is empty.")
    if given.get("sha256") and given["sha256"] != hashlib.sha256(content.encode()).hexdigest():
        raise RevisionError("The SHA256 hash does not match the AppSpec content.")
    return content


def parsed(content: str) -> AppSpec:
    """Read an AppSpec file in YAML or JSON.

    Raises:
        AppSpecError: it is not one of a Lambda deployment.
    """
    try:
        document = yaml.safe_load(content)
    except yaml.YAMLError as error:
        raise AppSpecError(f"The AppSpec file is neither YAML nor JSON: {error}") from None
    if not isinstance(document, dict) or float(document.get("version", -1)) != 0.0:
        raise AppSpecError("The AppSpec file must say version: 0.0.")
    resources = document.get("Resources")
    if not isinstance(resources, list) or len(resources) != 1 or not isinstance(resources[0], dict):
        raise AppSpecError("The AppSpec file must name one resource.")
    (resource,) = resources[0].values()
    if not isinstance(resource, dict) or resource.get("Type") != _TYPE:
        raise AppSpecError(f"The resource must be of type {_TYPE}.")
    properties = resource.get("Properties") or {}
    missing = [name for name in _PROPERTIES if not properties.get(name)]
    if missing:
        raise AppSpecError(f"The resource lacks {', '.join(missing)}.")
    name, alias, current, target = (str(properties[each]) for each in _PROPERTIES)
    return AppSpec(name, alias, current, target, _hooks(document.get("Hooks")))


def _hooks(given: Any) -> dict[str, str]:
    hooks: dict[str, str] = {}
    for entry in given or []:
        if not isinstance(entry, dict) or len(entry) != 1:
            raise AppSpecError("Each hook maps one lifecycle event to a function.")
        ((event, function),) = entry.items()
        if event not in HOOKS:
            raise AppSpecError(f"{event} is no lifecycle event with a hook; those are {', '.join(HOOKS)}.")
        hooks[event] = str(function)
    return hooks
