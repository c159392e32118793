"""CPU, memory, and disk usage of Seatwise, measured in one run alongside the stock Rasa it is built on."""
