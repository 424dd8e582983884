"""The listed gaps of the emulator, and what a second plan holds beyond them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from local.failures import EmulatorFailure
from modules.core.errors import ConfigError

GAPS_FILE = Path(__file__).with_name("known_gaps.yaml")

_WHOLE = "*"
_WITHOUT_EFFECT = (["no-op"], ["read"])


@dataclass(frozen=True, order=True)
class KnownGap:
    """One thing that the emulator does not hold.

    Attributes:
        resource_type: the Terraform resource type that shows it.
        symptom: what a user sees.
        moto_version: the version of moto that has it.
        reason: why it is listed and not extended.
        attribute: the attribute that differs in a second plan, such as `dns_options`; it covers what is below it.
        action: or the API action that the emulator cannot answer, such as `rds:CreateDBClusterEndpoint`.
    """

    resource_type: str
    symptom: str
    moto_version: str
    reason: str
    attribute: str = ""
    action: str = ""

    def explains(self, difference: Difference) -> bool:
        """Whether the gap is why a plan has this difference."""
        below = difference.attribute == self.attribute or difference.attribute.startswith(
            (f"{self.attribute}.", f"{self.attribute}[")
        )
        return bool(self.attribute) and difference.resource_type == self.resource_type and below


@dataclass(frozen=True)
class Difference:
    """One attribute that a plan wants to change, or a whole resource that it wants to make or remove.

    Attributes:
        address: the resource.
        resource_type: its type.
        attribute: the path of the attribute; `*` for the whole resource.
        before: the value now; for a whole resource, `None`.
        after: the value wanted; for a whole resource, the planned actions.
    """

    address: str
    resource_type: str
    attribute: str
    before: Any
    after: Any

    def __str__(self) -> str:
        """The difference as one line of a report."""
        if self.attribute == _WHOLE:
            return f"{self.address}: {' and '.join(self.after)}"
        return f"{self.address}: {self.attribute} {self.before!r} -> {self.after!r}"


class Review(NamedTuple):
    """A second plan, held against the listed gaps.

    Attributes:
        gaps: the listed gaps that show in it.
        differences: the differences that no listed gap explains; none means that the plan counts as empty.
    """

    gaps: tuple[KnownGap, ...]
    differences: tuple[Difference, ...]


def load_gaps(path: Path = GAPS_FILE) -> tuple[KnownGap, ...]:
    """The listed gaps.

    Args:
        path: the list, as YAML.

    Raises:
        ConfigError: the list has another form.
    """
    content = yaml.safe_load(path.read_text(encoding="utf-8"))
    listed = content.get("gaps") if isinstance(content, Mapping) else None
    if not isinstance(listed, list):
        raise ConfigError.single(
            path.name, "it holds no list of gaps", "it holds one list named gaps", "write `gaps: []` for none"
        )
    return tuple(_gap(f"{path.name} gap {number}", entry) for number, entry in enumerate(listed, start=1))


def unexplained(resource_changes: Iterable[Mapping[str, Any]], gaps: Iterable[KnownGap] | None = None) -> Review:
    """Hold a second plan against the listed gaps.

    Args:
        resource_changes: the list of that name in what `terraform show -json` says of the plan.
        gaps: the listed gaps; those of the file by default.
    """
    listed = tuple(load_gaps() if gaps is None else gaps)
    seen: dict[KnownGap, None] = {}
    remaining: list[Difference] = []
    for change in resource_changes:
        for difference in _differences(change):
            explaining = [gap for gap in listed if gap.explains(difference)]
            seen.update(dict.fromkeys(explaining))
            if not explaining:
                remaining.append(difference)
    return Review(tuple(seen), tuple(remaining))


def vanished(
    seen: Iterable[KnownGap],
    applied_types: Iterable[str],
    failures: Iterable[EmulatorFailure] = (),
    gaps: Iterable[KnownGap] | None = None,
) -> tuple[KnownGap, ...]:
    """The listed gaps that did not show although their resource type was applied: take them off the list.

    Args:
        seen: the gaps that showed in the second plan.
        applied_types: the resource types that were applied.
        failures: what the emulator could not answer meanwhile.
        gaps: the listed gaps; those of the file by default.
    """
    shown = set(seen)
    applied = set(applied_types)
    failed = {f"{failure.service}:{failure.action}" for failure in failures}
    return tuple(
        gap
        for gap in (load_gaps() if gaps is None else gaps)
        if gap.resource_type in applied and gap not in shown and gap.action not in failed
    )


def _gap(where: str, entry: Any) -> KnownGap:
    known = {field.name for field in fields(KnownGap)}
    required = known - {"attribute", "action"}
    if not isinstance(entry, Mapping) or not required <= entry.keys() <= known:
        given = ", ".join(map(str, entry)) if isinstance(entry, Mapping) else repr(entry)
        raise ConfigError.single(
            where,
            f"it has {given}",
            "a gap has resource_type, symptom, moto_version, reason and one of attribute and action",
            "give it these keys and no others",
        )
    gap = KnownGap(**{key: str(value) for key, value in entry.items()})
    if bool(gap.attribute) == bool(gap.action):
        raise ConfigError.single(
            where,
            f"attribute is {gap.attribute!r} and action is {gap.action!r}",
            "a gap is either an attribute that differs or an action that fails",
            "give exactly one of them",
        )
    return gap


def _differences(resource_change: Mapping[str, Any]) -> list[Difference]:
    change = resource_change["change"]
    address, kind = resource_change["address"], resource_change["type"]
    if change["actions"] in _WITHOUT_EFFECT:
        return []
    if change["actions"] != ["update"]:
        return [Difference(address, kind, _WHOLE, None, tuple(change["actions"]))]
    found = [
        Difference(address, kind, attribute, before, after)
        for attribute, before, after in _compare("", change["before"], change["after"])
    ]
    unknown = {name for name, value in (change.get("after_unknown") or {}).items() if value is True}
    # A value that is known after apply follows from another difference; alone, it is the difference.
    known = [difference for difference in found if difference.attribute not in unknown]
    return known or found or [Difference(address, kind, _WHOLE, None, tuple(change["actions"]))]


def _compare(path: str, before: Any, after: Any) -> Iterator[tuple[str, Any, Any]]:
    """The innermost places at which two values differ."""
    if isinstance(before, Mapping) and isinstance(after, Mapping):
        for key in sorted(before.keys() | after.keys()):
            yield from _compare(f"{path}.{key}" if path else str(key), before.get(key), after.get(key))
    elif isinstance(before, list) and isinstance(after, list) and len(before) == len(after):
        for index, (old, new) in enumerate(zip(before, after, strict=True)):
            yield from _compare(f"{path}[{index}]", old, new)
    elif before != after:
        yield path, before, after
