from __future__ import annotations

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils.translation import gettext_lazy as _


class User(AbstractUser):
    """A person. There is no default account and no default password anywhere."""

    full_name = models.CharField(_("họ và tên"), max_length=150, blank=True)
    must_change_password = models.BooleanField(default=False)

    def __str__(self) -> str:
        return self.full_name or self.username


class Role(models.TextChoices):
    WRITER = "writer", _("Người soạn")
    APPROVER = "approver", _("Người duyệt")
    TECHNICIAN = "technician", _("Kỹ thuật viên")
    ADMIN = "admin", _("Quản trị viên")
    VIEWER = "viewer", _("Chỉ xem")


class Membership(models.Model):
    """A role of a person in a unit; it holds for the units below it too."""

    user = models.ForeignKey(User, models.CASCADE, related_name="memberships")
    unit = models.ForeignKey("units.Unit", models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=20, choices=Role.choices)
    emergency = models.BooleanField(_("quyền phát khẩn cấp"), default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "unit", "role"], name="one_role_a_unit")]


class ApiToken(models.Model):
    """A bearer token of a person for the HTTP API; only its SHA-256 is kept."""

    user = models.ForeignKey(User, models.CASCADE, related_name="api_tokens")
    name = models.CharField(max_length=80)
    digest = models.CharField(max_length=64, unique=True)
    created = models.DateTimeField(auto_now_add=True)
    last_used = models.DateTimeField(null=True, blank=True)


class BrokerAccess(models.Model):
    """A technician's own MQTT credential: reads up/# of the screens of its units. The password is shown once."""

    user = models.OneToOneField(User, models.CASCADE, related_name="broker_access")
    username = models.CharField(max_length=64, unique=True)
    password_hash = models.CharField(max_length=200)  # as Mosquitto's password file holds it
    created = models.DateTimeField(auto_now_add=True)


class LoginFailure(models.Model):
    """A wrong password: counted by name and by address, so that guessing becomes slow. Old rows are pruned."""

    name = models.CharField(max_length=150, db_index=True)  # as typed, lower case
    address = models.CharField(max_length=64, db_index=True)
    at = models.DateTimeField(db_index=True)
