"""An extension refuses to be installed on a moto of another shape."""

from __future__ import annotations

from typing import Any

import moto
import pytest

from local.extensions import patching
from local.extensions.patching import MotoChangedError


class Service:
    def answer(self, question: str) -> str:
        return f"moto: {question}"

    @property
    def name(self) -> str:
        return "moto"

    @property
    def assigned(self) -> str:
        return "moto"

    @assigned.setter
    def assigned(self, value: str) -> None: ...


@pytest.fixture
def service() -> Any:
    """A fresh copy of the class, as the extensions change it."""
    return type("Service", (), dict(Service.__dict__))


def message(what: str, found: str, expected: str) -> str:
    return (
        f"moto {moto.__version__}: {__name__}.Service.{what} {found}; the extension was written for moto 5.2.5, "
        f"where it {expected}; adapt the extension, or remove it if moto no longer needs it"
    )


def test_the_extensions_are_written_for_the_installed_moto() -> None:
    assert moto.__version__ == patching.MOTO_VERSION


def test_a_method_is_wrapped(service: Any) -> None:
    patching.wrap(service, "answer", "self question", lambda original, self, question: original(self, question) + "!")
    assert service().answer("why") == "moto: why!"


def test_a_method_with_other_parameters_is_refused(service: Any) -> None:
    with pytest.raises(MotoChangedError) as caught:
        patching.wrap(service, "answer", "self request", lambda *_: None)
    assert str(caught.value) == message("answer", "takes (self question)", "takes (self request)")
    assert service().answer("why") == "moto: why"


def test_a_method_that_is_gone_is_refused(service: Any) -> None:
    with pytest.raises(MotoChangedError) as caught:
        patching.wrap(service, "reply", "self", lambda *_: None)
    assert str(caught.value) == message("reply", "does not exist", "exists")


def test_a_property_is_wrapped(service: Any) -> None:
    patching.wrap_property(service, "name", lambda value, _self: value + "!")
    assert service().name == "moto!"


@pytest.mark.parametrize("name", ["assigned", "answer"])
def test_what_is_not_a_read_only_property_is_refused(service: Any, name: str) -> None:
    with pytest.raises(MotoChangedError) as caught:
        patching.wrap_property(service, name, lambda *_: None)
    assert str(caught.value) == message(name, "is not a read-only property", "is one")


def test_an_action_that_moto_has_by_now_is_refused(service: Any) -> None:
    def answer(_response: Any) -> str:
        return "ours"

    def ask(_response: Any) -> str:
        return "ours"

    with pytest.raises(MotoChangedError) as caught:
        patching.add_action(service, answer)
    assert str(caught.value) == message("answer", "exists", "does not exist")
    patching.add_action(service, ask)
    assert service().ask() == "ours"


def test_a_path_that_moto_routes_by_now_is_refused() -> None:
    paths: dict[str, Any] = {"{0}/old$": None}
    with pytest.raises(MotoChangedError) as caught:
        patching.add_path(paths, "{0}/old$", None)
    assert str(caught.value) == (
        f"moto {moto.__version__}: path {{0}}/old$ is routed; the extension was written for moto 5.2.5, "
        "where it is not routed; adapt the extension, or remove it if moto no longer needs it"
    )
