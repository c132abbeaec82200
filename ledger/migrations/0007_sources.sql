-- A role may be confined to the money of some funds and other sources; none named: all.
ALTER TABLE role_grant ADD COLUMN sources text[] NOT NULL DEFAULT '{}';
COMMENT ON COLUMN role_grant.specials IS 'Codes of specials, or of plans for all their specials.';
