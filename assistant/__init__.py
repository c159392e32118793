"""Adapts Rasa: server, channels, turns, stores and NLU."""
