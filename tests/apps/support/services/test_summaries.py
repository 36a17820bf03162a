"""What is kept of a customer's context for the next agent."""

from apps.support.services.summaries import masked


def test_a_value_is_masked_by_what_it_is_called() -> None:
    context = {"phone": "612345678", "ssn": "361962931", "people": [{"mobile": 612345678}]}

    assert masked(context) == {
        "phone": "[PHONE_NUMBER]",
        "ssn": "[US_SSN]",
        "people": [{"mobile": "[PHONE_NUMBER]"}],
    }


def test_other_values_stay_and_say_nothing_of_what_is_personal() -> None:
    context = {"order_number": 4155552671, "is_new": True, "total": 12.5, "account": "+49 171 1234567"}

    assert masked(context) == {**context, "account": "[PHONE_NUMBER]"}
