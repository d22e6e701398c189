"""Planted defects, in a folder for each layer, and the controls; the public door to planting one of your own."""

from .planted import ALSO_PLATFORM, APPLIES_TO, Breakage, Layer, breakage
from .unchecked import UncheckedMemory, bind

__all__ = ["ALSO_PLATFORM", "APPLIES_TO", "Breakage", "Layer", "UncheckedMemory", "bind", "breakage"]
