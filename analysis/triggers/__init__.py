"""What invokes functions, and what refuses to: event source mappings, provisioned concurrency, function URLs."""

from analysis.triggers.triggers import trigger_findings

__all__ = ["trigger_findings"]
