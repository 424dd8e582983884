"""The page that a reviewer reads instead of the plans: what changes, what is lost, what is new against the base."""

from __future__ import annotations

from rollout.review.build import Given, review
from rollout.review.model import Review

__all__ = ["Given", "Review", "review"]
