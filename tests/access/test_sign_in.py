"""Passwords, one-time codes, lockout, sessions and keys, with a clock that tests move on."""

from base64 import b32decode, urlsafe_b64decode
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from datetime import timedelta
from time import monotonic

import pyotp
import pytest
from argon2 import PasswordHasher, extract_parameters
from zxcvbn.frequency_lists import FREQUENCY_LISTS

from bench.workload import SECRET
from ledger.access import credentials
from ledger.access.accounts import FAILURES_MAX, LOCKED_FOR, Failure, SignInFailed
from ledger.access.keys import DAYS_MAX, OVERLAP
from ledger.access.people import People
from ledger.access.policy import Action
from ledger.access.refusals import NotPermitted, Why
from ledger.access.register import Person
from ledger.access.sessions import IDLE, LENGTH, OF_ONE_MAX, Method
from tests.access.conftest import PASSWORD, Clock
from tests.access.kept import lines
from tests.access.test_register import DAY, refused
from tests.application.history import superuser


def fails(people: People, why: Failure, password: str = PASSWORD, code: str = "") -> None:
    with pytest.raises(SignInFailed) as found:
        people.accounts.sign_in("wang", password, code)
    assert found.value.why is why


def test_passwords_are_kept_as_the_owasp_sheet_asks() -> None:
    """argon2id with at least 19 MiB and two rounds; what tests use instead is quicker."""
    kept = extract_parameters(PasswordHasher().hash(PASSWORD))
    assert (kept.type.name, kept.memory_cost >= 19_456, kept.time_cost >= 2) == ("ID", True, True)


@pytest.mark.parametrize(
    "weak", ["short-1", "password1234", "qwertyuiop123", "wangwangwang", "aaaaaaaaaaaaaaaa", "x" * 129]
)
def test_a_password_that_is_easily_guessed_is_not_taken(weak: str) -> None:
    with refused(Why.WEAK_PASSWORD):
        credentials.password_hash(weak, "wang")


def test_no_password_of_the_lists_is_taken_however_well_known() -> None:
    """Of those that are long enough; none of them is left over."""
    known = [word for word in FREQUENCY_LISTS["passwords"] if len(word) >= credentials.PASSWORD_LENGTH_MIN]
    assert len(known) > 200
    for word in known:
        with refused(Why.WEAK_PASSWORD):
            credentials.password_hash(word, "wang")


@pytest.mark.parametrize(
    "weak",
    [
        "Funds Ledger 2025",
        "neimengguKeji1",
        "Kejiting@2025!",
        "caizhengting888",
        "zhuanxiangzijin",
        "FinanceLedger",
    ],
)
def test_words_of_this_place_make_no_password(weak: str) -> None:
    with refused(Why.WEAK_PASSWORD):
        credentials.password_hash(weak, "wang")


@pytest.mark.parametrize(
    "password",
    ["  lovely otter, 24 bridges ", "可爱的水獭走过二十四座桥", "lovelyotterbridgesmarsh", "x9#" * 21 + "Quiet heron"],
)
def test_a_password_of_any_characters_is_taken_and_compared_as_it_was_sent(
    registered: People, wang: Person, password: str
) -> None:
    registered.accounts.set_password(wang.id, PASSWORD, password)
    assert registered.accounts.sign_in("wang", password) == wang
    for other in (password.strip() + "x", password.upper() + "x", password[:-1], f" {password}"):
        fails(registered, Failure.WRONG_PASSWORD, other)
        registered.accounts.sign_in("wang", password)


def test_the_right_password_signs_in_and_no_other(registered: People, wang: Person) -> None:
    assert registered.accounts.sign_in("wang", PASSWORD) == wang
    fails(registered, Failure.WRONG_PASSWORD, PASSWORD + "x")
    with pytest.raises(SignInFailed):
        registered.accounts.sign_in("nobody", PASSWORD)
    registered.register.disable(wang.id, "p-adm-1")
    fails(registered, Failure.DISABLED)


