"""Deterministic zip packages for Lambda functions and layers, built at synth."""

from modules.function.packaging.build import build_package
from modules.function.packaging.node import build_node_package
from modules.function.packaging.other import build_layer, build_other_package, build_text_package
from modules.function.packaging.package import Package
from modules.function.packaging.ready import check_archive
from modules.function.packaging.sources import DEFAULT_EXCLUDES

__all__ = [
    "DEFAULT_EXCLUDES",
    "Package",
    "build_layer",
    "build_node_package",
    "build_other_package",
    "build_package",
    "build_text_package",
    "check_archive",
]
