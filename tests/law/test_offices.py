"""Who deals with what."""

import re

import pytest

from law.facts import Standing, Unit, fact
from law.offices import CONTACTS, DESKS, Item, Matter, Office, SuspensionGround, who_suspends


def test_every_matter_has_a_desk_and_every_office_a_contact() -> None:
    assert DESKS.keys() == set(Matter)
    assert CONTACTS.keys() == set(Office)
    assert {desk.office for desk in DESKS.values()} == set(Office)
    assert {item for desk in DESKS.values() for item in desk.items} == set(Item)


def test_the_three_matters_of_a_companys_account_go_to_three_offices() -> None:
    assert [
        DESKS[matter].office
        for matter in (Matter.COMPANY_ACCOUNT, Matter.RETROACTIVE_WRITE_RIGHTS, Matter.RETROACTIVE_EXTENSION)
    ] == [Office.JOBROOM_SUPPORT, Office.KAE_FFE, Office.FUND]


@pytest.mark.parametrize(
    ("matter", "email"),
    [
        (Matter.COMPANY_ACCOUNT, "jobroom@alv.admin.ch"),
        (Matter.RETROACTIVE_WRITE_RIGHTS, "KAE-FFE@seco.admin.ch"),
        (Matter.VACANCY, "se@etat.ge.ch"),
    ],
)
def test_addresses_are_those_of_the_sources(matter: Matter, email: str) -> None:
    fact_id = DESKS[matter].contact.email
    assert fact_id is not None
    assert fact(fact_id).value == email


@pytest.mark.parametrize("office", Office)
def test_only_what_is_confirmed_is_given(office: Office) -> None:
    contact = CONTACTS[office]
    for fact_id, units in (
        (contact.address, {Unit.ADDRESS, Unit.LABEL}),
        (contact.email, {Unit.EMAIL}),
        (contact.site, {Unit.URL}),
    ):
        if fact_id is not None:
            known = fact(fact_id)
            assert known.unit in units
            assert known.standing is not Standing.SUPERSEDED
            assert not re.search(r"022|Montbrillant", str(known.value))


def test_an_objection_is_a_signed_letter() -> None:
    for matter in (Matter.OBJECTION_TO_OCE, Matter.OBJECTION_TO_FUND, Matter.APPEAL):
        assert DESKS[matter].items == (Item.SIGNED_LETTER, Item.DECISION)
        assert DESKS[matter].contact.email is None


def test_who_suspends_is_said_by_the_letter_of_the_law() -> None:
    assert {ground for ground in SuspensionGround if who_suspends(ground) is Office.OCE} == {"c", "d", "g"}
    assert {ground for ground in SuspensionGround if who_suspends(ground) is Office.FUND} == {"a", "b", "f"}
    assert who_suspends(SuspensionGround.E) is None
    assert who_suspends(SuspensionGround.E, duty_towards_oce=True) is Office.OCE
    assert who_suspends(SuspensionGround.E, duty_towards_oce=False) is Office.FUND
