"""Configuration of a function's alias: which version callers get, and how a new one becomes theirs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

from pydantic import Field

from modules.core import limits
from modules.core.config import ConfigModel
from modules.core.errors import Problem
from modules.core.fields import Matching, OneOf, Within
from modules.function.provisioned_config import ProvisionedConcurrencyConfig

_Version = Annotated[int, Within(limits.LAMBDA_VERSION, literal=True)]


class RoutingConfig(ConfigModel):
    """A second published version that gets a share of the invocations; the alias's own version gets the rest.

    Lambda takes two versions with the same role and the same dead letters, both published (Lambda guide, weighted
    aliases). Before somebody else moves the alias, CodeDeploy or Lambda itself with provisioned concurrency, the
    weights are taken away in an apply of their own, as Terraform leaves them alone from then on.

    Raises:
        ConfigError: with every refused field.
    """

    additional_version: _Version = Field(description="Number of the second version, which is published already.")
    additional_version_percent: Annotated[int, Within(limits.LAMBDA_ALIAS_WEIGHT_PERCENT, literal=True)] = Field(
        description="Share of the invocations that it gets, in percent. 1 to 99: with 0 or 100 one version gets all."
    )

    @property
    def weight(self) -> float:
        """The share as Lambda takes it, above 0 and below 1."""
        return self.additional_version_percent / 100


class AliasConfig(ConfigModel):
    """The name under which a function is invoked; whatever invokes the function invokes its alias.

    Lambda then publishes a version at every change of code or configuration.

    Raises:
        ConfigError: with every refused field.
    """

    name: Annotated[
        str,
        Matching(
            r"(?!\d+$)[A-Za-z0-9_-]+",
            "an alias has 1 to 128 letters, digits, hyphens and underscores, not digits alone (lambda API model)",
            "rename it, such as live",
            limits.LAMBDA_MAX_ALIAS_LENGTH,
            literal=True,
        ),
    ] = Field(default="live", description="Name of the alias, taken as it is given.")
    description: Annotated[
        str, Matching(r".*", "a description has at most 256 characters on one line", "shorten it", 256)
    ] = Field(default="", description="What the alias is for.")
    shift: Annotated[str, OneOf(("at_once", "codedeploy"), "shift", literal=True)] = Field(
        default="at_once",
        description="at_once: Terraform points the alias to the new version. codedeploy: Terraform makes the alias and "
        "leaves its version and weights to CodeDeploy from then on.",
    )
    version: _Version | None = Field(
        default=None,
        description="Number of the version that the alias stays with, such as the one before a bad release; null for "
        "the version that was published last.",
    )
    routing: RoutingConfig | None = Field(
        default=None, description="A second version and its share of the invocations; none by default."
    )
    provisioned_concurrency: ProvisionedConcurrencyConfig | None = Field(
        default=None, description="Environments that are kept ready; none by default."
    )

    def cross_checks(self) -> Iterator[Problem]:
        """One who moves the alias, two versions that differ, and no weights with provisioned concurrency."""
        if self.shift == "codedeploy":
            yield from self._codedeploy_problems()
        if self.routing is None:
            return
        if self.version == self.routing.additional_version:
            yield Problem(
                "",
                f"version is {self.version} and routing.additional_version is {self.version}",
                "an alias shares invocations between two versions (Lambda guide, weighted aliases)",
                "name another version, or remove routing",
            )
        if self.provisioned_concurrency is not None:
            yield Problem(
                "",
                "routing and provisioned_concurrency are set",
                "Lambda keeps no environments ready for an alias with weights (PutProvisionedConcurrencyConfig)",
                "remove one of them",
            )

    def _codedeploy_problems(self) -> Iterator[Problem]:
        for field in ("routing", "version"):
            if getattr(self, field) is not None:
                yield Problem(
                    "",
                    f'shift is "codedeploy" and {field} is set',
                    "CodeDeploy moves the alias, and Terraform ignores its version and weights",
                    f"remove {field}, or set shift to at_once",
                )
