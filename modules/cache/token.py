"""One token for all clients of a replication group, generated without anybody seeing it."""

from __future__ import annotations

import modules.core.engine

from constructs import Construct

from modules.cache.config import CacheConfig
from modules.key import KeyBase
from modules.secret import Secret, SecretConfig

ROTATION_OFF_REASON = "a higher token_version changes it"
_LENGTH = 64
_REFUSED = " \"%'()*+,./:;=?@[\\]_`{|}~"
"""Printable characters that a token has none of; of punctuation it takes ! & # $ ^ < > - (elasticache API model)."""


def token_secret(scope: Construct, *, thing: str, config: CacheConfig, key: KeyBase) -> Secret:
    """The secret that holds the token, as `password` inside JSON.

    A higher `token_version` puts a new one and hands it to the cache with the same apply.
    """
    goes = config.removal == "destroy"
    return Secret(
        scope,
        f"{thing}-token",
        config=SecretConfig.parse(
            {
                "description": f"Token of the cache {thing}",
                "value": {
                    "password_length": _LENGTH,
                    "exclude_characters": _REFUSED,
                    "version": config.token_version,
                },
                "rotation_off_reason": ROTATION_OFF_REASON,
                "removal": config.removal,
                "removal_reason": config.removal_reason,
                "recovery_window_days": 0 if goes else 30,
            }
        ),
        key=key,
    )
