"""The consultant: decides, prices and explains. Plain Python that knows neither Rasa nor any channel."""

VERSION = "0.3.0"
"""Of the code, as in pyproject.toml; it is stamped on every record."""
