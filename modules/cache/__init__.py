"""ElastiCache: replication groups and serverless caches that functions connect to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from modules.cache.config import CacheConfig
from modules.cache.serverless_config import ServerlessCacheConfig
from modules.cache.users_config import ExistingUserConfig, IamUserConfig
from modules.core.lazy import on_first_use

if TYPE_CHECKING:
    from modules.cache.base import CacheBase, SignIn
    from modules.cache.construct import Cache
    from modules.cache.existing import ExistingCache
    from modules.cache.serverless import ServerlessCache

__all__ = [
    "Cache",
    "CacheBase",
    "CacheConfig",
    "ExistingCache",
    "ExistingUserConfig",
    "IamUserConfig",
    "ServerlessCache",
    "ServerlessCacheConfig",
    "SignIn",
]

__getattr__ = on_first_use(
    __name__,
    {
        "Cache": "construct",
        "CacheBase": "base",
        "ExistingCache": "existing",
        "ServerlessCache": "serverless",
        "SignIn": "base",
    },
)
