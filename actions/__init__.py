"""Thin translators from the conversation to the advisor and back: no judgement, no wording."""
