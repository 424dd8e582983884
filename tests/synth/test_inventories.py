from __future__ import annotations

from typing import Any

import pytest

from tests.synth import refresh
from tests.synth.inventory import FOLDER, NAMES, Inventory, differences, elements
from tests.synth.project import Synthesized

pytestmark = pytest.mark.synth


@pytest.mark.parametrize("name", NAMES)
def test_the_stack_holds_to_the_inventory(name: str, document: dict[str, Any]) -> None:
    inventory = Inventory.parse(name, (FOLDER / f"{name}.yaml").read_text(encoding="utf-8"))

    found = differences(inventory, document)

    assert not found, "\n".join([*found, f"if that is meant: python -m tests.synth.refresh {name}"])


@pytest.mark.parametrize("name", NAMES)
def test_refreshing_an_inventory_that_holds_changes_nothing(name: str, document: dict[str, Any]) -> None:
    text = (FOLDER / f"{name}.yaml").read_text(encoding="utf-8")

    assert refresh.refreshed(name, text, document) == (text, [])


def test_every_module_of_the_stack_has_an_inventory(document: dict[str, Any]) -> None:
    scopes = {Inventory.parse(name, (FOLDER / f"{name}.yaml").read_text(encoding="utf-8")).scope for name in NAMES}
    paths = {
        body["//"]["metadata"]["path"].split("/")[1]
        for section in ("resource", "data")
        for members in document.get(section, {}).values()
        for body in members.values()
    }

    assert scopes == paths | {""}
    assert sum(len(elements(document, scope)) for scope in paths) == len(
        [address for address in elements(document) if address.startswith(("aws_", "data."))]
    )


def test_a_synth_says_nothing(synthesized: Synthesized) -> None:
    assert synthesized.output == ""


def test_refresh_names_the_inventories_it_knows(capsys: pytest.CaptureFixture[str]) -> None:
    assert refresh.main(["nothing"]) == 2
    assert capsys.readouterr().err == f"name one inventory ({', '.join(NAMES)}) or all\n"
