"""Destroy forecast: what a plan's destructions hang on, fail at, lose or leave behind, with documented times."""

from __future__ import annotations

from analysis.forecast.forecast import forecast
from analysis.forecast.model import Action, Forecast, Step, Wait

__all__ = ["Action", "Forecast", "Step", "Wait", "forecast"]
