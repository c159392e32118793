"""The operator's pages: conversations, leads, and answering in a person's name. They need no JavaScript."""
