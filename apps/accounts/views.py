from typing import Any

from django.contrib.auth import views
from django.contrib.auth.forms import AuthenticationForm
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from apps.accounts.lockout import take_turn


class SignInForm(AuthenticationForm):
    error_messages = {
        **AuthenticationForm.error_messages,
        "invalid_login": _("This name and password do not belong together. Check both and try again."),
    }


class SignInView(views.LoginView):
    template_name = "accounts/login.html"
    authentication_form = SignInForm

    @transaction.atomic
    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        take_turn(request)
        return super().post(request, *args, **kwargs)


class SignOutView(views.LogoutView):
    pass
