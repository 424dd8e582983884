"""Policy checks over what is synthesized and planned, and the exceptions from them."""
