"""Files of word processors: DOCX (Word) and ODT (LibreOffice Writer).

Read from their XML, because what makes a regulation citable (`§ 7`, `2.`, `a)`) is often not text in
them but numbering that is counted when the file is shown.
"""

from kbassist.sources.office.docx import read_docx
from kbassist.sources.office.odt import read_odt

__all__ = ["read_docx", "read_odt"]
