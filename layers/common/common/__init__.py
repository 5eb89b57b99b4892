"""What every capability shares: errors, events, the table, the ledger, the API shell."""

import gc

# A start makes hundreds of thousands of objects that stay: to look through them for garbage again
# and again was a twentieth of it. What a request leaves behind is still found, in larger portions.
gc.set_threshold(50_000, 10, 10)
