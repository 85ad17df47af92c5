"""What does a company's site say, and what became of each of its pages?"""
