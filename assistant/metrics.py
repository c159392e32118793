"""What is counted and timed for operators; /metrics shows it. No label says anything about a visitor."""

from __future__ import annotations

from prometheus_client import Counter, Gauge, Histogram

TURN_SECONDS = Histogram("seatwise_turn_seconds", "Time from a message to its answer")
LOCK_WAIT_SECONDS = Histogram("seatwise_lock_wait_seconds", "Time that a turn waited for the turns before it")
FAILED_SAVES = Counter("seatwise_failed_saves", "Turns that could not be saved")
GIVEN_UP_MESSAGES = Counter("seatwise_given_up_messages", "Messages that got an apology after every attempt failed")
EMPTY_ANSWERS = Counter("seatwise_empty_answers", "Turns without a word of their own")
ACTION_ERRORS = Counter("seatwise_action_errors", "Actions that failed, were away or too slow")
OVER_BUDGET = Counter("seatwise_over_budget_messages", "Messages that were not read because they cost too much")
REFUSALS = Counter("seatwise_refusals", "Requests that were refused", ["code"])
SOCKETS = Gauge("seatwise_sockets", "Open sockets")
INBOX_PENDING = Gauge("seatwise_inbox_pending", "Messages that are not done")
INBOX_OLDEST = Gauge("seatwise_inbox_oldest_seconds", "Age of the oldest message that is not done")
OUTBOX_PENDING = Gauge("seatwise_outbox_pending", "Outgoing messages that are not delivered")
OUTBOX_OLDEST = Gauge("seatwise_outbox_oldest_seconds", "Age of the oldest outgoing message that is not delivered")
SCRUB_PENDING = Gauge("seatwise_scrub_pending", "1 while traces of erased content remain in the database files")
OUTBOX_GIVEN_UP = Gauge("seatwise_outbox_given_up", "Outgoing messages that are not tried any more")
