"""Security groups: whom they admit, what they let out, and who carries them."""
