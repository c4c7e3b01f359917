from __future__ import annotations

import pytest

from accounts.templatetags.browsers import browser

_KIT = "AppleWebKit/537.36 (KHTML, like Gecko)"


@pytest.mark.parametrize(
    ("told", "name"),
    [
        (
            f"Mozilla/5.0 (X11; Linux x86_64) {_KIT} Chrome/156.0.0.0 Safari/537.36",
            "Chrome 156, Linux",
        ),
        (
            f"Mozilla/5.0 (Windows NT 10.0; Win64) {_KIT} Chrome/150.0 Safari/537.36 Edg/150.0",
            "Edge 150, Windows",
        ),
        (
            f"Mozilla/5.0 (Linux; Android 15) {_KIT} Chrome/130.0 Mobile MicroMessenger/8.0.50",
            "WeChat 8, Android",
        ),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 "
            "(KHTML, like Gecko) Version/18.1 Mobile/15E148 Safari/604.1",
            "Safari 18, iOS",
        ),
        (
            "Mozilla/5.0 (Macintosh; Intel Mac OS X 15.1; rv:140.0) Firefox/140.0",
            "Firefox 140, macOS",
        ),
        ("curl/8.5.0", "curl/8.5.0"),
        ("", ""),
    ],
)
def test_a_browser_is_called_what_its_owner_calls_it(told: str, name: str) -> None:
    assert browser(told) == name
