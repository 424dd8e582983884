"""Whether the handler exists, told without importing it: its dependencies are not installed here."""

from __future__ import annotations

import ast
import re
import sys
import warnings
from collections.abc import Callable, Collection, Iterator

from modules.core.errors import ConfigError
from modules.function.packaging.platforms import Platform

_HANDLER = re.compile(r"[^\W\d]\w*(?:[./][^\W\d]\w*)*\.[^\W\d]\w*")


def check_handler(
    handler: str, files: Collection[str], read: Callable[[str], bytes], platform: Platform, where: str
) -> None:
    """Refuse a handler that Lambda would fail to import or call.

    Args:
        handler: `module.function`; the module may lie in packages, written with dots or slashes.
        files: name in the package of every source file.
        read: gives the content of one of them.
        platform: where the function runs; its Python version decides what is valid syntax.
        where: place for error messages.

    Raises:
        ConfigError: when the form is wrong, the file or function is missing, the function is a coroutine, or
            the file is not Python that the runtime understands.
    """
    if not _HANDLER.fullmatch(handler):
        raise ConfigError.single(
            where,
            f'handler is "{handler}"',
            "it has the form module.function",
            'write, for example, "handler.handler"',
        )
    module, _, function = handler.rpartition(".")
    stem = module.replace(".", "/")
    name = next((name for name in (f"{stem}/__init__.py", f"{stem}.py") if name in files), None)
    if name is None:
        raise ConfigError.single(
            where,
            f'handler is "{handler}", and the source has no {stem}.py',
            "the handler's module is a file of the source that is not excluded",
            "add the file, or correct handler",
        )
    binding = _binding(read(name), name, function, platform, where)
    if binding is None:
        raise ConfigError.single(
            where,
            f'handler is "{handler}", and {name} does not define {function}',
            "the handler is a function at the top level of its module",
            "define it, or correct handler",
        )
    if isinstance(binding, ast.AsyncFunctionDef):
        raise ConfigError.single(
            where,
            f'handler is "{handler}", a coroutine',
            "Lambda calls the handler without awaiting it",
            "define it with def, and call asyncio.run inside",
        )


def _binding(text: bytes, name: str, function: str, platform: Platform, where: str) -> object:
    newest = sys.version_info.minor
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # doubtful escapes in the user's file are not ours to report
            module = ast.parse(text, filename=name, feature_version=(3, min(platform.minor, newest)))
    except (SyntaxError, ValueError) as error:
        if platform.minor > newest:  # the runtime's Python knows syntax that this one cannot judge
            return _textual_binding(text, function)
        line = f", line {error.lineno}" if isinstance(error, SyntaxError) and error.lineno else ""
        reason = error.msg if isinstance(error, SyntaxError) else str(error)
        raise ConfigError.single(
            where,
            f"{name}{line} cannot be parsed ({reason})",
            f"the handler's module is valid for Python {platform.python_version}",
            "correct the syntax, or choose a newer runtime",
        ) from None
    return next((node for bound, node in _bindings(module.body) if bound == function), None)


def _textual_binding(text: bytes, function: str) -> object:
    wanted = rb"^(?:def[ \t]+%(name)s\b|%(name)s[ \t]*[:=]|from[ \t].*\b%(name)s\b)" % {b"name": function.encode()}
    return re.search(wanted, text, re.MULTILINE)


def _bindings(body: list[ast.stmt]) -> Iterator[tuple[str, ast.stmt]]:
    """Names bound at module level: by definition, assignment or import, also below `if`, `try` and `with`."""
    for node in body:
        match node:
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
                yield name, node
            case ast.Assign(targets=targets):
                yield from ((target.id, node) for target in targets if isinstance(target, ast.Name))
            case ast.AnnAssign(target=ast.Name(id=name), value=value) if value is not None:
                yield name, node
            case ast.Import(names=names) | ast.ImportFrom(names=names):
                yield from ((alias.asname or alias.name, node) for alias in names)
            case ast.If(body=inner, orelse=other):
                yield from _bindings([*inner, *other])
            case ast.Try(body=inner, handlers=handlers, orelse=other, finalbody=last):
                caught = [statement for handler in handlers for statement in handler.body]
                yield from _bindings([*inner, *caught, *other, *last])
            case ast.With(body=inner):
                yield from _bindings(inner)
