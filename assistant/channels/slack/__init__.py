"""Slack: direct messages, mentions, threads, a slash command, buttons and the app's home."""
