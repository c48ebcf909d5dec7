"""The history of the schema, for Alembic; `bot.store.migrate` runs it."""
