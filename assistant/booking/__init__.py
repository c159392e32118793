"""Calls with the firm: the link that books one, what booking services report of it, and its calendar file."""
