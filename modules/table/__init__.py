"""DynamoDB tables that functions read and write."""

from __future__ import annotations

from typing import TYPE_CHECKING

from modules.core.lazy import on_first_use
from modules.table.capacity_config import OnDemandConfig, ProvisionedConfig, ScaledUnitsConfig
from modules.table.config import TableConfig
from modules.table.index_config import GlobalIndexConfig, IndexCapacityConfig, KeyAttributeConfig, LocalIndexConfig

if TYPE_CHECKING:
    from modules.table.base import TableBase
    from modules.table.construct import Table
    from modules.table.existing import ExistingTable

__all__ = [
    "ExistingTable",
    "GlobalIndexConfig",
    "IndexCapacityConfig",
    "KeyAttributeConfig",
    "LocalIndexConfig",
    "OnDemandConfig",
    "ProvisionedConfig",
    "ScaledUnitsConfig",
    "Table",
    "TableBase",
    "TableConfig",
]

__getattr__ = on_first_use(__name__, {"ExistingTable": "existing", "Table": "construct", "TableBase": "base"})
