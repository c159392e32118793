"""How the assistant looks in Slack: messages, modals and cards as Block Kit. Nothing here makes a request."""
