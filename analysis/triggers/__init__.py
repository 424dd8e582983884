"""What invokes functions, and what keeps it from doing so: event source mappings and function URLs."""

from analysis.triggers.triggers import trigger_findings

__all__ = ["trigger_findings"]
