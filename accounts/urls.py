"""Addresses of sign-in, of a person's own pages, and of the people pages. Sign-up does not exist."""

from allauth.account import views as sign_in
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as keys
from django.urls import include, path, re_path

from accounts import absence_views, duty_views, people_views, views

sign_in_urls = [
    path("", sign_in.login, name="account_login"),
    path("code/", mfa.authenticate, name="mfa_authenticate"),
    path("trust/", mfa.trust, name="mfa_trust"),
    path("passkey/", keys.login_webauthn, name="mfa_login_webauthn"),
    path("closed/", sign_in.account_inactive, name="account_inactive"),
    path("recover/", sign_in.password_reset, name="account_reset_password"),
    path("recover/sent/", sign_in.password_reset_done, name="account_reset_password_done"),
    path("recover/done/", sign_in.password_reset_from_key_done, name="account_reset_password_from_key_done"),
    re_path(
        r"^recover/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        sign_in.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
]
security_urls = [
    path("", mfa.index, name="mfa_index"),
    path("end-sessions/", views.end_sessions, name="end_sessions"),
    path("tokens/", views.my_tokens, name="my_tokens"),
    path("tokens/<int:pk>/revoke/", views.revoke_token, name="revoke_token"),
    path("password/", sign_in.password_change, name="account_change_password"),
    path("password/first/", sign_in.password_set, name="account_set_password"),
    path("confirm/", sign_in.reauthenticate, name="account_reauthenticate"),
    path("confirm/code/", mfa.reauthenticate, name="mfa_reauthenticate"),
    path("confirm/key/", keys.reauthenticate_webauthn, name="mfa_reauthenticate_webauthn"),
    path("app/", totp.activate_totp, name="mfa_activate_totp"),
    path("app/off/", totp.deactivate_totp, name="mfa_deactivate_totp"),
    path("codes/", codes.view_recovery_codes, name="mfa_view_recovery_codes"),
    path("codes/new/", codes.generate_recovery_codes, name="mfa_generate_recovery_codes"),
    path("codes/download/", codes.download_recovery_codes, name="mfa_download_recovery_codes"),
    path("keys/", keys.list_webauthn, name="mfa_list_webauthn"),
    path("keys/new/", keys.add_webauthn, name="mfa_add_webauthn"),
    path("keys/<int:pk>/edit/", keys.edit_webauthn, name="mfa_edit_webauthn"),
    path("keys/<int:pk>/remove/", keys.remove_webauthn, name="mfa_remove_webauthn"),
]
people_urls = [
    path("", people_views.people_list, name="people"),
    path("new/", people_views.invite, name="invite"),
    path("<uuid:uuid>/", people_views.person, name="person"),
    re_path(
        r"^(?P<uuid>[0-9a-f-]{36})/(?P<verb>deactivate|reactivate|invite)/$",
        people_views.change_account,
        name="change_account",
    ),
]
urlpatterns = [
    path("", views.home, name="home"),
    path("i18n/setlang/", views.set_language, name="set_language"),
    path("login/", include(sign_in_urls)),
    path("logout/", sign_in.logout, name="account_logout"),
    path("me/", views.me, name="me"),
    path("me/absence/", absence_views.own, name="absence"),
    path("me/absence/<int:pk>/off/", absence_views.call_off, name="absence-call-off"),
    path("me/theme/", views.set_theme, name="set_theme"),
    path("me/security/", include(security_urls)),
    path("me/views/", views.save_view, name="save_view"),
    path("me/views/<str:slug>/forget/", views.forget_view, name="forget_view"),
    path("v/<str:slug>/", views.saved_view, name="saved_view"),
    path("x/draft/", views.save_draft, name="save_draft"),
    path("jobs/<uuid:uuid>/", views.job, name="job"),
    path("x/jobs/<uuid:uuid>/", views.job_progress, name="job_progress"),
    path("settings/duty/", duty_views.rota, name="duty"),
    path("settings/duty/<int:pk>/remove/", duty_views.remove, name="duty-remove"),
    path("settings/people/", include(people_urls)),
]
