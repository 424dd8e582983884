"""SNS topics: attributes that moto 5.2.5 stores and never returns.

These are the signature's version, tracing, the scope of FIFO throughput and duplicates, archiving, and the roles and
samples of delivery logs.
"""

from __future__ import annotations

from typing import Any

# moto is untyped: what comes from it is `Any` throughout this module.
from moto.sns.models import SNSBackend
from moto.sns.responses import SNSResponse

from local.extensions.patching import state, wrap

_LOGGED = ("Application", "Firehose", "HTTP", "Lambda", "SQS")
_LOG_PARTS = ("FailureFeedbackRoleArn", "SuccessFeedbackRoleArn", "SuccessFeedbackSampleRate")
_ATTRIBUTES = {
    "ArchivePolicy", "FifoThroughputScope", "SignatureVersion", "TracingConfig",
    *(f"{protocol}{part}" for protocol in _LOGGED for part in _LOG_PARTS),
}  # fmt: skip


def install() -> None:
    """Extend moto."""
    wrap(SNSResponse, "create_topic", "self", _create)
    wrap(SNSResponse, "set_topic_attributes", "self", _set)
    wrap(SNSResponse, "get_topic_attributes", "self", _get)
    wrap(SNSBackend, "delete_topic", "self arn", _delete)


def _create(original: Any, response: Any) -> Any:
    answer = original(response)
    given = response._get_attributes() or {}  # noqa: SLF001  # moto gives parameters no public name
    _known(response, answer.result["TopicArn"]).update({k: v for k, v in given.items() if k in _ATTRIBUTES})
    return answer


def _set(original: Any, response: Any) -> Any:
    answer = original(response)
    arn, name, value = (
        response._get_param(each)  # noqa: SLF001  # moto gives parameters no public name
        for each in ("TopicArn", "AttributeName", "AttributeValue")
    )
    if name in _ATTRIBUTES:
        _known(response, arn)[name] = value
    return answer


def _get(original: Any, response: Any) -> Any:
    answer = original(response)
    attributes = answer.result["Attributes"]
    attributes.update({name: value for name, value in _known(response, attributes["TopicArn"]).items() if value})
    return answer


def _delete(original: Any, backend: Any, arn: str) -> Any:
    state(backend, "topic_attributes").pop(arn, None)
    return original(backend, arn)


def _known(response: Any, arn: str) -> dict[str, Any]:
    found: dict[str, Any] = state(response.backend, "topic_attributes").setdefault(arn, {})
    return found
