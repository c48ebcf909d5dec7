"""Words -> meaning: language, slot values and ranked intents with honest confidence. It decides nothing."""
