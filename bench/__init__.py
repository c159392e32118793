"""What Seatwise costs in CPU, memory and disk, measured in one run beside the stock Rasa that it is built on."""
