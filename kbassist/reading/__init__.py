"""What do the passages say? Finds the sentences that answer, and the sources that disagree."""
