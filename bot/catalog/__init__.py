"""Reads intents/ and content/ into one immutable Catalog, or says file:line what is wrong."""
