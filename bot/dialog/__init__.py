"""Meaning and the conversation so far become one Turn."""
