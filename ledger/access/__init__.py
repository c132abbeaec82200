"""Who may do what: people and what is granted to them, how they sign in, and the policy that decides."""
