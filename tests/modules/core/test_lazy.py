"""Public names of packages."""

from __future__ import annotations

import subprocess
import sys

import pytest

from modules import network
from modules.core.lazy import on_first_use


def test_a_name_comes_from_its_file() -> None:
    get = on_first_use("modules.network", {"BastionConfig": "bastion_config"})
    assert get("BastionConfig") is network.BastionConfig


def test_another_name_is_none_of_the_package() -> None:
    with pytest.raises(AttributeError) as refused:
        on_first_use("modules.network", {})("Bastion")
    assert str(refused.value) == "module 'modules.network' has no attribute 'Bastion'"


def test_what_is_not_named_is_not_imported() -> None:
    code = "import sys, modules.network, modules.function; print('modules.network.bastion_config' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"


@pytest.mark.parametrize("package", ["network", "function", "filesystem"])
def test_every_public_name_is_there(package: str) -> None:
    code = f"import modules.core.engine, modules.{package} as p; [getattr(p, name) for name in p.__all__]"
    subprocess.run([sys.executable, "-c", code], check=True)
