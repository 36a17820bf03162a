"""Addresses of machines, and links that open a door or tell whose they are beside those that don't."""

import pytest

from modelcore.privacy import mask


@pytest.mark.parametrize(
    "link",
    [
        "https://x.example/reset?resetToken=abc123def",
        "https://x.example/reset?API-KEY=abc123def",
        "https://x.example/cb?code=4/0AX4XfWh",
        "https://x.example/s?PHPSESSID=abc123def456",
        "https://x.example/s?passcode=abc123",
        "https://x.example/s?phoneNumber=4155550123",
        "https://x.example/s?customer_name=Ada",
        "https://x.example/invite/9f8a7b6c5d4e3f2a1b0c9d8e",
        "https://x.example/reset-password-for-9f8a7b6c5d4e3f2a1b0c9d8e",
        "https://x.example/f/550e8400-e29b-41d4-a716-446655440000",
        "https://wa.me/14155550123",
        "wa.me/14155550123",
        "https://t.me/+4915112345678",
    ],
)
def test_a_link_with_a_secret_or_a_person_in_it_is_masked(link: str) -> None:
    assert mask(f"see {link} please").text == "see [URL] please"


@pytest.mark.parametrize(
    "link",
    [
        "https://x.example/products/wireless-headphones-wh-1000xm5",
        "https://x.example/help/track-your-order-in-3-steps",
        "https://x.example/p/MacBook-Pro-14-inch-M3-Max-2023",
        "https://x.example/s?utm_campaign=black-friday-2026-deals-week-1",
        "https://x.example/s?keyword=iphone15&sortkey=price-asc&sort_key=price-desc",
        "https://x.example/s?country_code=germany&couponcode=SAVE20&promo_code=WINTER24",
        "https://x.example/s?design=modern-art&author=rowling&hotel=Adlon",
        "https://x.example/s?productname=lamp&filename=report.pdf&monkey=summer24",
    ],
)
def test_a_link_to_a_page_for_all_stays(link: str) -> None:
    assert mask(f"see {link} please").text == f"see {link} please"


def test_a_machine_of_version_6_is_found_with_what_it_has_of_version_4() -> None:
    assert mask("from ::ffff:192.168.0.17, 10.0.0.12").text == "from [IP_ADDRESS], [IP_ADDRESS]"
