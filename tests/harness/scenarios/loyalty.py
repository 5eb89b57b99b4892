"""What the sweep does to loyalty."""

from scenarios.declared import reads

reads("LoyaltyApi", "GET /v1/loyalty", "customer")
reads("LoyaltyApi", "GET /v1/loyalty/tier", "customer")
