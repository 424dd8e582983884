"""Keys."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given

from modules.key import KeyConfig
from tests.modules.core.samples import CI, NUMBER_TOKEN, around, fields_of, refuses_or_keeps, sentence

DELETION = "a KMS key's deletion window takes 7 to 30 days (KMS API reference); set a value from 7 to 30"
ROTATION = "a KMS key's rotation period takes 90 to 2560 days (KMS API reference); set a value from 90 to 2560"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("deletion_window_days", 7), ("deletion_window_days", 30), ("deletion_window_days", NUMBER_TOKEN),
        ("rotation_period_days", 90), ("rotation_period_days", 2_560), ("rotation_period_days", NUMBER_TOKEN),
    ],
)  # fmt: skip
def test_a_key_takes_what_kms_takes(field: str, value: float) -> None:
    assert getattr(KeyConfig.parse({field: value}), field) == value


@pytest.mark.parametrize(
    ("field", "value", "rule"),
    [
        ("deletion_window_days", 6, DELETION), ("deletion_window_days", 31, DELETION),
        ("rotation_period_days", 89, ROTATION), ("rotation_period_days", 2_561, ROTATION),
        ("rotation_period_days", 0, ROTATION), ("rotation_period_days", 90.0, f"{ROTATION}, a whole number"),
    ],
)  # fmt: skip
def test_a_key_refuses_what_kms_refuses(field: str, value: float, rule: str) -> None:
    assert sentence(KeyConfig, {field: value}) == f"{field} is {value}; {rule}"


@CI
@given(fields_of(KeyConfig, {"deletion_window_days": around(7, 30), "rotation_period_days": around(90, 2_560)}))
def test_a_key_is_refused_with_sentences_or_kept(data: dict[str, Any]) -> None:
    refuses_or_keeps(KeyConfig, data)
