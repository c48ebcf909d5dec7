"""What must outlive a restart. Knows nothing of the rest of the house."""
