"""How new versions of functions go out, and what functions run on."""
