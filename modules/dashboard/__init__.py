"""One dashboard for a stack, from trigger to database."""
