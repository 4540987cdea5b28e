from playwright.sync_api import expect


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


def test_the_log_in_page_fits_a_telephone(narrow, context, assert_accessible):
    context.clear_cookies()
    narrow.goto("/login/")
    assert_accessible(narrow)
    assert narrow.evaluate("document.documentElement.scrollWidth") <= 390
