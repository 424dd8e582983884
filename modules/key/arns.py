"""ARNs of KMS keys, as configurations and constructs take them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Annotated

from modules.core import limits
from modules.core.errors import Problem
from modules.core.fields import Matching
from modules.core.tokens import is_token

_PATTERN = rf"arn:aws(?:-cn|-us-gov)?:kms:{limits.REGION}:\d{{12}}:key/(?:mrk-)?[A-Za-z0-9-]{{1,64}}"
_ALLOWED = "a KMS key's ARN reads like arn:aws:kms:eu-west-1:123456789012:key/..."
_FIX = "copy it from AWS KMS"

KmsKeyArn = Annotated[str, Matching(rf"(?:{_PATTERN})?", _ALLOWED, _FIX)]
"""ARN of a key, never of an alias, as IAM statements name keys; empty for AWS's own key."""


def key_arn_problems(field: str, arn: str) -> Iterator[Problem]:
    """Why `arn` is no key's ARN; a token is not judged, and neither is an empty one."""
    if arn and not is_token(arn) and not re.fullmatch(_PATTERN, arn, re.ASCII):
        yield Problem("", f'{field} is "{arn}"', _ALLOWED, _FIX)
