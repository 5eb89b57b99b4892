"""What the sweep does to insights."""

from scenarios.declared import reads

reads("InsightsApi", "GET /v1/staff/insights/summary", "agent")
