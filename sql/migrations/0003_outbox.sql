-- The outbox (DOMAIN §4): what `queue` needs beyond the table itself.

-- The server's words at the last attempt, addresses taken out: for administrators; `last_error` is for the sender.
ALTER TABLE delivery ADD COLUMN last_words TEXT;
-- When the last attempt ended.
ALTER TABLE delivery ADD COLUMN last_at INTEGER;

-- Lists and counts of one establishment by state, newest first.
CREATE INDEX delivery_by_establishment ON delivery (uai, state, id);

-- The history of a delivery is written with the decision itself. Attempts are numbered here, since `attempts`, which the
-- backoff goes by, is taken back when the relay was at fault and starts again when a delivery is requeued.
CREATE TRIGGER delivery_attempted AFTER UPDATE OF state ON delivery
WHEN old.state = 'leased' AND new.state IN ('pending', 'sent', 'failed', 'dead') AND new.attempts = old.attempts BEGIN
    INSERT INTO delivery_attempt (delivery_id, attempt, at, outcome, status, words)
    SELECT new.id, coalesce(max(a.attempt), 0) + 1, new.last_at,
        CASE new.state WHEN 'sent' THEN 'sent' WHEN 'failed' THEN 'reject' ELSE 'retry' END, new.last_status, new.last_words
    FROM delivery_attempt a WHERE a.delivery_id = new.id;
END;

-- A run that died in mid-delivery leaves its lease behind: the next claim says so in the history.
CREATE TRIGGER delivery_abandoned AFTER UPDATE OF lease_id ON delivery
WHEN old.state = 'leased' AND new.state = 'leased' AND old.lease_id <> new.lease_id BEGIN
    INSERT INTO delivery_attempt (delivery_id, attempt, at, outcome, status, words)
    SELECT new.id, coalesce(max(a.attempt), 0) + 1, old.due_at, 'retry', '4.3.0', 'interrompu'
    FROM delivery_attempt a WHERE a.delivery_id = new.id;
END;

-- The state of each recipient of a message, and one mail at most for each.
CREATE UNIQUE INDEX delivery_by_recipient ON delivery (message_id, person_id);
