"""The consultant: decides, prices and explains. Plain Python that knows neither Rasa nor any channel."""
