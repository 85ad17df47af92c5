"""A web page to clean text: what a reader of the page sees, with its headings, lists and tables.

The page's text goes to customers, so what readers do not see (hidden elements, comments, invisible
characters) stays out: it is where pages address machines. Panels of accordions and tabs are the
exception, because a click shows them.

The passes, each in a module of its own: `charset` decodes; `meta`, `moments` and `scripted` read what the
page says about itself; `style` and `controls` tell hidden text from panels that open; `boilerplate` removes
what is named as standing around the text, `region` and `body` find where the text is by its `prose`; `text`,
`lists` and `table` write it.
"""

from kbassist.sources.html.page import ParsedPage, parse_html

__all__ = ["ParsedPage", "parse_html"]
