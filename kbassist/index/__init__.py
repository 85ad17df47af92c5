"""Which passages could answer? Engines behind `PassageIndex`, BM25 weights, fusion."""
