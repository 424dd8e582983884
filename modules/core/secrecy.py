"""Names that stand for secrets, so that what they hold is neither passed in clear text nor shown."""

from __future__ import annotations

import re

_SECRET_NAME = re.compile(r"(?:^|_)(?:PASSWORD|PASSWD|SECRET|API_?KEY|PRIVATE_KEY|ACCESS_KEY|TOKEN)$", re.IGNORECASE)


def names_secret(name: str) -> bool:
    """Whether a field or variable of that name holds a secret itself, as `DB_PASSWORD` does; `SECRET_ARN` does not."""
    return bool(_SECRET_NAME.search(name))
