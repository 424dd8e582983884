"""What the extensions of Lambda share: the parts of a request, and Lambda's errors."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from urllib.parse import unquote

# moto is untyped: what comes from it is `Any` throughout this module.
from moto.awslambda.exceptions import LambdaClientError

FUNCTION_PATH = r"{0}/(?P<api_version>[^/]+)/functions/(?P<function_name>[\w_:%-]+)/"
"""The path of everything that belongs to a function, without its last part."""


class LambdaNotFoundError(LambdaClientError):  # type: ignore[misc]  # moto is untyped
    """An error with status 404."""

    code = 404

    def __init__(self, message: str, error: str = "ResourceNotFoundException") -> None:
        super().__init__(error, message)


class LambdaConflictError(LambdaClientError):  # type: ignore[misc]  # moto is untyped
    """An error with status 409: something else needs what the request would remove."""

    code = 409

    def __init__(self, message: str) -> None:
        super().__init__("ResourceConflictException", message)


def path_part(response: Any, name: str) -> str:
    """A part of the request's path by the name that it has in botocore's model, such as `FunctionName`."""
    return unquote(response.uri_match[name])


def qualifier_of(response: Any) -> str | None:
    """The version or alias that the request is about, if it names one."""
    values: list[str] = response.querystring.get("Qualifier", [])
    return values[0] if values else None


def function_of(response: Any, *, qualified: bool = False) -> Any:
    """The function that the request is about; moto raises Lambda's own error when there is none.

    Args:
        response: moto's response object of the request.
        qualified: whether the version or alias that the request names must exist as well.
    """
    return response.backend.get_function(
        path_part(response, "FunctionName"), qualifier_of(response) if qualified else None
    )


def now() -> str:
    """The current time as Lambda writes it."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.%f+0000")
