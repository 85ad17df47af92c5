"""How do others reach it? Each door only translates."""