def test_failures_in_a_row_lock_and_time_unlocks(registered: People, wang: Person, clock: Clock) -> None:
    for _ in range(FAILURES_MAX):
        fails(registered, Failure.WRONG_PASSWORD, "wrong")
    fails(registered, Failure.LOCKED)
    clock.pass_by(LOCKED_FOR)
    assert registered.accounts.sign_in("wang", PASSWORD) == wang


def test_guesses_at_once_count_each(registered: People, wang: Person) -> None:
    """The row is locked while one is judged: a burst gets no more guesses than a queue."""

    def guess(number: int) -> None:
        with suppress(SignInFailed):
            registered.accounts.sign_in("wang", f"guess {number}")

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(guess, range(16)))
    fails(registered, Failure.LOCKED)
    whys = [line.about["why"] for line in lines(registered.trail) if line.event == "SIGN_IN_FAILED"]
    assert whys.count("WRONG_PASSWORD") == FAILURES_MAX


def test_a_first_password_is_good_for_setting_another(registered: People, wang: Person) -> None:
    first = registered.accounts.open(wang.id, "wang", "p-adm-1")
    fails(registered, Failure.WRONG_PASSWORD)
    fails(registered, Failure.INITIAL_PASSWORD, first)
    with refused(Why.SAME_PASSWORD):
        registered.accounts.sign_in("wang", first, instead=first)
    assert registered.accounts.sign_in("wang", first, instead="quiet-Heron-77-marsh") == wang
    fails(registered, Failure.WRONG_PASSWORD, first)
    assert registered.accounts.sign_in("wang", "quiet-Heron-77-marsh") == wang
    with refused(Why.SAME_PASSWORD):
        registered.accounts.set_password(wang.id, "quiet-Heron-77-marsh", "quiet-Heron-77-marsh")


def test_a_password_holds_until_it_is_changed(registered: People, wang: Person, clock: Clock) -> None:
    clock.pass_by(timedelta(days=3_650))
    assert registered.accounts.sign_in("wang", PASSWORD) == wang


def test_a_first_password_has_128_random_bits_and_a_token_256() -> None:
    made = {credentials.new_password() for _ in range(100)}
    assert len(made) == 100
    assert {len(urlsafe_b64decode(f"{one}==")) for one in made} == {16}
    assert len(urlsafe_b64decode(f"{credentials.new_token()}=")) == 32
    seeds = {credentials.new_totp_secret() for _ in range(100)}
    assert (len(seeds), {len(b32decode(one)) for one in seeds}) == (100, {20})


def test_a_login_belongs_to_one_person(registered: People, wang: Person) -> None:
    with refused(Why.ALREADY_THERE):
        registered.accounts.open("p-fin-1", "wang", "p-adm-1")
    with refused(Why.IS_A_MACHINE):
        registered.accounts.open("p-tre-1", "treasury", "p-adm-1")


def test_codes_are_asked_for_once_confirmed_and_good_once(registered: People, wang: Person, clock: Clock) -> None:
    secret, address = registered.accounts.ask_second_factor(wang.id, PASSWORD)
    assert address.startswith("otpauth://totp/")
    code = pyotp.TOTP(secret)
    registered.accounts.sign_in("wang", PASSWORD)
    with refused(Why.WRONG_CODE):
        registered.accounts.confirm_second_factor(wang.id, code.at(clock.now + timedelta(hours=1)))
    registered.accounts.confirm_second_factor(wang.id, code.at(clock.now))
    fails(registered, Failure.WRONG_CODE)
    fails(registered, Failure.WRONG_CODE, code=code.at(clock.now))
    clock.pass_by(timedelta(seconds=30))
    assert registered.accounts.sign_in("wang", PASSWORD, code.at(clock.now)) == wang
    fails(registered, Failure.WRONG_CODE, code=code.at(clock.now))
    clock.pass_by(timedelta(seconds=90))
    fails(registered, Failure.WRONG_CODE, code=code.at(clock.now - timedelta(seconds=60)))


def test_an_open_session_is_not_enough_to_change_secrets(registered: People, wang: Person) -> None:
    with refused(Why.WRONG_PASSWORD):
        registered.accounts.set_password(wang.id, "wrong", "quiet-Heron-77-marsh")
    for _ in range(FAILURES_MAX):
        with refused(Why.WRONG_PASSWORD):
            registered.accounts.ask_second_factor(wang.id, "wrong")
    fails(registered, Failure.LOCKED)


