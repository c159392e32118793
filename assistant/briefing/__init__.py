"""From a dossier to the brief for the call: names of rules, answers and intents become words, each with its events.

Nothing is inferred. A line says what was said, done or answered, or what the decision table makes of it.
"""
