"""Databases and proxies: who reaches them, how, and with how many connections."""
