"""How sure are we? Features of a retrieval and its reading, turned into a probability."""
