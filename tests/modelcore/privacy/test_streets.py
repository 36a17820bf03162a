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
        "Lindenring 5",
        "Schottenring 18a",
        "Marktplatz 12, 80331 München",
        "Kieler Straße 98, 20095 Hamburg",
        "Am Markt 79 b, 10115 Berlin",
        "Straße des 17. Mai 135, 60311 Frankfurt am Main",
        "Lindauer Straße 12, 1060 Wien",
        "C/ Rosales 80, 28013 Madrid",
        "Calle Rosal 5, 3º B, 28013 Madrid",
        "Av. Rosal, 961 - Colina, Rio de Janeiro - RJ, 22010-000",
        "Blk 676 Rose Kio Ave 7 #15-710, Singapore 560425",
        "10 Rosefront Avenue, Singapore 018956",
        "23 Rose St, Sydney NSW 2000",
        "100 Rose Street W, Toronto, ON M5V 2T6",
    ],
)
def test_an_address_is_found_whole(address: str) -> None:
    assert mask(f"it is: {address}").text == "it is: [STREET_ADDRESS]"


@pytest.mark.parametrize(
    "address", ["20 rue du Lac, 75002 Paris", "5B Rose Lane", "Storgatan 66, 111 22 Stockholm"]
)
def test_chinese_around_an_address_is_no_part_of_it(address: str) -> None:
    assert mask(f"请寄到{address}，谢谢").text == "请寄到[STREET_ADDRESS]，谢谢"


def test_a_street_may_be_called_by_what_else_is_none() -> None:
    assert mask("Am Sportplatz 4, Am Heidering 9").text == "Am [STREET_ADDRESS], Am [STREET_ADDRESS]"


@pytest.mark.parametrize(
    "text",
    [
        "Via Express 2",
        "Bitte schickt es via DHL Express 2 Mal",
        "Supermarkt 2, iPad 3 and Colgate 4",
        "On March 5, 2024 We met",
        "Orders Galaxy 10, 500 10 SEK",
        "I love the Spring 2024 catalogue",
        "Earring 925 silver, Keyring 2 pack, String 5 is broken",
        "Engineering 101, Monitoring 24, Hiring 3 people, Offering 10 % off",
        "Umweg 3 Wochen, Parkplatz 12, Arbeitsplatz 4, Rückweg 2",
        "Ehering 58, Dichtungsring 14 und Mittelweg 1990",
        "Lindenweg 4 km entfernt",
        "Bestellung Nr. 12, 10000 Stück",
        "Microsoft Excel 2016, 12345 Rows",
        "24 Hour Drive, 5 Star Road",
        "路由器3号端口",
    ],
)
def test_what_only_looks_like_one_stays(text: str) -> None:
    assert mask(text).text == text
