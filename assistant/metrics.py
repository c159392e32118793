"""Metrics for operators, exposed at /metrics. No label contains visitor data."""

from __future__ import annotations

from prometheus_client import Counter, Gauge, Histogram

TURN_SECONDS = Histogram("seatwise_turn_seconds", "Time from a message to its answer")
LOCK_WAIT_SECONDS = Histogram("seatwise_lock_wait_seconds", "Time that a turn waited for earlier turns")
FAILED_SAVES = Counter("seatwise_failed_saves", "Turns that could not be saved")
GIVEN_UP_MESSAGES = Counter("seatwise_given_up_messages", "Messages that got an apology after every attempt failed")
EMPTY_ANSWERS = Counter("seatwise_empty_answers", "Turns without an answer")
ACTION_ERRORS = Counter("seatwise_action_errors", "Actions that failed, were unreachable, or timed out")
OVER_BUDGET = Counter("seatwise_over_budget_messages", "Messages that exceeded the parsing budget")
REFUSALS = Counter("seatwise_refusals", "Rejected requests", ["code"])
BOOKINGS = Counter("seatwise_bookings", "Reports of booking services", ["outcome"])
SOCKETS = Gauge("seatwise_sockets", "Open sockets")
INBOX_PENDING = Gauge("seatwise_inbox_pending", "Messages that are not answered")
INBOX_OLDEST = Gauge("seatwise_inbox_oldest_seconds", "Age of the oldest unanswered message")
OUTBOX_PENDING = Gauge("seatwise_outbox_pending", "Undelivered outgoing messages")
OUTBOX_OLDEST = Gauge("seatwise_outbox_oldest_seconds", "Age of the oldest undelivered outgoing message")
SCRUB_PENDING = Gauge("seatwise_scrub_pending", "1 while traces of erased content remain in the database files")
OUTBOX_GIVEN_UP = Gauge("seatwise_outbox_given_up", "Outgoing messages that are no longer retried")
DELIVERIES = Counter("seatwise_deliveries", "Attempts to deliver an outgoing message", ["destination", "result"])
SLACK_POSTS = Counter("seatwise_slack_posts", "Attempts to bring an answer to Slack", ["result"])
SLACK_CONNECTED = Gauge("seatwise_slack_connected", "1 while connected to Slack in Socket Mode")
