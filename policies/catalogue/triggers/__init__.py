"""What invokes functions: event source mappings, permissions, APIs and URLs, and where failed events go."""
