"""The user's own key."""

from __future__ import annotations

import base64
from pathlib import Path

import pytest

from rollout.adapters.store.encryption import seal, unseal
from rollout.adapters.store.user_key import UserKeys
from rollout.domain.errors import StoreError
from rollout.domain.ports import Part

PLACE = {"run_id": "r1", "target": "t1"}
WHERE = "run r1 t1 plan.tfplan"
GIVEN = base64.b64encode(b"k" * 32).decode()
RULE = "it takes 32 random bytes as base64, which `openssl rand -base64 32` prints; correct it"


def sealed(keys: UserKeys) -> bytes:
    return seal(keys, b"secret", part=Part.PLAN, **PLACE)


def unsealed(keys: UserKeys, content: bytes) -> bytes:
    return unseal(keys, content, part=Part.PLAN, **PLACE)


def test_the_variable_goes_before_the_file(tmp_path: Path) -> None:
    keys = UserKeys({"LAMBDANET_PLAN_KEY": f"{GIVEN}\n", "XDG_CONFIG_HOME": str(tmp_path)})
    assert unsealed(keys, sealed(keys)) == b"secret"
    assert not keys.file.exists()


def test_the_file_is_made_once(tmp_path: Path) -> None:
    environment = {"XDG_CONFIG_HOME": str(tmp_path)}
    content = sealed(UserKeys(environment))
    assert unsealed(UserKeys(environment), content) == b"secret"
    assert content != sealed(UserKeys(environment))
    assert unsealed(UserKeys(environment), sealed(UserKeys(environment))) == b"secret"
    assert [path.name for path in (tmp_path / "lambdanet").iterdir()] == ["plan.key"]


def test_another_key_is_told_from_a_changed_plan(tmp_path: Path) -> None:
    content = sealed(UserKeys({"XDG_CONFIG_HOME": str(tmp_path)}))
    with pytest.raises(StoreError) as caught:
        unsealed(UserKeys({"LAMBDANET_PLAN_KEY": GIVEN}), content)
    assert str(caught.value) == (
        f"{WHERE}: is encrypted with another key than LAMBDANET_PLAN_KEY; a plan is read with the key that it was "
        "written with; set LAMBDANET_PLAN_KEY to that key, or plan the target again"
    )


def test_reading_makes_no_key(tmp_path: Path) -> None:
    keys = UserKeys({"XDG_CONFIG_HOME": str(tmp_path)})
    with pytest.raises(StoreError) as caught:
        unsealed(keys, sealed(UserKeys({"LAMBDANET_PLAN_KEY": GIVEN})))
    assert str(caught.value) == (
        f"{keys.file}: does not exist; it holds the key that plans are read with; copy it from the machine that "
        "planned, set LAMBDANET_PLAN_KEY, or plan anew"
    )
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("given", ["short", base64.b64encode(b"k" * 31).decode(), "é" * 44])
def test_what_is_no_key_is_refused_and_not_shown(given: str) -> None:
    with pytest.raises(StoreError) as caught:
        sealed(UserKeys({"LAMBDANET_PLAN_KEY": given}))
    assert str(caught.value) == f"LAMBDANET_PLAN_KEY: holds no key; {RULE}"


def test_a_file_that_others_may_read_is_refused(tmp_path: Path) -> None:
    keys = UserKeys({"XDG_CONFIG_HOME": str(tmp_path)})
    sealed(keys)
    keys.file.chmod(0o640)
    with pytest.raises(StoreError) as caught:
        sealed(UserKeys({"XDG_CONFIG_HOME": str(tmp_path)}))
    assert str(caught.value) == (
        f"{keys.file}: others than its owner may read the key of the plans; it takes mode 600; run `chmod 600 "
        f"{keys.file}`, and plan anew if somebody read it"
    )


def test_a_plan_that_kms_encrypted_is_told(tmp_path: Path) -> None:
    with pytest.raises(StoreError) as caught:
        unsealed(UserKeys({"XDG_CONFIG_HOME": str(tmp_path)}), b'{"format": "lambdanet-plan-1", "kind": "kms"}\nx')
    assert str(caught.value) == (
        f"{WHERE}: is encrypted by KMS, and this store has no kms_key_id; set it as it was when the run was planned"
    )
