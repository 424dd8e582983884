"""Configuration of code signing."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

from pydantic import Field

from modules.core import limits
from modules.core.config import ConfigModel
from modules.core.errors import Problem
from modules.core.fields import Matching, OneOf


class CodeSigningConfig(ConfigModel):
    """Which signatures Lambda accepts on the function's code."""

    untrusted_artifact: Annotated[str, OneOf(("Warn", "Enforce"), "untrusted_artifact")] = Field(
        default="Warn",
        description="Warn deploys unsigned code and counts it in SignatureValidationErrors; Enforce refuses it.",
    )
    signing_profile_version_arns: tuple[
        Annotated[
            str,
            Matching(
                rf"arn:aws(?:-cn|-us-gov)?:signer:{limits.REGION}:\d{{12}}:/signing-profiles/\w{{2,64}}/[A-Za-z0-9]{{10}}",
                "a signing profile version's ARN names region, account, profile and version",
                "copy it from AWS Signer",
            ),
        ],
        ...,
    ] = Field(default=(), description="Trusted publishers, at most 20; empty makes a profile for this function.")

    def cross_checks(self) -> Iterator[Problem]:
        """Each publisher once, and at most as many as Lambda takes."""
        arns = self.signing_profile_version_arns
        for arn in sorted({arn for arn in arns if arns.count(arn) > 1}):
            yield Problem("", f'signing_profile_version_arns holds "{arn}" twice', "each publisher once", "remove one")
        if len(arns) > _MAX_PUBLISHERS:
            given = f"signing_profile_version_arns has {len(arns)} entries"
            yield Problem("", given, "Lambda takes 20 (Lambda API)", "remove some")


_MAX_PUBLISHERS = 20
