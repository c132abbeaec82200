-- Where an administrator changed how somebody signs in, what is granted to them lies dormant from that instant on, until a
-- security administrator confirms it.

ALTER TABLE person ADD COLUMN unconfirmed_since timestamptz;
COMMENT ON COLUMN person.unconfirmed_since IS 'When their way in was last changed for them and not confirmed yet: nothing acts under their grants.';

-- One-time codes: the secret is wrapped with the master secret, which no migration knows. What lies in `totp` is what a version
-- before kept in clear; the service wraps it as soon as it starts. Whoever was just setting codes up begins again.

ALTER TABLE local_account ADD COLUMN totp_wrapped bytea, ADD COLUMN totp_asked_wrapped bytea;
ALTER TABLE local_account DROP COLUMN totp_asked;
COMMENT ON COLUMN local_account.totp IS 'In clear, by a version before: wrapped and emptied at the next start.';
