"""How an extension changes moto: each change first checks that moto still has the shape it was written for."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, MutableMapping
from typing import Any

import moto

MOTO_VERSION = "5.2.5"
"""The moto version that the extensions are written for."""


class MotoChangedError(RuntimeError):
    """moto no longer has what an extension changes, or has by itself what the extension adds."""

    def __init__(self, what: str, found: str, expected: str) -> None:
        super().__init__(
            f"moto {moto.__version__}: {what} {found}; the extension was written for moto {MOTO_VERSION}, "
            f"where it {expected}; adapt the extension, or remove it if moto no longer needs it"
        )


def wrap(owner: Any, name: str, parameters: str, replacement: Callable[..., Any]) -> None:
    """Put a function in place of a method of moto's.

    Args:
        owner: the class (or module) that has it.
        name: the method's name.
        parameters: its parameter names as moto declares them, separated by spaces.
        replacement: called with the original method first, then with the arguments of the call.

    Raises:
        MotoChangedError: there is no such method, or its parameters are others.
    """
    original = _existing(owner, name)
    found = " ".join(inspect.signature(original).parameters)
    if found != parameters:
        raise MotoChangedError(_path(owner, name), f"takes ({found})", f"takes ({parameters})")

    @functools.wraps(original)
    def wrapped(*args: Any, **kwargs: Any) -> Any:
        return replacement(original, *args, **kwargs)

    setattr(owner, name, wrapped)


def wrap_property(owner: Any, name: str, replacement: Callable[[Any, Any], Any]) -> None:
    """Put a function in place of a read-only property of moto's.

    Args:
        owner: the class that has it.
        name: the property's name.
        replacement: called with the value that moto's property gives, and with the object.

    Raises:
        MotoChangedError: there is no such property, or it can be assigned to.
    """
    original = _existing(owner, name)
    if not isinstance(original, property) or original.fset is not None or original.fget is None:
        raise MotoChangedError(_path(owner, name), "is not a read-only property", "is one")
    getter = original.fget
    setattr(owner, name, property(lambda self: replacement(getter(self), self)))


def add_attribute(owner: Any, name: str, value: Any) -> None:
    """Give a class an attribute that moto's has not.

    Raises:
        MotoChangedError: moto has it by now.
    """
    if hasattr(owner, name):
        raise MotoChangedError(_path(owner, name), "exists", "does not exist")
    setattr(owner, name, value)


def add_action(responses: Any, action: Callable[[Any], Any]) -> None:
    """Let a service answer an action that moto's does not; the function's name is the action's, in snake case.

    Raises:
        MotoChangedError: moto answers it by now.
    """
    add_attribute(responses, action.__name__, action)


def replace_action(responses: Any, action: Callable[[Any], Any]) -> None:
    """Answer an action in place of moto's own method.

    Raises:
        MotoChangedError: moto has no such action.
    """
    wrap(responses, action.__name__, "self", lambda _original, self: action(self))


def add_path(paths: MutableMapping[str, Any], path: str, responses: Any) -> None:
    """Route a path of a REST service, `{0}` being the host, to its response class.

    Raises:
        MotoChangedError: moto routes it by now.
    """
    if path in paths:
        raise MotoChangedError(f"path {path}", "is routed", "is not routed")
    paths[path] = responses.dispatch


def state(backend: Any, name: str) -> dict[Any, Any]:
    """A dictionary of an extension that lives, and is forgotten by a reset, with one of moto's backends."""
    values: dict[Any, Any] = backend.__dict__.setdefault(f"lambdanet_{name}", {})
    return values


def _existing(owner: Any, name: str) -> Any:
    try:
        return inspect.getattr_static(owner, name)
    except AttributeError:
        raise MotoChangedError(_path(owner, name), "does not exist", "exists") from None


def _path(owner: Any, name: str) -> str:
    module = getattr(owner, "__module__", None)
    return f"{module}.{owner.__qualname__}.{name}" if module else f"{owner.__name__}.{name}"
