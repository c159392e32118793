"""Pages that the server renders: plain HTML without scripts, for one reader each."""
