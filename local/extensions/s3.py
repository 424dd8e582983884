"""S3: events that go to EventBridge.

moto 5.2.5 keeps `EventBridgeConfiguration`, and leaves it out when a bucket's notifications are read.
"""

from __future__ import annotations

from typing import Any

# moto is untyped: what comes from it is `Any` throughout this module.
from moto.s3.responses import S3Response

from local.extensions.patching import wrap

_END = "</NotificationConfiguration>"
_EVENT_BRIDGE = "<EventBridgeConfiguration></EventBridgeConfiguration>"


def install() -> None:
    """Extend moto."""
    wrap(S3Response, "get_bucket_notification", "self", _notifications)


def _notifications(original: Any, response: Any) -> Any:
    status, headers, body = original(response)
    known = response.backend.get_bucket_notification_configuration(response.bucket_name)
    if known is not None and known.event_bridge is not None:
        text = body.decode() if isinstance(body, bytes) else body
        others = text.removesuffix(_END) if text.endswith(_END) else f"{text.removesuffix('/>')}>"
        body = f"{others}{_EVENT_BRIDGE}{_END}"
    return status, headers, body
