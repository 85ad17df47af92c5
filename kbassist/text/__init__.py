"""What are the words? Language, analysis for BM25, sentences, values. Pure functions over strings."""
