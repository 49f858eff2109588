-- What follows when a mail has left, or has not (DOMAIN §4).

-- A code does not outlive its mail.
CREATE TRIGGER verification_finished AFTER UPDATE OF state ON delivery
WHEN new.state IN ('sent', 'failed', 'dead', 'cancelled')
    AND EXISTS (SELECT 1 FROM notice n WHERE n.message_id = new.message_id AND n.kind = 'verification') BEGIN
    UPDATE message SET body_text = '' WHERE id = new.message_id;
    UPDATE notice SET body_text = '' WHERE message_id = new.message_id;
END;

-- O-1: when nothing of a message is on its way any more and something failed, its author is told, once.
CREATE TRIGGER delivery_finished AFTER UPDATE OF state ON delivery
WHEN new.state IN ('sent', 'failed', 'dead', 'cancelled') AND new.state <> old.state BEGIN
    INSERT INTO notice (message_id, about_id, person_id, kind, subject, body_text, created_at)
    SELECT substr(m.id, 1, 10) || substr(hex(randomblob(8)), 1, 16), m.id, m.author_id, 'undelivered',
        substr('Message non remis : ' || m.subject, 1, 400),
        'Votre message « ' || m.subject || ' » n’a pas pu être remis à l’adresse personnelle des destinataires suivants. '
        || 'S’ils ont une messagerie interne, ils l’y trouveront.'
        || char(10) || char(10)
        || group_concat('– ' || p.first_name || ' ' || p.last_name || ' : ' || coalesce(d.last_error, 'pas de réponse du serveur'), char(10)),
        new.finished_at
    FROM message m
    JOIN delivery d ON d.message_id = m.id AND d.state IN ('failed', 'dead')
    JOIN person p ON p.id = d.person_id
    WHERE m.id = new.message_id AND m.author_id IS NOT NULL
        AND NOT EXISTS (SELECT 1 FROM delivery o WHERE o.message_id = m.id AND o.state IN ('pending', 'leased', 'held'))
    GROUP BY m.id
    ON CONFLICT (about_id, kind) DO NOTHING;
END;

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
