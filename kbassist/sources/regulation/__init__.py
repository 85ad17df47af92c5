"""Where do the provisions of a regulation begin, what are they called, and when do they hold?"""

from kbassist.sources.regulation.document import structure

__all__ = ["structure"]
