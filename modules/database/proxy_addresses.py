"""How many IP addresses a proxy needs. Nothing here knows Terraform."""

from __future__ import annotations

import re

from modules.core import limits

_FEWEST = 10
_BY_SIZE = {2: 15, 4: 25, 8: 45, 12: 60, 16: 75, 24: 110}
"""Factor of an instance class, such as 4 of `4xlarge` → addresses to keep free (RDS guide, RDS Proxy prerequisites)."""

_BY_ACU = {16: 10, 32: 15, 64: 25, 96: 30, 128: 40, 160: 50, 192: 55, 224: 65, 256: 75}
"""Most capacity units → addresses to keep free (RDS guide, RDS Proxy prerequisites)."""

_PER_ENDPOINT = 3
_SIZE = re.compile(r"db\.[a-z0-9-]+\.(\d+)xlarge", re.ASCII)


def addresses_needed(*, instance_class: str = "", max_acu: float = 0, endpoints: int = 0) -> int:
    """Addresses that a proxy needs of its subnets together, by the largest instance behind it.

    Between two rows of AWS's tables the larger one holds, and above the last one 215, as a proxy takes no more. What is
    not known counts as an instance up to xlarge.

    Args:
        instance_class: such as `db.r6g.4xlarge`.
        max_acu: for Aurora Serverless v2: most capacity units.
        endpoints: endpoints beside the default one.
    """
    found = _SIZE.fullmatch(instance_class)
    if max_acu:
        own = next((needed for most, needed in _BY_ACU.items() if max_acu <= most), limits.PROXY_MAX_ADDRESSES)
    elif found:
        factor = int(found[1])
        own = next((needed for most, needed in _BY_SIZE.items() if factor <= most), limits.PROXY_MAX_ADDRESSES)
    else:
        own = _FEWEST
    return min(own + _PER_ENDPOINT * endpoints, limits.PROXY_MAX_ADDRESSES)
