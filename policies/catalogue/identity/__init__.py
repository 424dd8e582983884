"""Identity and secrets: what functions may do, who may act for whom, and what must not be written down."""
