"""The engine's own tokens are recognised, in every form it gives them."""

from __future__ import annotations

import pytest

from modules.core.tokens import is_token

pytestmark = pytest.mark.synth


def test_every_form_of_token_that_the_engine_gives_is_recognised() -> None:
    import modules.core.engine  # noqa: PLC0415  # starts Node, which the other tests here do without

    from cdktf import Token  # noqa: PLC0415  # after the engine

    forms = {
        "text": Token.as_string({"a": 1}),
        "number": Token.as_number("${var.x}"),
        "list": Token.as_list("${var.x}"),
        "numbers": Token.as_number_list("${var.x}"),
        "mapping": Token.as_map("${var.x}", "${var.y}"),
    }
    assert {name: is_token(form) for name, form in forms.items()} == dict.fromkeys(forms, True)
    assert isinstance(forms["number"], float)
    assert isinstance(forms["list"], list)
    assert len(forms["list"]) == 1  # it looks like a list of one
