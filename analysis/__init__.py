"""Calculators over what is configured or planned; they need neither the engine nor AWS."""
