"""Full-text search in Russian and English, of whatever documents a capability has.

`index` builds and asks an index, `snapshots` keeps it in S3 and opens it in a function. Neither
knows what a document is about. Functions that use it need the search layer.
"""
