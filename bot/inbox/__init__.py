"""Working off the inbox."""
