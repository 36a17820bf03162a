from typing import Any

from django.contrib import messages
from django.contrib.auth import authenticate, views
from django.contrib.auth.forms import AuthenticationForm, PasswordChangeForm
from django.core.exceptions import ValidationError
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
        take_turn(request, request.POST.get("username", ""))
        return super().post(request, *args, **kwargs)


class SignOutView(views.LogoutView):
    pass


class PasswordForm(PasswordChangeForm):
    def __init__(self, *args: Any, request: HttpRequest, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.request = request

    def clean_old_password(self) -> str:
        """As at the door: who finds a session open has no more guesses at its password than anybody else."""
        typed: str = self.cleaned_data["old_password"]
        if authenticate(self.request, username=self.user.get_username(), password=typed) is None:
            code = "password_incorrect"
            raise ValidationError(self.error_messages[code], code=code)
        return typed


class PasswordView(views.PasswordChangeView):
    template_name = "accounts/password.html"
    form_class = PasswordForm
    success_url = reverse_lazy("ui:home")

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "request": self.request}

    @transaction.atomic
    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        take_turn(request, request.user.get_username())
        return super().post(request, *args, **kwargs)

    def form_valid(self, form: PasswordChangeForm) -> HttpResponse:
        answer = super().form_valid(form)
        record_person(action="changed", person=form.user, actor=form.user, fields=["password"])
        messages.success(
            self.request,
            _("Your password is changed. Wherever else you were signed in, you have to sign in again."),
        )
        return answer
