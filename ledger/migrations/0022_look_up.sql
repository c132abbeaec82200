-- What projects and parties are called is looked up while somebody types; until now only the follower read it.
GRANT SELECT ON searched_name TO ledger_reader;
