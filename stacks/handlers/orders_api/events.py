"""How the function is called: over HTTP (an API Gateway HTTP API or a function URL), or directly."""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass
from typing import Any

from problems import RequestError


@dataclass(frozen=True)
class HttpRequest:
    """An HTTP request out of a payload of format 2.0.

    Attributes:
        method: in capitals.
        path: without the stage's name, without a slash at the end.
        body: as received, possibly encoded.
        encoded: whether the body is in base64.
    """

    method: str
    path: str
    body: str
    encoded: bool

    @classmethod
    def parse(cls, event: dict[str, Any]) -> HttpRequest | None:
        """The request, or None when the function was called directly."""
        context = event.get("requestContext")
        if event.get("version") != "2.0" or not isinstance(context, dict) or "http" not in context:
            return None
        path = event.get("rawPath") or "/"
        stage = context.get("stage", "$default")  # a named stage stands in front of rawPath
        if stage != "$default" and f"{path}/".startswith(f"/{stage}/"):
            path = path[len(stage) + 1 :]
        return cls(
            context["http"]["method"].upper(),
            path.rstrip("/") or "/",
            event.get("body") or "",
            bool(event.get("isBase64Encoded")),
        )

    def json(self) -> Any:
        """The body's content.

        Raises:
            RequestError: when it is not JSON in UTF-8.
        """
        try:
            return json.loads(base64.b64decode(self.body, validate=True) if self.encoded else self.body)
        except (ValueError, RecursionError):
            raise RequestError("the body is not JSON") from None


def response(status: int, body: dict[str, Any]) -> dict[str, Any]:
    """An HTTP response in format 2.0."""
    return {
        "statusCode": status,
        "headers": {"content-type": "application/json"},
        "body": json.dumps(body),
    }
