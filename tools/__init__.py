"""Build-time tools: from YAML and PO files to package data, pages and the site.

They depend on `smtpcodes` where they write pages, never the other way round.
"""
