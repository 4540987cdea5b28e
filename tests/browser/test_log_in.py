"""Logging in, the second factor, invitations and the audit trail, as people see them."""

from __future__ import annotations

import re

import pyotp
import pytest
from django.core import mail
from playwright.sync_api import expect

from signin import second_factor

NEW = "a-new-and-long-one"


def log_in(page, name: str = "robin", password: str = "secret") -> None:
    page.goto("/login/")
    page.get_by_label("Username").fill(name)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Log in").click()


def test_a_stranger_is_asked_to_log_in_and_arrives_where_they_wanted(
    page, context, user, assert_accessible
):
    context.clear_cookies()
    page.goto("/preferences/")
    expect(page).to_have_url("/login/?next=/preferences/")
    assert_accessible(page)
    page.get_by_label("Username").fill("robin")
    page.get_by_label("Password").fill("secret")
    page.get_by_role("button", name="Log in").click()
    expect(page).to_have_url("/preferences/")


@pytest.mark.parametrize(
    "address",
    ["/login/", "/password/forgotten/", "/password/forgotten/sent/", "/password/new/MQ/used/"],
)
def test_the_pages_before_the_log_in_fit_a_telephone(narrow, context, assert_accessible, address):
    context.clear_cookies()
    narrow.goto(address)
    assert_accessible(narrow)
    assert narrow.evaluate("document.documentElement.scrollWidth") <= 390


def test_a_second_factor_is_turned_on_and_asked_for(page, shop, assert_accessible):
    page.goto("/preferences/")
    page.locator(".user-menu summary").click()
    page.get_by_role("link", name="My Account").click()
    assert_accessible(page)
    page.get_by_role("link", name="Turn on").click()
    assert_accessible(page)
    secret = page.locator(".secret").inner_text().replace(" ", "")
    app = pyotp.TOTP(secret)
    page.get_by_label("Code the app shows").fill("000000")
    page.get_by_label("Your password").fill("secret")
    page.get_by_role("button", name="Turn On").click()
    expect(page.locator(".error-summary")).to_contain_text("This is not the code")
    page.get_by_label("Code the app shows").fill(app.now())
    page.get_by_label("Your password").fill("secret")
    page.get_by_role("button", name="Turn On").click()
    codes = page.locator(".recovery-codes code")
    expect(codes).to_have_count(10)
    assert_accessible(page)
    paper = codes.first.inner_text()
    page.get_by_role("link", name="I Have Kept Them").click()
    page.locator(".user-menu summary").click()
    page.get_by_role("button", name="Log out", exact=True).last.click()
    log_in(page)
    expect(page).to_have_url("/login/code/")
    assert_accessible(page)
    page.get_by_label("Code").fill(paper.lower())
    page.get_by_role("button", name="Log in").click()
    expect(page).to_have_url("/")
    assert second_factor.RecoveryCode.objects.exclude(used_at=None).count() == 1


def test_somebody_is_invited_and_comes_in(page, context, shop, user, assert_accessible):
    page.goto("/setup/users/invite/")
    page.get_by_label("E-mail").fill("kim@example.com")
    page.get_by_label("First name").fill("Kim")
    page.get_by_label("Role").select_option("Sales")
    page.get_by_role("button", name="Send Invitation").click()
    expect(page.locator("table")).to_contain_text("kim@example.com")
    assert_accessible(page)
    page.goto("/setup/audit-trail/")
    expect(page.locator("table")).to_contain_text("Invitation")
    assert_accessible(page)
    context.clear_cookies()
    page.goto(re.search(r"/invitation/\S+", mail.outbox[0].body)[0])
    assert_accessible(page)
    expect(page.get_by_label("Username")).to_have_value("kim")
    page.locator("#id_password1").fill(NEW)
    page.locator("#id_password2").fill(NEW)
    page.get_by_role("button", name="Go On").click()
    log_in(page, "kim@example.com", NEW)
    expect(page).to_have_url("/")


@pytest.mark.parametrize(
    "address",
    ["/account/", "/account/password/", "/account/second-factor/", "/setup/users/invite/",
     "/setup/audit-trail/"],
)  # fmt: skip
def test_the_pages_of_ones_account_fit_a_telephone(narrow, user, assert_accessible, address):
    narrow.goto(address)
    assert_accessible(narrow)
    assert narrow.evaluate("document.documentElement.scrollWidth") <= 390
