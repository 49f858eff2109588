-- What follows when a person comes, changes her name, or is purged.

-- A-1: her universal address is hers for ever.
CREATE TRIGGER person_address_given AFTER INSERT ON person BEGIN
    INSERT INTO taken_address (address, person_id) VALUES (new.universal_address, new.id);
END;
-- She may have back an address that was hers.
CREATE TRIGGER person_address_changed AFTER UPDATE OF universal_address ON person
WHEN new.universal_address <> old.universal_address
    AND NOT EXISTS (SELECT 1 FROM taken_address t WHERE t.address = new.universal_address AND t.person_id = new.id) BEGIN
    INSERT INTO taken_address (address, person_id) VALUES (new.universal_address, new.id);
END;

-- D-1: the search index has no text of its own, and is told of each change.
CREATE TRIGGER person_search_insert AFTER INSERT ON person BEGIN
    INSERT INTO person_search (rowid, folded_name) VALUES (new.n, new.folded_name);
END;
CREATE TRIGGER person_search_delete AFTER DELETE ON person BEGIN
    INSERT INTO person_search (person_search, rowid, folded_name) VALUES ('delete', old.n, old.folded_name);
END;
CREATE TRIGGER person_search_update AFTER UPDATE OF folded_name ON person BEGIN
    INSERT INTO person_search (person_search, rowid, folded_name) VALUES ('delete', old.n, old.folded_name);
    INSERT INTO person_search (rowid, folded_name) VALUES (new.n, new.folded_name);
END;

-- A purge is one UPDATE: with the name goes everything that is hers. Messages are kept for their own delay (M-11), the row
-- stays for them without a name, and her address stays taken (A-1).
CREATE TRIGGER person_purged AFTER UPDATE OF purged_at ON person WHEN new.purged_at IS NOT NULL AND old.purged_at IS NULL BEGIN
    DELETE FROM source_record WHERE person_id = new.id;
    DELETE FROM person_detail WHERE person_id = new.id;
    DELETE FROM kinship WHERE relative_id = new.id;
    DELETE FROM kinship WHERE student_id = new.id;
    DELETE FROM membership WHERE person_id = new.id;
    DELETE FROM group_manager WHERE person_id = new.id;
    DELETE FROM local_admin WHERE person_id = new.id;
    DELETE FROM role_override WHERE person_id = new.id;
    DELETE FROM redirect WHERE person_id = new.id;
    DELETE FROM password_renewal WHERE person_id = new.id;
    DELETE FROM sign_in_failure WHERE login = old.login;
    DELETE FROM prohibition WHERE sender_id = new.id OR recipient_id = new.id;
    DELETE FROM prohibition_past WHERE sender_id = new.id OR recipient_id = new.id;
    DELETE FROM blocking WHERE person_id = new.id;
END;
