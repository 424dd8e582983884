"""The project that `lambdanet demo-release` synthesizes: its `main.py` runs as a process of its own."""
