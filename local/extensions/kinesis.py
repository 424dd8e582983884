"""Kinesis streams: tags of a new stream, and consumers that leave.

moto 5.2.5 ignores `Tags` of CreateStream, and of a consumer that is deregistered by its stream and name it removes all
others.
"""

from __future__ import annotations

from typing import Any

# moto is untyped: what comes from it is `Any` throughout this module.
from moto.kinesis.models import KinesisBackend
from moto.kinesis.responses import KinesisResponse

from local.extensions.patching import wrap


def install() -> None:
    """Extend moto."""
    wrap(KinesisResponse, "create_stream", "self", _create)
    wrap(KinesisBackend, "deregister_stream_consumer", "self stream_arn consumer_name consumer_arn", _deregister)


def _create(original: Any, response: Any) -> Any:
    answer = original(response)
    name, tags = response._get_param("StreamName"), response._get_param("Tags")  # noqa: SLF001  # moto gives parameters no public name
    if tags:
        response.kinesis_backend.add_tags_to_stream(None, name, tags)
    return answer


def _deregister(original: Any, backend: Any, stream_arn: str, consumer_name: str, consumer_arn: str) -> None:
    """Remove one consumer; raises `ConsumerNotFound` where there is none."""
    found = backend.describe_stream_consumer(stream_arn, consumer_name, consumer_arn)
    original(backend, None, None, found.consumer_arn)
