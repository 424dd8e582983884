"""Promises about the files of the repository themselves."""

from __future__ import annotations

import re
import subprocess
import tomllib
from pathlib import Path

MACHINE_PATHS = re.compile(r"/(?:w[o]rk|r[o]ot|h[o]me/[a-z]+|Us[e]rs)/|/t[m]p/[a-z]|/o[p]t/(?!otel-)[a-z]")
"""Lambda unpacks layers to one of them, whose programs have names of OpenTelemetry's."""
LONGEST_FILE = 300


def tracked(*patterns: str) -> list[Path]:
    listed = subprocess.run(["git", "ls-files", *patterns], capture_output=True, text=True, check=True, timeout=60)
    return [Path(line) for line in listed.stdout.splitlines()]


def test_no_file_names_a_path_of_a_machine() -> None:
    found = [
        f"{file}: {line.strip()}"
        for file in tracked()
        if file.suffix not in {".lock", ".png"}
        for line in file.read_text(encoding="utf-8").splitlines()
        if MACHINE_PATHS.search(line)
    ]

    assert found == []


def test_no_python_file_is_longer_than_300_lines() -> None:
    long = [str(f) for f in tracked("*.py") if len(f.read_text(encoding="utf-8").splitlines()) > LONGEST_FILE]

    assert long == []


def test_every_configuration_model_is_held_to_the_contract_that_keeps_the_engine_out() -> None:
    contracts = tomllib.loads(Path("pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]["contracts"]
    (held,) = [each["source_modules"] for each in contracts if each["name"].startswith("Configuration models never")]
    models = [file for file in Path("modules").rglob("*.py") if file.stem == "config" or file.stem.endswith("_config")]

    assert {".".join(file.with_suffix("").parts) for file in models} <= set(held)


def test_main_stays_short() -> None:
    assert len(Path("main.py").read_text(encoding="utf-8").splitlines()) <= 40


def test_every_suppression_carries_its_reason() -> None:
    bare = re.compile(r"#\s*(?:noqa:\s*[A-Z]+\d+(?:,\s*[A-Z]+\d+)*|type:\s*ignore\[[\w, -]+\])\s*$")
    found = [
        f"{file}:{number}"
        for file in tracked("*.py")
        for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), start=1)
        if bare.search(line)
    ]

    assert found == []


SECRETS = re.compile(
    r"\b(?:AK|AS)IA[0-9A-Z]{16}\b"  # access key ids
    r"|-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----"
    r"|(?i:password|secret_access_key|auth_token)[\"']?\s*[:=]\s*[\"'](?!\$\{|arn:|<)[^\"'\s]{8,}[\"']"
)


def test_no_file_holds_a_secret() -> None:
    found = [
        f"{file}: {line.strip()}"
        for file in tracked()
        if file.suffix not in {".lock", ".png"} and file.parts[0] != "tests"
        for line in file.read_text(encoding="utf-8").splitlines()
        if SECRETS.search(line)
    ]

    assert found == []


def test_secrets_in_files_would_be_found() -> None:
    planted = (
        "key: AKI" + "A0123456789ABCDEF",
        "-----BEGIN RSA PRIVATE " + "KEY-----",
        'master_password = "correct-horse"',
        '"auth_token": "0123456789abcdef"',
    )
    assert all(SECRETS.search(line) for line in planted)
    assert not SECRETS.search('"DB_PASSWORD_ARN": "arn:aws:secretsmanager:eu-west-1:123456789012:secret:orders-a1b2c3"')
