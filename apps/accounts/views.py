from django.contrib.auth import views
from django.contrib.auth.forms import AuthenticationForm
from django.utils.translation import gettext_lazy as _


class SignInForm(AuthenticationForm):
    error_messages = {
        **AuthenticationForm.error_messages,
        "invalid_login": _("This name and password do not belong together. Check both and try again."),
    }


class SignInView(views.LoginView):
    template_name = "accounts/login.html"
    authentication_form = SignInForm


class SignOutView(views.LogoutView):
    pass
