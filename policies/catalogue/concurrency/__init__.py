"""Concurrency of functions: what is reserved, kept ready and asked for, against each other and the account's quota."""
