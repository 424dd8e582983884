"""What ends a release that cannot be planned or carried out."""

from __future__ import annotations

from modules.core.errors import SuiteError


class ReleaseError(SuiteError):
    """A release was refused, failed, or could not be read; traffic is where it was before (exit code 1)."""

    exit_code = 1


class UnsettledError(ReleaseError):
    """Traffic is neither where it was before nor where it should be, or is still moving (exit code 3)."""

    exit_code = 3
