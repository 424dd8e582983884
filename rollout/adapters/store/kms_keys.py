"""Envelope encryption by KMS: a data key for each run, itself encrypted by the KMS key of the settings."""

from __future__ import annotations

import base64
from threading import Lock
from typing import Any

from rollout.adapters.store.aws import asking
from rollout.domain.errors import StoreError

_KIND = "kms"
_CONTEXT = "lambdanet:run"


class KmsKeys:
    """Data keys of one KMS key; one is made for each run and process, and each is decrypted once.

    Args:
        client: boto3 client of KMS in the key's region; `Any`, as services are chosen at run time.
        key_id: the key: id, alias or ARN.
    """

    def __init__(self, client: Any, key_id: str) -> None:
        self._client = client
        self._key_id = key_id
        self._made: dict[str, tuple[bytes, dict[str, str]]] = {}
        self._read: dict[tuple[str, str], bytes] = {}
        self._lock = Lock()

    def for_writing(self, run_id: str) -> tuple[bytes, dict[str, str]]:
        """The run's data key of this process."""
        with self._lock:
            if run_id not in self._made:
                with asking(f"KMS key {self._key_id}", "allow kms:GenerateDataKey on it, and plan again"):
                    answer = self._client.generate_data_key(
                        KeyId=self._key_id, KeySpec="AES_256", EncryptionContext={_CONTEXT: run_id}
                    )
                encrypted = base64.b64encode(answer["CiphertextBlob"]).decode()
                self._made[run_id] = bytes(answer["Plaintext"]), {"kind": _KIND, "data_key": encrypted}
            key, label = self._made[run_id]
        return key, label

    def for_reading(self, run_id: str, label: dict[str, Any], where: str) -> bytes:
        """The data key that the file was written with, decrypted by this KMS key and no other."""
        encrypted = label.get("data_key")
        if label.get("kind") != _KIND or not isinstance(encrypted, str):
            raise StoreError(
                f"{where}: is not encrypted by KMS, and this store's kms_key_id is {self._key_id}; only plans of that "
                "key are applied; plan the target again"
            )
        with self._lock:
            known = self._read.get((run_id, encrypted))
            if known is None:
                with asking(where, "allow kms:Decrypt on the key that encrypted it, or plan the target again"):
                    answer = self._client.decrypt(
                        CiphertextBlob=_decoded(encrypted),
                        KeyId=self._key_id,
                        EncryptionContext={_CONTEXT: run_id},
                    )
                known = self._read[run_id, encrypted] = bytes(answer["Plaintext"])
        return known


def _decoded(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except ValueError:  # somebody changed it; KMS refuses what is no ciphertext of its own
        return text.encode()
