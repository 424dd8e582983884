"""Step Functions state machines: checked, encrypted, logged and watched."""

from __future__ import annotations

from typing import TYPE_CHECKING

from modules.core.lazy import on_first_use
from modules.state_machine.config import StateMachineConfig
from modules.state_machine.definition import definition_problems

if TYPE_CHECKING:
    from modules.state_machine.construct import StateMachine

__all__ = ["StateMachine", "StateMachineConfig", "definition_problems"]

__getattr__ = on_first_use(__name__, {"StateMachine": "construct"})
