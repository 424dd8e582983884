"""Where Terraform takes its providers from, without touching the user's own configuration."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from rollout.adapters.terraform_binary import TerraformBinary

MIRROR_VARIABLE = "LAMBDANET_PROVIDER_MIRROR"
_AWS = Path("hashicorp", "aws")
_CREDENTIALS = "credentials.tfrc.json"


@dataclass(frozen=True)
class ProviderSource:
    """Where the providers come from.

    Attributes:
        sentence: the same for people, whole, to stand below an error.
        cli_config: the user's own CLI configuration, when that decides.
        mirror: the filesystem mirror, when one decides.
        providers: those the mirror decides about, such as `registry.terraform.io/hashicorp/aws`.
    """

    sentence: str
    cli_config: Path | None = None
    mirror: Path | None = None
    providers: tuple[str, ...] = ()

    def environment(self, environment: Mapping[str, str], folder: Path) -> dict[str, str]:
        """The environment that makes Terraform use this source; may write a CLI configuration into `folder`.

        A TF_CLI_CONFIG_FILE that names no file is dropped: Terraform would warn on every command and, worse,
        ignore the configuration in the home directory because of it.
        """
        result = dict(environment)
        if _named_cli_config(environment) is None:
            result.pop("TF_CLI_CONFIG_FILE", None)
            result.pop("TERRAFORM_CONFIG", None)
        if self.mirror is not None:
            written = folder / "mirror.tfrc"
            written.write_text(self._cli_config_text(self.mirror), encoding="utf-8")
            result["TF_CLI_CONFIG_FILE"] = str(written)
        return result

    def _cli_config_text(self, mirror: Path) -> str:
        providers = json.dumps(self.providers)
        return (
            "provider_installation {\n"
            "  filesystem_mirror {\n"
            f"    path    = {json.dumps(str(mirror))}\n    include = {providers}\n  }}\n"
            f"  direct {{\n    exclude = {providers}\n  }}\n"
            "}\n"
        )


def find_provider_source(
    environment: Mapping[str, str], binary: TerraformBinary, *, root: Path = Path("/")
) -> ProviderSource:
    """Find where providers come from: the user's CLI configuration, else a mirror, else the registry.

    A mirror is a folder with a `registry.terraform.io/hashicorp/aws` folder in it. LAMBDANET_PROVIDER_MIRROR
    names one outright; otherwise the first of these that is one decides: Terraform's plugin folders of the
    home directory, the share folders of the system, and the folders directly below its opt folder.
    """
    home = Path(environment.get("HOME") or Path.home())
    if (own := _own_cli_config(environment, home, binary)) is not None:
        return ProviderSource(
            f"Providers come as your own Terraform configuration {own} says; check its provider_installation block.",
            cli_config=own,
        )
    if named := environment.get(MIRROR_VARIABLE):
        mirror = Path(named).absolute()
        return _mirror_source(mirror, binary.registry, f"the filesystem mirror {mirror}, named by {MIRROR_VARIABLE}")
    for candidate in _candidates(environment, home, root):
        if _is_folder(candidate / binary.registry / _AWS):
            return _mirror_source(candidate, binary.registry, f"the filesystem mirror {candidate}")
    return ProviderSource(
        f"Providers come from the registry {binary.registry}, because no filesystem mirror was found; "
        f"without a network, set {MIRROR_VARIABLE} to a folder that holds {binary.registry}/{_AWS}."
    )


def _mirror_source(mirror: Path, registry: str, name: str) -> ProviderSource:
    host = mirror / registry
    found = {f"{registry}/{folder.relative_to(host)}" for folder in host.glob("*/*") if folder.is_dir()}
    providers = tuple(sorted(found | {f"{registry}/{_AWS}"}))
    held = ", ".join(sorted(found)) or "no provider at all"
    sentence = (
        f"Providers come from {name}, which holds {held}; put the wanted version there "
        f"(`terraform providers mirror`), or set {MIRROR_VARIABLE} to another mirror."
    )
    return ProviderSource(sentence, mirror=mirror, providers=providers)


def _named_cli_config(environment: Mapping[str, str]) -> Path | None:
    named = environment.get("TF_CLI_CONFIG_FILE") or environment.get("TERRAFORM_CONFIG")
    return Path(named) if named and Path(named).is_file() else None


def _own_cli_config(environment: Mapping[str, str], home: Path, binary: TerraformBinary) -> Path | None:
    """The CLI configuration that Terraform would read by itself."""
    if (named := _named_cli_config(environment)) is not None:
        return named
    places = [home / ".terraformrc"]
    folders = [home / ".terraform.d"]
    if binary.is_tofu:
        own = Path(environment.get("XDG_CONFIG_HOME") or home / ".config") / "opentofu"
        places = [home / ".tofurc", own / "tofurc", *places]
        folders.append(own)
    for folder in folders:
        files = sorted([*folder.glob("*.tfrc"), *folder.glob("*.tfrc.json")])
        places.extend(file for file in files if file.name != _CREDENTIALS)
    return next((place for place in places if place.is_file()), None)


def _candidates(environment: Mapping[str, str], home: Path, root: Path) -> Iterator[Path]:
    yield home / ".terraform.d" / "plugins"
    yield Path(environment.get("XDG_DATA_HOME") or home / ".local" / "share") / "terraform" / "plugins"
    for share in (root / "usr" / "local" / "share", root / "usr" / "share"):
        yield share / "terraform" / "plugins"
        yield share / "terraform"
    with suppress(OSError):
        yield from sorted((root / "opt").iterdir())


def _is_folder(path: Path) -> bool:
    """Whether there is a folder that may be read; what may not be read is no mirror."""
    try:
        return path.is_dir()
    except OSError:
        return False
