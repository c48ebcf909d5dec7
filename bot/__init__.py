"""The Second Chance Line: a message walks through channels, line, understanding and dialog, once."""
