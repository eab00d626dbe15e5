"""How often a password may be tried, by a clock of one's own."""

from app.services.throttle import ADDRESS, FORGET, NAME, Throttle


def test_each_failure_after_the_free_ones_doubles_the_wait():
    throttle, now, waits = Throttle(), 0.0, []
    for _ in range(12):
        wait = throttle.attempt("amélie", "10.0.0.7", now)
        waits.append(wait)
        now += wait
        if wait:
            assert throttle.attempt("amélie", "10.0.0.8", now) == 0
    assert waits[:3] == [0, 0, 0]
    assert waits[3:10] == [1, 2, 4, 8, 16, 32, 60]
    assert max(waits) == NAME.longest


def test_an_address_is_slowed_over_all_names_and_others_are_not():
    throttle = Throttle()
    for number in range(ADDRESS.free):
        assert throttle.attempt(f"nom {number}", "10.0.0.7", 0.0) == 0
    assert throttle.attempt("encore un", "10.0.0.7", 0.0) == 1
    assert throttle.attempt("encore un", "10.0.0.8", 0.0) == 0
    assert throttle.attempt("encore un", "10.0.0.7", FORGET) == 0
