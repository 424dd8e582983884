"""Deterministic zip packages for Lambda functions, built at synth."""

from modules.function.packaging.build import Package, build_package
from modules.function.packaging.sources import DEFAULT_EXCLUDES

__all__ = ["DEFAULT_EXCLUDES", "Package", "build_package"]
