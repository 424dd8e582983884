"""Configuration of an ECR repository."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

from pydantic import Field

from modules.core.config import ConfigModel
from modules.core.errors import Problem
from modules.core.fields import AccountId, Reason, Within
from modules.core.limits import Range
from modules.core.removal import Removal, removal_problems

_KEPT_IMAGES = Range(1, 10_000, "images", "the number of tagged images that are kept", "our bound")
_UNTAGGED_DAYS = Range(1, 3_650, "days", "the age of untagged images", "our bound")


class ImageRepositoryConfig(ConfigModel):
    """A private ECR repository: tags that are never moved, every image scanned, encrypted with the stack's key.

    A lifecycle policy knows nothing of functions: it deletes an image that a function still runs, and Lambda cannot
    bring an idle function back whose image is gone. Keep more images than there are versions in use.

    Raises:
        ConfigError: with every refused field.
    """

    keep_tagged_images: Annotated[int, Within(_KEPT_IMAGES)] = Field(
        default=100, description="Newest tagged images that are kept; more than the functions' versions in use."
    )
    expire_untagged_days: Annotated[int, Within(_UNTAGGED_DAYS)] = Field(
        default=14, description="Days after which an image without a tag is deleted, in days since it was pushed."
    )
    pull_account_ids: tuple[AccountId, ...] = Field(
        default=(), description="Other accounts whose functions in the same region may run the images."
    )
    mutable_tags_reason: Reason = Field(
        default="", description="Why a tag may be moved to another image; empty keeps every tag where it is."
    )
    removal: Removal = Field(
        default="keep",
        description="keep: Terraform refuses to destroy. destroy: the repository goes with the stack, images included.",
    )
    removal_reason: Reason = Field(default="", description="Why the images may be lost; required with removal destroy.")

    def cross_checks(self) -> Iterator[Problem]:
        """A reason for losing images, and each account once."""
        yield from removal_problems(self.removal, self.removal_reason, lost="images")
        ids = self.pull_account_ids
        for account_id in sorted({account_id for account_id in ids if ids.count(account_id) > 1}):
            yield Problem("", f'pull_account_ids holds "{account_id}" twice', "each account once", "remove one")
