"""How what waits in the outbox reaches the firm and the prospect: by webhook, in HubSpot and by mail."""
