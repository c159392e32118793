"""A turn, from a message of a visitor to its stored answer, the same for every channel."""
