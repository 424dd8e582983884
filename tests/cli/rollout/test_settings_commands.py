"""Commands around rollout.yaml: its schema, validation of waves, where values come from."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
import yaml
from typer.testing import CliRunner

from cli.app import app
from modules.core.errors import ConfigError, TargetError
from rollout.settings_file import read_settings

runner = CliRunner()
TARGET = "dev-main-us-east-1-orders_api"
WIDE = {"COLUMNS": "160"}


@pytest.fixture
def environments(tmp_path: Path) -> Path:
    """A copy of the project's environments, to be changed."""
    return Path(shutil.copytree("environments", tmp_path / "environments"))


def test_the_committed_schema_is_the_models(tmp_path: Path) -> None:
    file = tmp_path / "schema.json"
    assert runner.invoke(app, ["schema", "--of", "rollout", "--output", str(file)]).exit_code == 0
    assert Path("environments/rollout.schema.json").read_text(encoding="utf-8") == file.read_text(encoding="utf-8"), (
        "run `lambdanet schema --of rollout --output environments/rollout.schema.json`"
    )


def test_the_schema_knows_every_field_and_both_forms_of_a_count() -> None:
    schema = json.loads(runner.invoke(app, ["schema", "--of", "rollout"]).stdout)
    written = yaml.safe_load(Path("environments/rollout.yaml").read_text(encoding="utf-8"))
    assert written.keys() <= schema["properties"].keys()
    wave = schema["$defs"]["WaveSettings"]
    assert written["waves"][0].keys() <= wave["properties"].keys()
    assert wave["properties"]["max_concurrent"]["anyOf"] == [
        {"minimum": 1, "type": "integer"},
        {"pattern": r"^(\d{1,3})%$", "type": "string"},
    ]
    assert wave["required"] == ["name"]


def test_the_projects_file_is_what_the_defaults_are_but_for_what_it_says() -> None:
    settings = read_settings(Path("environments"))
    assert [(wave.name, wave.max_concurrent, wave.failure_tolerance) for wave in settings.waves] == [("all", "10%", 0)]


def test_validate_tells_what_is_wrong_with_the_waves(environments: Path) -> None:
    (environments / "rollout.yaml").write_text(
        "waves: [{name: canary, select: {accounts: [mian]}}]\n", encoding="utf-8"
    )
    result = runner.invoke(app, ["validate", "--environments", str(environments)])
    assert isinstance(result.exception, ConfigError)
    assert str(result.exception).splitlines() == [
        'rollout.yaml: waves[0].select.accounts[0] is "mian"; no target has that account; there are main; correct it',
        (
            "rollout.yaml: waves[0] (canary) selects nothing: no target fits it; a wave holds at least one target; "
            "widen "
            "its select, or remove it"
        ),
        (
            f"rollout.yaml: no wave selects {TARGET}; every target goes in a wave; add a wave with select: {{}} at "
            f"the end, "
            "or widen one"
        ),
    ]


def test_validate_tells_networks_with_the_same_addresses(environments: Path) -> None:
    shop = environments / "dev" / "shop"
    shutil.copytree(environments / "dev" / "main", shop)
    (shop / "account.yaml").write_text('account: shop\naccount_id: "222222222222"\n', encoding="utf-8")
    (environments / "rollout.yaml").write_text('routed: [["dev-*"]]\n', encoding="utf-8")
    result = runner.invoke(app, ["validate", "--environments", str(environments)])
    assert isinstance(result.exception, ConfigError)
    assert str(result.exception) == (
        "dev/main/us-east-1/orders_api: network.cidr 10.20.0.0/16 has addresses of 10.20.0.0/16 of "
        "dev/shop/us-east-1/orders_api network.cidr; they reach each other (rollout.yaml routed[0]), so each address "
        "may "
        "stand once; give each a range of its own, or have IPAM do it"
    )


def test_explain_tells_file_and_line() -> None:
    result = runner.invoke(app, ["rollout", "explain", TARGET, "--written"], env=WIDE)
    assert result.exit_code == 0
    rows = [" ".join(line.replace("│", " ").split()) for line in result.stdout.splitlines()]
    assert "settings network.cidr 10.20.0.0/16 dev/main/us-east-1.yaml:7" in rows
    assert "org acme defaults.yaml:4" in [row.removeprefix("target ") for row in rows]
    assert "default of the model" not in result.stdout


def test_explain_as_json_of_some_fields() -> None:
    result = runner.invoke(app, ["rollout", "explain", TARGET, "--field", "network.egress", "--format", "json"])
    assert json.loads(result.stdout) == {
        "format": 1,
        "target": TARGET,
        "values": [
            {
                "section": "settings",
                "path": "network.egress.strategy",
                "value": "nat_per_zone",
                "file": "defaults.yaml",
                "line": 9,
            },
            {
                "section": "settings",
                "path": "network.egress.elastic_ip_allocation_ids",
                "value": "{}",
                "file": None,
                "line": None,
            },
        ],
    }


def test_explain_of_nothing_is_refused() -> None:
    result = runner.invoke(app, ["rollout", "explain", TARGET, "--field", "newtork"])
    assert isinstance(result.exception, TargetError)
    assert str(result.exception) == f'{TARGET}: no value begins with "newtork"; leave out --field to see all of them'
    result = runner.invoke(app, ["rollout", "explain", "dev-nobody"])
    assert str(result.exception) == (f'target "dev-nobody" does not exist; there are: {TARGET}; name one of them')
