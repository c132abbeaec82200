"""The corpus: what is tried against the ledger, and the tests that try it. Every one of them expects that nothing succeeds."""

ATTACKS: dict[str, tuple[str, ...]] = {
    # -- whoever comes to the door
    "a token with algorithm none, or signed with the public key": (
        "tests/oidc/test_hostile.py::test_a_token_that_lies_is_refused_for_its_own_reason",
    ),
    "a token of another issuer, for another audience, or expired": (
        "tests/oidc/test_hostile.py::test_a_token_that_lies_is_refused_for_its_own_reason",
        "tests/oidc/test_hostile.py::test_a_token_of_another_sign_in_is_refused",
    ),
    "a token, a code or an answer used again": (
        "tests/oidc/test_sign_in.py::test_what_came_back_is_good_once",
        "tests/oidc/test_sign_in.py::test_a_code_is_good_once_with_whatever_state",
    ),
    "a sign-in begun in another browser": (
        "tests/oidc/test_sign_in.py::test_what_was_begun_in_another_browser_is_refused",
    ),
    "an open redirect": ("tests/oidc/test_sign_in.py::test_nobody_is_led_elsewhere",),
    "session fixation": (
        "tests/api/test_sign_in.py::test_a_session_given_by_somebody_else_is_not_taken_over",
        "tests/oidc/test_sign_in.py::test_a_session_that_was_planted_is_over",
    ),
    "guessing passwords, codes and keys": (
        "tests/access/test_sign_in.py::test_guesses_at_once_count_each",
        "tests/access/test_sign_in.py::test_codes_are_asked_for_once_confirmed_and_good_once",
        "tests/api/test_sign_in.py::test_guessing_is_slow_from_wherever_it_comes",
        "tests/serving/test_rates.py::test_guessing_at_keys_is_slowed_and_a_key_that_fits_is_not",
    ),
    "telling logins that exist, by what is said or by how long it takes": (
        "tests/api/test_sign_in.py::test_all_failures_sound_alike",
        "tests/attacks/test_credentials.py::test_an_unknown_login_takes_as_long_as_a_known_one",
    ),
    "a request that another site makes a browser send (CSRF)": (
        "tests/api/test_origin.py::test_what_another_site_makes_a_browser_send_is_refused",
        "tests/api/test_sign_in.py::test_another_site_does_nothing_with_a_session",
        "tests/attacks/test_mass_assignment.py::test_a_body_of_another_media_type_is_not_read_as_json",
    ),
    "a name that was made to lead here (DNS rebinding)": (
        "tests/api/test_origin.py::test_a_name_that_was_made_to_lead_here_is_not_answered",
    ),
    "a key in an address, or in place of a session": (
        "tests/attacks/test_credentials.py::test_a_key_in_an_address_is_no_key",
        "tests/attacks/test_credentials.py::test_a_key_is_no_session_and_a_session_is_no_key",
    ),
    "a cookie that somebody else planted (cookie tossing)": (
        "tests/attacks/test_credentials.py::test_a_cookie_that_a_neighbour_planted_is_not_taken_under_https",
        "tests/attacks/test_credentials.py::test_two_sessions_in_one_request_are_nobody_s",
    ),
    # -- whoever is inside
    "what belongs to somebody else, by its id": (
        "tests/attacks/test_object_references.py::test_what_is_somebody_else_s_is_answered_as_what_is_not_there",
        "tests/api/test_scope.py::test_one_s_own_project_is_there_and_another_is_not",
        "tests/api/test_sign_in.py::test_somebody_else_s_key_is_not_there",
    ),
    "a route that is not for one's role": (
        "tests/api/test_policy.py::test_a_route_is_open_to_a_role_where_the_policy_says_so",
    ),
    "fields that nobody may set (mass assignment)": (
        "tests/attacks/test_mass_assignment.py::test_fields_that_nobody_may_set_are_refused_in_every_object_of_every_body",
        "tests/attacks/test_mass_assignment.py::test_a_field_that_is_named_twice_is_refused",
        "tests/attacks/test_mass_assignment.py::test_an_approval_is_of_the_proposal_it_was_asked_of",
    ),
    "approving one's own, under an alias": (
        "tests/api/test_sign_in.py::test_one_human_behind_two_accounts_approves_nothing_of_their_own",
        "tests/api/test_proposals.py::test_nobody_approves_their_own_and_the_wrong_role_neither",
    ),
    "approving one's own, through a delegate": (
        "tests/api/test_signing.py::test_what_is_signed_in_another_s_place_is_shown_and_counts_as_theirs",
        "tests/properties/test_signing.py::test_no_chain_is_shorter_than_what_is_asked",
    ),
    "a grant of somebody else's, or one that ended": (
        "tests/attacks/test_credentials.py::test_a_grant_of_somebody_else_s_lends_nothing",
        "tests/api/test_sign_in.py::test_a_lent_role_is_used_in_the_other_s_name_and_ends",
        "tests/access/test_register.py::test_what_is_lent_ends_with_what_it_is_of",
    ),
    "a proposal that was changed since it was read": (
        "tests/api/test_signing.py::test_the_digest_is_that_of_what_stands",
        "tests/api/test_signing.py::test_nobody_approves_without_saying_what_they_read",
    ),
    "two who approve, or spend, at once": (
        "tests/attacks/test_credentials.py::test_two_who_approve_at_once_record_it_once",
        "tests/attacks/test_credentials.py::test_two_who_take_the_last_money_at_once_share_nothing",
        "tests/application/test_together.py::test_the_last_money_is_given_once",
    ),
    "a request key or request id of somebody else's": (
        "tests/attacks/test_credentials.py::test_a_key_that_somebody_else_used_answers_nothing_of_theirs",
        "tests/attacks/test_credentials.py::test_a_request_id_that_was_seen_before_is_a_request_like_any_other",
    ),
    "changing one's own rights": (
        "tests/access/test_register.py::test_nobody_changes_their_own_rights_under_whatever_account",
        "tests/api/test_sign_in.py::test_nobody_promotes_themselves",
        "tests/api/test_policy.py::test_a_key_changes_nobody_s_rights",
    ),
    "changing what is recorded, from inside the service": (
        "tests/application/test_database.py::test_a_writer_may_not_change_what_is_recorded",
        "tests/access/test_register.py::test_the_service_cannot_change_a_row_of_the_audit_record",
    ),
    # -- what is sent
    "SQL": (
        "tests/attacks/test_sql.py::test_parameters",
        "tests/attacks/test_sql.py::test_headers_and_cookies",
        "tests/attacks/test_sql.py::test_fields",
        "tests/attacks/test_sql.py::test_a_role_and_a_database_are_called_whatever_they_are_called",
    ),
    "SQL, scripts, templates and endless numbers in addresses and forms of the console": (
        "tests/attacks/test_pages.py::test_addresses",
        "tests/attacks/test_pages.py::test_forms",
    ),
    "a number, or a day written otherwise, taken for a day": (
        "tests/attacks/test_days.py::test_what_is_no_day_is_refused_and_told_how_to_write_one",
        "tests/attacks/test_days.py::test_no_body_takes_a_day_that_is_written_otherwise",
    ),
    "SQL of a second order, scripts, templates and formulas in stored text": (
        "tests/attacks/test_stored_text.py::test_whatever_is_recorded_is_shown_as_it_was_said_and_runs_nowhere",
        "tests/attacks/test_stored_text.py::test_texts_beside_movements",
        "tests/attacks/test_stored_text.py::test_texts_of_a_reconciliation",
        "tests/attacks/test_stored_text.py::test_a_file_is_never_run_and_its_name_breaks_out_of_nothing",
        "tests/attacks/test_stored_text.py::test_a_workbook_takes_no_text_for_a_formula",
        "tests/cli/test_balances.py::test_a_workbook_keeps_codes_as_text_and_foots",
    ),
    "text that turns or hides what stands beside it": (
        "tests/attacks/test_stored_text.py::test_nobody_hides_or_turns_letters",
    ),
    "bodies of every wrong form": (
        "tests/api/test_bad_input.py::test_a_malformed_body_is_refused_and_records_nothing",
    ),
    "forging lines of the log or of the audit record": (
        "tests/attacks/test_log_lines.py::test_no_request_writes_into_the_log",
        "tests/attacks/test_log_lines.py::test_the_audit_record_keeps_one_row_a_line_whatever_was_named",
        "tests/serving/test_log.py::test_nothing_that_is_sent_makes_a_line_of_its_own",
        "tests/serving/test_log.py::test_an_id_is_taken_on_where_it_fits",
    ),
    "files that lead elsewhere: entities, members, links, paths": (
        "tests/attacks/test_imports.py::test_no_entity_is_resolved",
        "tests/attacks/test_imports.py::test_names_inside_a_workbook_lead_nowhere",
        "tests/attacks/test_imports.py::test_a_file_that_is_no_sheet_is_not_shown",
        "tests/attacks/test_imports.py::test_nothing_is_written_through_a_link",
        "tests/attacks/test_imports.py::test_a_setting_that_names_a_file_shows_nothing_of_it",
    ),
    "files that fill memory or never end": (
        "tests/attacks/test_imports.py::test_a_small_workbook_fills_no_memory",
        "tests/attacks/test_imports.py::test_a_row_of_a_text_file_has_an_end",
        "tests/attacks/test_imports.py::test_a_file_is_read_up_to_a_size",
        "tests/attacks/test_imports.py::test_a_damaged_workbook_is_a_complaint_and_no_fault",
        "tests/importing/test_reading.py::test_an_unpacked_giant_is_refused",
    ),
    # -- how it is sent
    "request smuggling": (
        "tests/attacks/test_framing.py::test_a_request_that_can_be_read_in_two_ways_is_refused_and_nothing_after_it_is_read",
        "tests/attacks/test_framing.py::test_a_folded_header_is_one_header",
        "tests/attacks/test_framing.py::test_pipelined_requests_are_answered_each_as_whoever_asked",
    ),
    "another host, path or method by a header": (
        "tests/attacks/test_framing.py::test_a_request_for_another_host_or_path_is_not_answered_as_ours",
        "tests/attacks/test_framing.py::test_no_header_makes_one_method_another",
    ),
    "slow headers, slow bodies, slow readers": (
        "tests/serving/test_connections.py::test_headers_that_trickle_in_are_not_waited_for",
        "tests/serving/test_connections.py::test_a_body_that_trickles_in_is_not_waited_for",
    ),
    "2,000 connections at once": (
        "tests/serving/test_connections.py::test_two_thousand_requests_at_once_are_answered_or_told_that_there_is_no_room",
        "tests/serving/test_connections.py::test_two_thousand_that_never_ask_keep_nobody_from_being_answered",
    ),
}
