"""The user's own key, for runs that are kept in a folder."""

from __future__ import annotations

import base64
import binascii
import hashlib
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from rollout.adapters.store.encryption import KEY_BYTES
from rollout.adapters.store.files import write_new
from rollout.domain.errors import StoreError

VARIABLE = "LAMBDANET_PLAN_KEY"
"""Environment variable with the key: 32 bytes as base64; where it is not set a file of the user holds the key."""

_KIND = "user key"
_TOO_OPEN = 0o077


class UserKeys:
    """The key of LAMBDANET_PLAN_KEY, else of a file in the user's configuration folder that is made when needed.

    Args:
        environment: with the variable, XDG_CONFIG_HOME and HOME.
    """

    def __init__(self, environment: Mapping[str, str]) -> None:
        self._environment = environment
        self._known: bytes | None = None

    @property
    def file(self) -> Path:
        """The file with the key."""
        home = self._environment.get("HOME")
        base = self._environment.get("XDG_CONFIG_HOME") or Path(home or Path.home(), ".config")
        return Path(base, "lambdanet", "plan.key")

    def for_writing(self, run_id: str) -> tuple[bytes, dict[str, str]]:
        """The key, made where there is none yet."""
        del run_id  # one key for all
        key = self._key(make=True)
        return key, {"kind": _KIND, "key": _fingerprint(key)}

    def for_reading(self, run_id: str, label: dict[str, Any], where: str) -> bytes:
        """The key, where it is the one that was written with."""
        del run_id
        if label.get("kind") != _KIND:
            raise StoreError(
                f"{where}: is encrypted by KMS, and this store has no kms_key_id; set it as it was when the run was "
                "planned"
            )
        key = self._key(make=False)
        if _fingerprint(key) != label.get("key"):
            raise StoreError(
                f"{where}: is encrypted with another key than {self._source}; a plan is read with the key that it was "
                f"written with; set {VARIABLE} to that key, or plan the target again"
            )
        return key

    @property
    def _source(self) -> str:
        return VARIABLE if self._environment.get(VARIABLE) else str(self.file)

    def _key(self, *, make: bool) -> bytes:
        if self._known is None:
            given = self._environment.get(VARIABLE)
            self._known = _decoded(given, VARIABLE) if given else self._from_file(make=make)
        return self._known

    def _from_file(self, *, make: bool) -> bytes:
        try:
            if make:
                self.file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
                write_new(self.file, base64.b64encode(os.urandom(KEY_BYTES)) + b"\n")
            if self.file.stat().st_mode & _TOO_OPEN:
                raise StoreError(
                    f"{self.file}: others than its owner may read the key of the plans; it takes mode 600; "
                    f"run `chmod 600 {self.file}`, and plan anew if somebody read it"
                )
            return _decoded(self.file.read_text(encoding="ascii"), str(self.file))
        except FileNotFoundError as error:
            raise StoreError(
                f"{self.file}: does not exist; it holds the key that plans are read with; copy it from the machine "
                f"that planned, set {VARIABLE}, or plan anew"
            ) from error
        except (OSError, UnicodeDecodeError) as error:
            raise StoreError(f"{self.file}: cannot be read or written ({error}); it holds the key of plans") from error


def _decoded(text: str, source: str) -> bytes:
    try:
        key = base64.b64decode(text.strip(), validate=True)
    except (binascii.Error, ValueError):
        key = b""
    if len(key) != KEY_BYTES:
        raise StoreError(
            f"{source}: holds no key; it takes 32 random bytes as base64, which `openssl rand -base64 32` prints; "
            "correct it"
        )
    return key


def _fingerprint(key: bytes) -> str:
    return hashlib.sha256(b"lambdanet plan key" + key).hexdigest()[:16]
