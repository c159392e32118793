"""The ways to reach Seatwise. A channel is two translations and its routes: see channel.py."""
