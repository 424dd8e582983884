"""What can be wrong with a request, as callers are told."""

from __future__ import annotations


class RequestError(Exception):
    """The caller's mistake: the request cannot succeed however often it is sent.

    Attributes:
        status: HTTP status.
        error: short name for programs.
        details: one sentence per problem, for people.
    """

    status = 400
    error = "bad_request"

    def __init__(self, *details: str) -> None:
        self.details = details
        super().__init__("; ".join(details))


class NotFoundError(RequestError):
    """What the request asks for does not exist."""

    status = 404
    error = "not_found"


class UnavailableError(Exception):
    """The database cannot be reached at the moment; the same request may succeed later."""
