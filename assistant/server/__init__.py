"""The application that serves every channel: pages, health checks, logs and background work."""
