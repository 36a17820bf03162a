"""Postal addresses as different countries write them, and what only looks alike."""

import pytest

from modelcore.privacy import mask


@pytest.mark.parametrize(
    "address",
    [
        "Korenstraat 12a, 3512 AB Utrecht",
        "Tweede Jan van der Molenstraat 7 hs",
        "Laan van Wijngaarden 45-III",
        "Lindenpoort 10, 2511BS Den Haag",
        "Storgatan 71A, lgh 1201, 111 36 Stockholm",
        "Södra Vägen 12",
        "Kungsgatan 5B, SE-111 43 Stockholm",
        "ul. Lipowa 12/34, 00-590 Warszawa",
        "ul. Jana Kowala II 22 m. 5",
        "al. Długa 65/79",
        "Rynek Stary 12, 31-042 Kraków",
        "台北市信義區松林路五段7號12樓",
        "新北市板橋區竹南路一段188巷5弄3號4樓之2",
        "九龍旺角花園道688號旺角中心2樓A室",
        "新界沙田禾輋邨福海樓12樓1203室",
        "Flat A, 12/F, Tower 3, Kornfield, Quarry Bay, Hong Kong",
        "Room 1203, 12/F, Bright Centre, 111 Harbour Road Central, Hong Kong",
        "5F.-2, No. 12, Ln. 45, Sec. 2, Songlin E. Rd., Da'an Dist., Taipei City 106, Taiwan",
        "Via Giulio Verdi 12, 00184 Roma",
        "korenstraat 12, 1015 cj amsterdam",
        "Långa gatan 30, 3 tr, 115 21 Stockholm",
        "桃園市中壢區中松西路二段 141 號 5 樓",
        "香港灣仔花園道28號12字樓",
        "Flat 3B, Block 5, Rose Garden, North Point",
        "15 Rose Road, Tsim Sha Tsui, Kowloon",
    ],
)
def test_an_address_is_found_whole(address: str) -> None:
    assert mask(f"it is: {address}").text == "it is: [STREET_ADDRESS]"


@pytest.mark.parametrize(
    "text",
    [
        "Via Express 2",
        "Bitte schickt es via DHL Express 2 Mal",
        "Supermarkt 2, iPad 3 and Colgate 4",
        "On March 5, 2024 We met",
        "Orders Galaxy 10, 500 10 SEK",
    ],
)
def test_what_only_looks_like_one_stays(text: str) -> None:
    assert mask(text).text == text
