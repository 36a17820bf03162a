from django.urls import path

from apps.accounts.views import PasswordView, SignInView, SignOutView

app_name = "accounts"
urlpatterns = [
    path("sign-in/", SignInView.as_view(), name="login"),
    path("password/", PasswordView.as_view(), name="password"),
    path("sign-out/", SignOutView.as_view(), name="logout"),
]
