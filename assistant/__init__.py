"""How Rasa hears, speaks and remembers for Seatwise."""
