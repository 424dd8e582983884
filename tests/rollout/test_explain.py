"""Where each effective value came from: file and line through all levels, shorter forms, and defaults."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, model_validator

from modules.core.config import ConfigModel
from rollout.explain import Effective, explained
from rollout.settings_file import read_settings
from rollout.targets import TargetEntry, read_targets


class Way(ConfigModel):
    """A part that one word may stand for."""

    strategy: str
    addresses: tuple[str, ...] = ()


class Part(ConfigModel):
    """A part of a list."""

    name: str
    size: int = 1


def _from_word(value: Any) -> Any:
    return {"strategy": value} if isinstance(value, str) else value


class Settings(ConfigModel):
    """Settings of a stack."""

    way: Annotated[Way, BeforeValidator(_from_word)] = Way(strategy="none")
    sizes: dict[str, int] = Field(default_factory=dict)
    parts: tuple[Part, ...] = ()
    source: Path = Path("here")
    master_password: str = ""
    is_on: bool = False
    note: str | None = None
    port: int = 0

    @model_validator(mode="before")
    @classmethod
    def _port(cls, data: Mapping[str, Any]) -> dict[str, Any]:
        return {"port": 5432, **data}


FILES = {
    "defaults.yaml": """\
org: acme
owner: a
tags:
  one: "1"
  two: "2"
stacks:
  orders_api:
    way: nat
    sizes: {small: 1, large: 2}
    master_password: hunter2
""",
    "dev/environment.yaml": """\
env: dev
tags:
  two: "22"
stacks:
  orders_api:
    is_on: true
""",
    "dev/main/account.yaml": """\
account: main
account_id: "123456789012"
owner: b
""",
    "dev/main/eu-west-1.yaml": """\
region: eu-west-1
stacks:
  orders_api:
    sizes:
      large: 3
    parts:
      - name: left
      - {name: right, size: 2}
""",
}


def read(folder: Path, **more: str) -> TargetEntry:
    for name, text in {**FILES, **more}.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    [entry] = read_targets(folder)
    return entry


def values(folder: Path, **more: str) -> tuple[Effective, ...]:
    entry = read(folder, **more)
    return explained(folder, entry, Settings.parse(entry.settings), read_settings(folder))


def told(folder: Path, section: str, **more: str) -> dict[str, tuple[str, str | None]]:
    return {
        each.path: (each.value, str(each.origin) if each.origin else None)
        for each in values(folder, **more)
        if each.section == section
    }


REGION = "dev/main/eu-west-1.yaml"


def test_fields_of_the_target_come_from_the_level_that_set_them_last(tmp_path: Path) -> None:
    found = told(tmp_path, "target")
    assert found == {
        "org": ("acme", "defaults.yaml:1"),
        "env": ("dev", "dev/environment.yaml:1"),
        "account": ("main", "dev/main/account.yaml:1"),
        "account_id": ("123456789012", "dev/main/account.yaml:2"),
        "region": ("eu-west-1", f"{REGION}:1"),
        "stack": ("orders_api", f"{REGION}:3"),
        "owner": ("b", "dev/main/account.yaml:3"),
        "tags.one": ("1", "defaults.yaml:4"),
        "tags.two": ("22", "dev/environment.yaml:3"),
        "aws_provider_version": (">= 5.100, < 7", None),
        "backend.kind": ("local", None),
    }


def test_settings_are_followed_into_mappings_lists_and_shorter_forms(tmp_path: Path) -> None:
    assert told(tmp_path, "settings") == {
        "way.strategy": ("nat", "defaults.yaml:8"),
        "way.addresses": ("[]", None),
        "sizes.small": ("1", "defaults.yaml:9"),
        "sizes.large": ("3", f"{REGION}:5"),
        "parts[0].name": ("left", f"{REGION}:7"),
        "parts[0].size": ("1", None),
        "parts[1].name": ("right", f"{REGION}:8"),
        "parts[1].size": ("2", f"{REGION}:8"),
        "source": ("here", None),
        "master_password": ("(not shown)", "defaults.yaml:10"),
        "is_on": ("true", "dev/environment.yaml:6"),
        "note": ("null", None),
        "port": ("5432", None),
    }


def test_a_longer_form_replaces_a_shorter_one_whole(tmp_path: Path) -> None:
    region = "region: eu-west-1\nstacks:\n  orders_api:\n    way:\n      strategy: own\n      addresses: [a]\n"
    found = told(tmp_path, "settings", **{REGION: region})
    assert found["way.strategy"] == ("own", f"{REGION}:5")
    assert found["way.addresses"] == ('["a"]', f"{REGION}:6")


def test_anchors_and_merge_keys_lead_to_where_the_value_stands(tmp_path: Path) -> None:
    region = (
        "region: eu-west-1\nstacks:\n  orders_api:\n    parts:\n      - &left\n        name: left\n        size: 7\n"
        "      - <<: *left\n        name: right\n"
    )
    found = told(tmp_path, "settings", **{REGION: region})
    assert found["parts[1].name"] == ("right", f"{REGION}:9")
    assert found["parts[1].size"] == ("7", f"{REGION}:7")


def test_a_stack_named_without_settings_has_those_of_the_other_levels(tmp_path: Path) -> None:
    region = {REGION: "region: eu-west-1\nstacks: {orders_api: {}}\n"}
    assert told(tmp_path, "settings", **region)["sizes.large"] == ("2", "defaults.yaml:9")
    assert told(tmp_path, "target", **region)["stack"] == ("orders_api", f"{REGION}:2")


def test_a_stack_named_with_nothing_at_all_replaces_those_of_the_other_levels(tmp_path: Path) -> None:
    found = told(tmp_path, "settings", **{REGION: "region: eu-west-1\nstacks: {orders_api: }\n"})
    assert {origin for _, origin in found.values()} == {None}


def test_every_value_of_a_file_is_told_with_the_line_that_holds_it(tmp_path: Path) -> None:
    for each in values(tmp_path):
        if each.origin and each.value != "(not shown)":
            line = (tmp_path / each.origin.file).read_text(encoding="utf-8").splitlines()[each.origin.line - 1]
            assert each.value in line, each


def test_the_wave_and_what_the_stack_builds_on_come_from_the_settings_of_rollouts(tmp_path: Path) -> None:
    rollout = """\
roles: {plan: reader}
stacks:
  orders_api: {after: [net]}
waves:
  - name: canary
    select: {accounts: [other]}
  - name: rest
    gate:
      bake_minutes: 5
"""
    found = told(tmp_path, "rollout", **{"rollout.yaml": rollout})
    assert found["wave.name"] == ("rest", "rollout.yaml:7")
    assert found["wave.gate.bake_minutes"] == ("5.0", "rollout.yaml:9")
    assert found["wave.mode"] == ("strict", None)
    assert "wave.select" not in found
    assert found["after"] == ('["net"]', "rollout.yaml:3")
    assert found["roles.plan"] == ("reader", "rollout.yaml:1")
    assert found["roles.apply"] == ("null", None)
    assert found["plan_expires_hours"] == ("72", None)


def test_without_settings_of_rollouts_everything_is_a_default(tmp_path: Path) -> None:
    found = told(tmp_path, "rollout")
    assert found["wave.name"] == ("all", None)
    assert {origin for _, origin in found.values()} == {None}
