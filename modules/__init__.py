"""Reusable constructs, one folder per logical entity."""
