"""What several processes share of the tests, and what stays in one of them."""

from pathlib import Path

import pytest

from tests.sharing import LONG, stays_with, turn

HERE = Path(__file__).parent


def test_the_tests_of_a_file_stay_together() -> None:
    one = stays_with("tests/walls/test_every_url.py::test_a_page[seller]")
    assert one == stays_with("tests/walls/test_every_url.py::test_another")
    assert one != stays_with("tests/walls/test_strangers.py::test_a_page[seller]")


def test_whatever_opens_a_browser_or_starts_a_worker_stays_together() -> None:
    files = [*(HERE / "browser").glob("test_*.py"), *(HERE / "demo").glob("test_*.py")]
    files += (HERE / "customs").glob("test_killed_workers.py")
    assert len(files) > 8
    assert len({stays_with(f"{file}::test_it") for file in files}) == 1


@pytest.mark.parametrize("folder", LONG)
def test_what_lasts_longest_begins_first(folder: str) -> None:
    assert (HERE / folder).is_dir()
    assert turn(HERE / folder / "test_it.py") < turn(HERE / "accounts/test_account.py")


def test_this_run_keeps_them_together(request: pytest.FixtureRequest) -> None:
    """As one process of several sees it, the files come in their turns."""
    turns = [turn(item.path) for item in request.session.items]
    assert turns == sorted(turns)
