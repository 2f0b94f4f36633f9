from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Bulletin(models.Model):
    """One bulletin. Its allowed steps are the table in bulletins.workflow; nothing else changes `status`."""

    class Priority(models.TextChoices):
        ROUTINE = "routine", _("Thông thường")
        PRIORITY = "priority", _("Ưu tiên")
        EMERGENCY = "emergency", _("Khẩn cấp")

    class Status(models.TextChoices):
        DRAFT = "draft", _("Bản nháp")
        SUBMITTED = "submitted", _("Chờ duyệt")
        RETURNED = "returned", _("Bị trả lại")
        ON_AIR = "on_air", _("Đang phát")
        WITHDRAWN = "withdrawn", _("Đã gỡ")
        ENDED = "ended", _("Đã kết thúc")  # of an emergency
        EXPIRED = "expired", _("Hết hạn")

    uid = models.CharField(max_length=32, unique=True)  # model.ObjectId on the wire
    unit = models.ForeignKey("units.Unit", models.PROTECT, related_name="bulletins")
    priority = models.CharField(_("mức ưu tiên"), max_length=10, choices=Priority.choices, default=Priority.ROUTINE)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.DRAFT, db_index=True)
    revision = models.PositiveIntegerField(default=1)
    replaces = models.ForeignKey("self", models.SET_NULL, null=True, blank=True, related_name="replacements")
    level = models.PositiveSmallIntegerField(_("cấp độ rủi ro thiên tai"), default=0)
    picture = models.ForeignKey("media.Asset", models.PROTECT, null=True, blank=True, related_name="bulletins")
    rank = models.IntegerField(_("thứ tự"), default=0)
    always = models.BooleanField(_("tin nền"), default=False)
    starts = models.DateTimeField(_("phát từ"), null=True, blank=True)
    ends = models.DateTimeField(_("phát đến"), null=True, blank=True)
    dayparts = models.JSONField(default=list, blank=True)  # [{"start_min", "end_min", "weekdays"}]
    dates = models.JSONField(default=list, blank=True)  # rules of player.when, on any of which it is on air
    exdates = models.JSONField(default=list, blank=True)  # and on none of which
    times_a_day = models.PositiveSmallIntegerField(_("số lần hiện tối thiểu mỗi ngày"), default=0)
    speech_times = models.PositiveSmallIntegerField(_("số lần đọc trong mỗi khung giờ phát thanh"), default=2)
    speak_at_debut = models.BooleanField(_("đọc ngay khi lên bảng"), default=False)
    repeat_s = models.PositiveIntegerField(default=600)  # of an emergency's speech
    targets = models.ManyToManyField("units.Unit", blank=True, related_name="targeted")  # empty: its own unit
    screens = models.ManyToManyField("screens.Screen", blank=True, related_name="targeted")

    author = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    approver = models.ForeignKey("accounts.User", models.PROTECT, null=True, blank=True, related_name="+")
    countersigner = models.ForeignKey("accounts.User", models.PROTECT, null=True, blank=True, related_name="+")
    created = models.DateTimeField(auto_now_add=True)
    submitted = models.DateTimeField(null=True, blank=True)
    approved = models.DateTimeField(null=True, blank=True)  # = debut on the screens
    countersigned = models.DateTimeField(null=True, blank=True)
    closed = models.DateTimeField(null=True, blank=True)  # withdrawn, ended or expired

    class Meta:
        ordering = ["-created"]


class BulletinText(models.Model):
    """One language version: what is shown, and the spoken form the approver approves with it."""

    bulletin = models.ForeignKey(Bulletin, models.CASCADE, related_name="texts")
    lang = models.CharField(max_length=10, default="vi")
    title = models.CharField(_("tiêu đề"), max_length=300, blank=True)
    body = models.TextField(_("nội dung"), blank=True)
    originals = models.JSONField(default=dict, blank=True)  # {"title", "body", "spoken"} as typed, where it differs
    spoken = models.TextField(_("lời đọc"), blank=True)
    spoken_edited = models.BooleanField(default=False)  # the writer changed it; a new reading must not overwrite it
    audio = models.ForeignKey("media.Asset", models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["bulletin", "lang"], name="one_text_a_language")]


class Placement(models.Model):
    """How one revision stands on one panel shape, measured when it was submitted so that composing costs nothing."""

    bulletin = models.ForeignKey(Bulletin, models.CASCADE, related_name="placements")
    revision = models.PositiveIntegerField()
    width_px = models.PositiveIntegerField()
    height_px = models.PositiveIntegerField()
    kind = models.CharField(max_length=10)  # as Screen.kind
    pages = models.PositiveIntegerField(default=1)
    dwell_s = models.FloatField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["bulletin", "revision", "width_px", "height_px", "kind"], name="one_placement_a_shape"
            )
        ]


class Step(models.Model):
    """The audit trail: who moved a bulletin from where to where, when and why. Rows are never changed."""

    bulletin = models.ForeignKey(Bulletin, models.CASCADE, related_name="steps")
    at = models.DateTimeField()
    actor = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")
    verb = models.CharField(max_length=20)
    before = models.CharField(max_length=10)
    after = models.CharField(max_length=10)
    revision = models.PositiveIntegerField()
    note = models.TextField(blank=True)

    class Meta:
        ordering = ["id"]
