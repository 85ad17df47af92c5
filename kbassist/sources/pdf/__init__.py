"""What does a PDF say, in the order in which people read it?"""

from kbassist.sources.pdf.document import read_pdf

__all__ = ["read_pdf"]
