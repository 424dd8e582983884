"""Plans under AES-256-GCM, bound to run, target and part: a plan file holds values of secrets.

A sealed file is one line of JSON that says how it is encrypted, twelve random bytes, and what AES-GCM makes of the
content. That line, the run, the target and the part are associated data, so that no file stands in for another.
"""

from __future__ import annotations

import hashlib
import json
import os
from typing import Any, Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from rollout.domain.errors import StoreError
from rollout.domain.ports import Part

KEY_BYTES = 32
"""Length of a key of AES-256."""

_NONCE_BYTES = 12  # NIST SP 800-38D: 96 bits, and at most 2^32 messages under one key with random ones
_MAGIC = "lambdanet-plan-1"
_BY_STORE = "store"
_CHECKSUM_BYTES = 32


class Keys(Protocol):
    """Keys that files are encrypted with; a key of no bytes is none, where the store itself encrypts."""

    def for_writing(self, run_id: str) -> tuple[bytes, dict[str, str]]:
        """A key, and what is written beside the file so that it is found again.

        Raises:
            StoreError: there is none.
        """
        ...

    def for_reading(self, run_id: str, label: dict[str, Any], where: str) -> bytes:
        """The key that was written with.

        Raises:
            StoreError: it is not at hand, or is not the kind that this store writes with.
        """
        ...


def seal(keys: Keys, content: bytes, *, run_id: str, target: str, part: Part) -> bytes:
    """Encrypt a file of a plan.

    Raises:
        StoreError: there is no key.
    """
    key, label = keys.for_writing(run_id)
    head = json.dumps({"format": _MAGIC, **label}, sort_keys=True).encode() + b"\n"
    if not key:
        return head + _checksum(head, content, run_id, target, part) + content
    nonce = os.urandom(_NONCE_BYTES)
    return head + nonce + AESGCM(key).encrypt(nonce, content, _associated(head, run_id, target, part))


def unseal(keys: Keys, sealed: bytes, *, run_id: str, target: str, part: Part) -> bytes:
    """Decrypt a file of a plan.

    Raises:
        StoreError: it was changed, belongs elsewhere, or was written with a key that is not at hand.
    """
    where = file_of(run_id, target, part)
    head, mark, rest = sealed.partition(b"\n")
    label = _label(head + mark)
    if label is None:
        raise _not_ours(where)
    key = keys.for_reading(run_id, label, where)
    if not key:
        checksum, content = rest[:_CHECKSUM_BYTES], rest[_CHECKSUM_BYTES:]
        if checksum != _checksum(head + mark, content, run_id, target, part):
            raise _not_ours(where)
        return content
    nonce, encrypted = rest[:_NONCE_BYTES], rest[_NONCE_BYTES:]
    try:
        return AESGCM(key).decrypt(nonce, encrypted, _associated(head + mark, run_id, target, part))
    except (InvalidTag, ValueError) as error:
        raise _not_ours(where) from error


class StoreEncrypts:
    """No key: the store encrypts by itself. A checksum still binds each file to its place."""

    def for_writing(self, run_id: str) -> tuple[bytes, dict[str, str]]:
        """None."""
        del run_id
        return b"", {"kind": _BY_STORE}

    def for_reading(self, run_id: str, label: dict[str, Any], where: str) -> bytes:
        """None."""
        del run_id
        if label.get("kind") != _BY_STORE:
            raise StoreError(
                f"{where}: is encrypted by KMS, and this store has no kms_key_id; set it as it was when the run was "
                "planned"
            )
        return b""


def file_of(run_id: str, target: str, part: Part) -> str:
    """A file of a plan, as people know it."""
    return f"run {run_id} {target} {part}"


def _label(line: bytes) -> dict[str, Any] | None:
    try:
        label = json.loads(line)
    except ValueError:
        return None
    return label if isinstance(label, dict) and label.get("format") == _MAGIC and line.endswith(b"\n") else None


def _associated(head: bytes, run_id: str, target: str, part: Part) -> bytes:
    return head + f"{run_id}\0{target}\0{part}".encode()


def _checksum(head: bytes, content: bytes, run_id: str, target: str, part: Part) -> bytes:
    return hashlib.sha256(_associated(head, run_id, target, part) + b"\0" + content).digest()


def _not_ours(where: str) -> StoreError:
    return StoreError(
        f"{where}: is not what was planned; only files that `lambdanet rollout plan` wrote and nobody changed are "
        "applied; plan the target again"
    )
