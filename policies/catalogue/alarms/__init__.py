"""Alarms and logs: what must be watched, and that somebody hears of it."""
