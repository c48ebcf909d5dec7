"""What staff use to keep the line good."""