def test_whoever_has_codes_shows_one_before_secrets_change(registered: People, wang: Person, clock: Clock) -> None:
    secret, _ = registered.accounts.ask_second_factor(wang.id, PASSWORD)
    code = pyotp.TOTP(secret)
    assert registered.accounts.method(wang.id) is Method.PASSWORD
    registered.accounts.confirm_second_factor(wang.id, code.at(clock.now))
    assert registered.accounts.method(wang.id) is Method.PASSWORD_AND_CODE
    for used in ("", code.at(clock.now)):
        with refused(Why.WRONG_CODE):
            registered.accounts.ask_second_factor(wang.id, PASSWORD, used)
        with refused(Why.WRONG_CODE):
            registered.accounts.set_password(wang.id, PASSWORD, "quiet-Heron-77-marsh", used)
    clock.pass_by(timedelta(seconds=30))
    registered.accounts.ask_second_factor(wang.id, PASSWORD, code.at(clock.now))
    clock.pass_by(timedelta(seconds=30))
    registered.accounts.set_password(wang.id, PASSWORD, "quiet-Heron-77-marsh", code.at(clock.now))


# -- sessions


def test_a_session_holds_while_it_is_used_and_not_for_ever(registered: People, wang: Person, clock: Clock) -> None:
    token, ends_at = registered.sessions.begin(wang, Method.PASSWORD)
    assert ends_at == clock.now + LENGTH
    while clock.now + IDLE < ends_at:
        assert registered.of_session(token, DAY) is not None
        clock.pass_by(IDLE - timedelta(seconds=61))
    clock.now = ends_at
    assert registered.sessions.of_token(token) is None


def test_an_idle_session_is_over(registered: People, wang: Person, clock: Clock) -> None:
    token, _ = registered.sessions.begin(wang, Method.PASSWORD)
    clock.pass_by(IDLE)
    assert registered.sessions.of_token(token) is None


@pytest.mark.parametrize("how", ["end", "end_all", "disable", "password", "second factor", "reset", "unlink"])
def test_whatever_ends_a_session_ends_it_at_once(registered: People, wang: Person, clock: Clock, how: str) -> None:
    registered.register.link(wang.id, "https://id.example.cn", "wang", "p-adm-1")
    token, _ = registered.sessions.begin(wang, Method.PASSWORD)
    assert registered.of_session(token, DAY) is not None
    match how:
        case "end":
            registered.sessions.end(token)
        case "end_all":
            registered.sessions.end_all(wang.id, "p-adm-1")
        case "disable":
            registered.register.disable(wang.id, "p-adm-1")
        case "password":
            registered.accounts.set_password(wang.id, PASSWORD, "quiet-Heron-77-marsh")
        case "second factor":
            secret, _ = registered.accounts.ask_second_factor(wang.id, PASSWORD)
            registered.accounts.confirm_second_factor(wang.id, pyotp.TOTP(secret).at(clock.now))
        case "reset":
            registered.accounts.open(wang.id, "wang", "p-adm-1")
        case "unlink":
            registered.register.unlink(wang.id, "https://id.example.cn", "wang", "p-adm-1")
    assert registered.remembered(registered.of_session, token, DAY) is None
    assert registered.of_session(token, DAY) is None


def test_looking_again_whether_a_session_holds_does_not_use_it(registered: People, wang: Person, clock: Clock) -> None:
    token, _ = registered.sessions.begin(wang, Method.PASSWORD)
    for _ in range(3):
        clock.pass_by(IDLE / 4)
        assert registered.look_again(token, DAY, by_key=False) is not None
    clock.pass_by(IDLE / 4)
    assert registered.look_again(token, DAY, by_key=False) is None
    assert registered.of_session(token, DAY) is None


