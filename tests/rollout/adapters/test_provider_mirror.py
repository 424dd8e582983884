from __future__ import annotations

from pathlib import Path

import pytest

from rollout.adapters.provider_mirror import ProviderSource, find_provider_source
from rollout.adapters.terraform_binary import TerraformBinary

TERRAFORM = TerraformBinary(("terraform",), "PATH")
TOFU = TerraformBinary(("tofu",), "PATH")


class Machine:
    """A file system and a home directory of its own."""

    def __init__(self, folder: Path) -> None:
        self.root, self.home, self.scratch = folder / "root", folder / "home", folder / "scratch"
        for place in (self.root, self.home, self.scratch):
            place.mkdir()

    def mirror(self, place: Path, *, registry: str = "registry.terraform.io") -> Path:
        (place / registry / "hashicorp" / "aws" / "5.100.0").mkdir(parents=True)
        return place

    def source(self, binary: TerraformBinary = TERRAFORM, **environment: str) -> ProviderSource:
        return find_provider_source({"HOME": str(self.home)} | environment, binary, root=self.root)


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


def test_an_existing_configuration_of_the_users_decides_and_stays_as_it_is(machine: Machine) -> None:
    machine.mirror(machine.home / ".terraform.d" / "plugins")
    own = machine.home / "own.tfrc"
    own.write_text("# mine", encoding="utf-8")
    source = machine.source(TF_CLI_CONFIG_FILE=str(own))
    assert (source.cli_config, source.mirror) == (own, None)
    assert source.environment({"TF_CLI_CONFIG_FILE": str(own)}, machine.scratch) == {"TF_CLI_CONFIG_FILE": str(own)}
    assert own.read_text(encoding="utf-8") == "# mine"
    assert list(machine.scratch.iterdir()) == []


def test_a_named_configuration_that_does_not_exist_is_ignored(machine: Machine) -> None:
    mirror = machine.mirror(machine.root / "opt" / "providers")
    absent = str(machine.home / "absent.tfrc")
    source = machine.source(TF_CLI_CONFIG_FILE=absent)
    assert source.mirror == mirror
    environment = source.environment({"TF_CLI_CONFIG_FILE": absent, "A": "1"}, machine.scratch)
    assert environment == {"A": "1", "TF_CLI_CONFIG_FILE": str(machine.scratch / "mirror.tfrc")}


def test_the_home_configuration_is_read_again_once_the_dangling_variable_is_gone(machine: Machine) -> None:
    own = machine.home / ".terraformrc"
    own.touch()
    absent = str(machine.home / "absent.tfrc")
    source = machine.source(TF_CLI_CONFIG_FILE=absent)
    assert source.cli_config == own
    assert source.environment({"TF_CLI_CONFIG_FILE": absent}, machine.scratch) == {}


@pytest.mark.parametrize(
    ("file", "binary", "is_own"),
    [
        (".terraformrc", TERRAFORM, True),
        (".terraform.d/mirror.tfrc", TERRAFORM, True),
        (".terraform.d/mirror.tfrc.json", TERRAFORM, True),
        (".terraform.d/credentials.tfrc.json", TERRAFORM, False),
        (".tofurc", TERRAFORM, False),
        (".tofurc", TOFU, True),
        (".config/opentofu/tofurc", TOFU, True),
        (".terraformrc", TOFU, True),
    ],
)
def test_which_files_are_the_users_own(machine: Machine, file: str, binary: TerraformBinary, *, is_own: bool) -> None:
    own = machine.home / file
    own.parent.mkdir(parents=True, exist_ok=True)
    own.touch()
    assert machine.source(binary).cli_config == (own if is_own else None)


def test_the_first_place_that_has_the_provider_decides(machine: Machine) -> None:
    share, system = machine.home / ".local" / "share", machine.root / "usr"
    places = [
        machine.home / ".terraform.d" / "plugins",
        share / "terraform" / "plugins",
        system / "local" / "share" / "terraform" / "plugins",
        system / "share" / "terraform" / "plugins",
        machine.root / "opt" / "any-name",
        machine.root / "opt" / "later-name",
    ]
    found: list[Path | None] = [machine.source().mirror]
    for place in reversed(places):
        machine.mirror(place)
        found.append(machine.source().mirror)
    assert found == [None, *reversed(places)]
    moved = machine.mirror(machine.home / "data" / "terraform" / "plugins")
    (places[0] / "registry.terraform.io").rename(machine.home / "away")
    assert machine.source(XDG_DATA_HOME=str(machine.home / "data")).mirror == moved


def test_a_folder_without_the_provider_is_no_mirror(machine: Machine) -> None:
    (machine.root / "opt" / "other" / "registry.terraform.io" / "hashicorp" / "random").mkdir(parents=True)
    (machine.root / "opt" / "file").touch()
    machine.mirror(machine.root / "opt" / "tofu", registry="registry.opentofu.org")
    source = machine.source()
    assert (source.mirror, source.cli_config) == (None, None)
    assert source.sentence == (
        "Providers come from the registry registry.terraform.io, because no filesystem mirror was found; "
        "without a network, set LAMBDANET_PROVIDER_MIRROR to a folder that holds "
        "registry.terraform.io/hashicorp/aws."
    )
    assert source.environment({"A": "1"}, machine.scratch) == {"A": "1"}
    assert machine.source(TOFU).mirror == machine.root / "opt" / "tofu"


def test_a_mirror_serves_what_it_holds_and_the_registry_the_rest(machine: Machine) -> None:
    mirror = machine.mirror(machine.root / "opt" / 'odd "name')
    (mirror / "registry.terraform.io" / "hashicorp" / "archive").mkdir()
    environment = machine.source().environment({}, machine.scratch)
    providers = '["registry.terraform.io/hashicorp/archive", "registry.terraform.io/hashicorp/aws"]'
    path = str(mirror).replace('"', '\\"')
    assert Path(environment["TF_CLI_CONFIG_FILE"]).read_text(encoding="utf-8") == (
        "provider_installation {\n"
        f'  filesystem_mirror {{\n    path    = "{path}"\n    include = {providers}\n  }}\n'
        f"  direct {{\n    exclude = {providers}\n  }}\n"
        "}\n"
    )


def test_the_named_mirror_decides_even_without_the_provider(machine: Machine) -> None:
    machine.mirror(machine.home / ".terraform.d" / "plugins")
    empty = machine.home / "empty"
    empty.mkdir()
    source = machine.source(LAMBDANET_PROVIDER_MIRROR=str(empty))
    assert (source.mirror, source.providers) == (empty, ("registry.terraform.io/hashicorp/aws",))
    assert source.sentence == (
        f"Providers come from the filesystem mirror {empty}, named by LAMBDANET_PROVIDER_MIRROR, which holds "
        "no provider at all; put the wanted version there (`terraform providers mirror`), or set "
        "LAMBDANET_PROVIDER_MIRROR to another mirror."
    )
