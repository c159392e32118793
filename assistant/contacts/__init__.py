"""Contact details: read from what visitors write, and kept encrypted."""
