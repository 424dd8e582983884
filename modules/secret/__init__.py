"""Secrets whose values nobody sees, and references to secrets and parameters that exist."""

from __future__ import annotations

from typing import TYPE_CHECKING

from modules.core.lazy import on_first_use
from modules.secret.config import SecretConfig
from modules.secret.references import ParameterReference, SecretReference
from modules.secret.rotation_config import RotationConfig
from modules.secret.value_config import EmptyValueConfig, GeneratedValueConfig

if TYPE_CHECKING:
    from modules.secret.base import SecretBase
    from modules.secret.construct import Secret
    from modules.secret.existing import ExistingSecret

__all__ = [
    "EmptyValueConfig",
    "ExistingSecret",
    "GeneratedValueConfig",
    "ParameterReference",
    "RotationConfig",
    "Secret",
    "SecretBase",
    "SecretConfig",
    "SecretReference",
]

__getattr__ = on_first_use(__name__, {"ExistingSecret": "existing", "Secret": "construct", "SecretBase": "base"})