def test_one_person_holds_so_many_sessions(registered: People, wang: Person, clock: Clock) -> None:
    tokens = []
    for _ in range(OF_ONE_MAX + 1):
        clock.pass_by(timedelta(seconds=1))
        tokens.append(registered.sessions.begin(wang, Method.PASSWORD)[0])
    assert [registered.sessions.of_token(token) is not None for token in tokens] == [False] + [True] * OF_ONE_MAX


def test_no_secret_is_kept_in_clear(registered: People, wang: Person, dsn: str) -> None:
    token, _ = registered.sessions.begin(wang, Method.PASSWORD)
    _, secret = registered.keys.make(wang.id, "x", [Action.SEE_BOOKS], 1, wang.id)
    with superuser(dsn) as connection:
        for table in ("session", "api_key", "local_account", "trail"):
            kept = connection.execute(f"SELECT string_agg({table}::text, '') FROM ledger.{table}").fetchone()
            assert kept is not None
            for said in (token, secret, PASSWORD):
                assert said not in str(kept[0])
                assert said.encode().hex() not in str(kept[0])


# -- keys


def test_a_key_holds_until_it_ends(registered: People, wang: Person, clock: Clock) -> None:
    key, secret = registered.keys.make(wang.id, "夜间导入", [Action.RECORD], 10, wang.id)
    found = registered.of_key(secret, DAY)
    assert found is not None
    assert (found.person, found.actions, found.credential) == (wang, {Action.RECORD}, key.id)
    clock.pass_by(timedelta(days=10))
    assert registered.keys.of_token(secret) is None
    for days in (0, -1, DAYS_MAX + 1):
        with refused(Why.DAYS):
            registered.keys.make(wang.id, "x", [], days, wang.id)


def test_a_rotated_key_gives_its_machine_time_to_change_over(registered: People, wang: Person, clock: Clock) -> None:
    key, old = registered.keys.make(wang.id, "x", [Action.RECORD], 30, wang.id)
    clock.pass_by(timedelta(days=20))
    _, new = registered.keys.rotate(key.id, wang.id)
    clock.pass_by(OVERLAP - timedelta(seconds=1))
    assert registered.keys.of_token(old)
    clock.pass_by(timedelta(seconds=1))
    assert registered.keys.of_token(old) is None
    assert registered.keys.of_token(new)


def test_a_revoked_key_is_dead_at_once_also_where_it_is_remembered(registered: People, wang: Person) -> None:
    key, secret = registered.keys.make(wang.id, "x", [Action.RECORD], 30, wang.id)
    assert registered.of_key(secret, DAY)
    registered.keys.revoke(key.id, wang.id)
    assert registered.remembered(registered.of_key, secret, DAY) is None
    assert registered.of_key(secret, DAY) is None


def test_keys_are_one_s_own_or_a_machine_s(registered: People, wang: Person) -> None:
    key, _ = registered.keys.make(wang.id, "x", [Action.RECORD], 30, wang.id)
    with refused(Why.NOT_A_MACHINE):
        registered.keys.make("p-fin-1", "x", [], 30, "p-sec-1")
    for attempt in (registered.keys.revoke, registered.keys.rotate):
        with refused(Why.UNKNOWN_PERSON):
            attempt(key.id, "p-fin-1")
        with pytest.raises(NotPermitted):
            attempt(key.id, "p-sec-1", of=wang.id)
    registered.keys.make("p-tre-1", "国库专线", [Action.RECORD], 30, "p-sec-1")


def test_a_right_taken_back_by_another_process_is_forgotten_here(registered: People, dsn: str, wang: Person) -> None:
    """Two processes: what one remembers goes when the other changes anything."""
    token, _ = registered.sessions.begin(wang, Method.PASSWORD)
    deadline = monotonic() + 20
    while registered.remembered(registered.of_session, token, DAY) is None:  # until this process listens
        assert monotonic() < deadline
        registered.of_session(token, DAY)
    with closing(People(dsn, SECRET)) as other:
        other.register.disable(wang.id, "p-adm-1")
    deadline = monotonic() + 2
    while registered.remembered(registered.of_session, token, DAY) is not None:
        assert monotonic() < deadline, "it took longer than a remembered token lives without word"
    assert registered.of_session(token, DAY) is None
