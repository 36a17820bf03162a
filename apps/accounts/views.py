from typing import Any

from django.contrib import messages
from django.contrib.auth import views
from django.contrib.auth.forms import AuthenticationForm, PasswordChangeForm
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _

from apps.accounts.lockout import take_turn
from apps.accounts.services.people import record_person


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


class PasswordView(views.PasswordChangeView):
    template_name = "accounts/password.html"
    success_url = reverse_lazy("ui:home")

    @transaction.atomic
    def form_valid(self, form: PasswordChangeForm) -> HttpResponse:
        answer = super().form_valid(form)
        record_person(action="changed", person=form.user, actor=form.user, fields=["password"])
        messages.success(
            self.request,
            _("Your password is changed. Wherever else you were signed in, you have to sign in again."),
        )
        return answer
