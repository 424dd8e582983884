"""Checkov made to tell what it would pass over: to be imported before anything of Checkov."""

from __future__ import annotations

import concurrent.futures
import functools
import logging
from collections.abc import Callable
from typing import Any

DOUBTS: list[str] = []
"""What went wrong in this process, each a few words; whatever is here, the results are not believed."""


_PASSED_OVER = (
    "Custom policy ",
    "Failed to add block",
    "Failed to parse check id",
    "failed to run regex",
    "tf plan resource address should not be empty",
)
"""How warnings begin that tell of something that is not judged; the others tell what somebody should do."""


class _Direct(concurrent.futures.Executor):
    """Runs what is submitted at once, and raises what that raises: Checkov never asks its futures."""

    def __init__(self, *_: Any, **__: Any) -> None:
        """Take what a thread pool takes."""

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> concurrent.futures.Future[Any]:
        """Run it."""
        future = concurrent.futures.Future[Any]()
        future.set_result(fn(*args, **kwargs))
        return future


class _Doubting(logging.Handler):
    """Every error of Checkov is a doubt, and so are some warnings."""

    def emit(self, record: logging.LogRecord) -> None:
        """Keep the message, with the exception where there is one."""
        if record.levelno < logging.ERROR and not record.getMessage().startswith(_PASSED_OVER):
            return
        error = record.exc_info[1] if record.exc_info else None
        told = f" ({type(error).__name__}: {error})" if error else ""
        DOUBTS.append(f"Checkov reports: {record.getMessage()}{told}")


def install() -> None:
    """Take the place of thread pools and of the log."""
    concurrent.futures.ThreadPoolExecutor = _Direct  # type: ignore[assignment,misc]  # what Checkov imports
    root = logging.getLogger()
    root.handlers = [_Doubting(logging.WARNING)]
    root.setLevel(logging.WARNING)


def warm() -> None:
    """Build the parser of JSON paths once; Checkov builds it for every path, which takes half of a scan."""
    import ply.yacc  # noqa: PLC0415  # in Checkov's environment only
    from bc_jsonpath_ng.ext import parse  # noqa: PLC0415  # likewise

    build, built = ply.yacc.yacc, dict[tuple[type, str], Any]()

    @functools.wraps(build)
    def once(*, module: Any, start: str, **options: Any) -> Any:
        key = (type(module), start)
        if key not in built:
            built[key] = build(module=module, start=start, **options)
        return built[key]

    ply.yacc.yacc = once
    parse("$")
