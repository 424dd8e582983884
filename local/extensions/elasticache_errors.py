"""Errors of ElastiCache that moto 5.2.5 has not, and tags of what it does not know."""

from __future__ import annotations

from typing import Any

# moto is untyped: what comes from it is `Any` throughout this module.
from moto.elasticache.exceptions import ElastiCacheException
from moto.elasticache.models import ElastiCacheBackend

from local.extensions.patching import wrap

_TAGGED = (":parametergroup:", ":serverlesscache:", ":usergroup:")


def install() -> None:
    """Extend moto: it lists the tags of six kinds of resources only."""
    wrap(ElastiCacheBackend, "list_tags_for_resource", "self arn", _tags)


def refused(code: str, message: str) -> ElastiCacheException:
    """An error with one of the codes of the API model."""
    error = ElastiCacheException(message)
    error.code = code
    return error


def _tags(original: Any, backend: Any, arn: str) -> Any:
    if any(kind in arn for kind in _TAGGED):
        return backend.tagging_service.list_tags_for_resource(arn)
    return original(backend, arn)
