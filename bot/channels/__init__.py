"""A Turn on its way to a person, and nothing else."""
