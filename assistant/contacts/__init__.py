"""Reads from free text how to reach a visitor, and masks it."""
