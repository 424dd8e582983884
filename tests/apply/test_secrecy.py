"""A leak is found wherever it is planted, so that a scenario without one shows something."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from local.emulator import Emulator
from tests.apply.secrecy import leaks, secret_values, written

CANARY = 'can"ary&5f1d'


@pytest.mark.parametrize(
    "text",
    [
        CANARY,
        f"password {CANARY}!",
        json.dumps({"password": CANARY}),
        json.dumps({"secret_string": json.dumps({"password": CANARY})}),
        r'{"password":"can\"ary\u00265f1d"}',
        r'{"secret_string":"{\"password\":\"can\\\"ary\\u00265f1d\"}"}',
    ],
    ids=["plain", "told", "json", "json-in-json", "state", "jsonencode-in-state"],
)
def test_a_planted_value_is_found(text: str, tmp_path: Path) -> None:
    (tmp_path / "stack").mkdir()
    (tmp_path / "stack" / "cdk.tf.json").write_text(text, encoding="utf-8")
    (tmp_path / "clean.json").write_text("{}", encoding="utf-8")

    assert leaks({CANARY}, {**written(tmp_path), "log": "nothing"}) == ["stack/cdk.tf.json"]


def test_secrets_are_known_by_what_secrets_manager_holds(emulator: Emulator) -> None:
    client = emulator.client("secretsmanager", "eu-west-1")
    client.create_secret(Name="plain", SecretString="first-canary")
    client.put_secret_value(SecretId="plain", SecretString="plain-canary")
    client.create_secret(Name="database", SecretString='{"username": "administrator", "password": "json-canary"}')
    client.create_secret(Name="short", SecretString="abc")
    client.create_secret(Name="empty")

    assert secret_values(client) == {"first-canary", "plain-canary", "json-canary"}
    client.close()
