from typing import Any

import pytest
from django.apps import apps
from django.contrib.auth.models import AnonymousUser, Group, Permission

from apps.accounts.models import User
from apps.accounts.roles import Role
from apps.accounts.services.roles import grant_role_permissions, has_role

pytestmark = pytest.mark.django_db


def person(role: Role | None = None, **fields: Any) -> User:
    user = User.objects.create_user(f"person-{User.objects.count()}", **fields)
    if role is not None:
        user.groups.add(Group.objects.get(name=role))
    return user


@pytest.mark.parametrize("role", Role)
def test_every_role_is_a_group(role: Role) -> None:
    assert has_role(person(role), role)


def test_one_of_several_roles_is_enough() -> None:
    assert has_role(person(Role.AGENT), Role.ANALYST, Role.AGENT)
    assert not has_role(person(Role.AGENT), Role.ANALYST)


def test_nobody_and_the_inactive_have_no_role() -> None:
    assert not has_role(AnonymousUser(), *Role)
    assert not has_role(person(Role.AGENT, is_active=False), Role.AGENT)


def test_a_superuser_has_every_role() -> None:
    assert has_role(person(is_superuser=True), Role.AUDITOR)


def test_the_auditor_may_look_at_everything_and_touch_nothing() -> None:
    permissions = person(Role.AUDITOR).get_all_permissions()

    assert "accounts.view_auditentry" in permissions
    assert {name.partition(".")[2].partition("_")[0] for name in permissions} == {"view"}


def test_the_model_owner_issues_keys_and_reads_the_trail() -> None:
    owner = person(Role.MODEL_OWNER)

    assert owner.has_perms(["accounts.add_apikey", "accounts.view_auditentry"])
    assert not owner.has_perm("accounts.add_user")


def test_a_right_that_an_upgrade_took_away_is_gone_and_groups_of_others_stay() -> None:
    change = Permission.objects.get(content_type__app_label="registry", codename="change_run")
    auditors, others = Group.objects.get(name=Role.AUDITOR), Group.objects.create(name="interns")
    for group in (auditors, others):
        group.permissions.add(change)

    grant_role_permissions(apps.get_app_config("registry"))

    assert not auditors.permissions.filter(pk=change.pk).exists()
    assert auditors.permissions.filter(codename="view_run").exists()
    assert others.permissions.filter(pk=change.pk).exists()


def test_what_each_role_may_do_is_compared_in_few_queries(django_assert_max_num_queries: Any) -> None:
    with django_assert_max_num_queries(4):
        grant_role_permissions(apps.get_app_config("registry"))


@pytest.mark.django_db(transaction=True)
def test_roles_survive_an_emptied_database() -> None:
    assert Group.objects.count() == len(Role)
