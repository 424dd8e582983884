"""Is every metric that a synthesized stack names one that its service publishes, and does each alarm tell somebody?"""

from __future__ import annotations

from analysis.metrics.check import MetricProblem, metric_problems

__all__ = ["MetricProblem", "metric_problems"]
