"""Addresses of the staff's pages."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import LogoutView
from django.urls import path
from django.views.i18n import set_language

from publisher.web.views import (
    account,
    approval,
    bulletins,
    compose,
    dress,
    emergency,
    history,
    home,
    people,
    screens,
    units,
    uploads,
)  # fmt: skip

urlpatterns = [
    path("", home.home, name="home"),
    path("dang-nhap", account.Login.as_view(), name="login"),
    path("dang-xuat", LogoutView.as_view(), name="logout"),
    path("ngon-ngu", login_not_required(set_language), name="language"),
    path("mat-khau", account.password, name="password"),
    path("tai-khoan", account.account, name="me"),
    path("tai-khoan/ma/<int:pk>/thu-hoi", account.revoke_token, name="revoke-token"),
    path("them", account.more, name="more"),
    path("soan-tin", compose.new, name="compose"),
    path("soan-tin/xem-thu", compose.live, name="live"),
    path("soan-tin/chuyen-ma", compose.convert, name="convert"),
    path("xem-thu/<str:key>/<int:number>.png", compose.picture, name="preview-picture"),
    path("nghe-thu", compose.listen, name="listen"),
    path("nghe-thu/<str:key>.wav", compose.clip, name="clip"),
    path("nghe-thu/<str:key>", compose.heard, name="heard"),
    path("tep", uploads.receive, name="upload"),
    path("tep/ghi-am", uploads.receive_audio, name="upload-audio"),
    path("tep/<str:uid>", uploads.state, name="upload-state"),
    path("tep/anh/<str:sha256>", uploads.thumbnail, name="asset"),
    path("tin", bulletins.listing, name="bulletins"),
    path("tin/<str:uid>", bulletins.page, name="bulletin"),
    path("tin/<str:uid>/sua", compose.change, name="change"),
    path("tin/<str:uid>/duyet", approval.page, name="approval"),
    path("tin/<str:uid>/hien-thi", bulletins.delivery, name="delivery"),
    path("tin/<str:uid>/xem", bulletins.pixels, name="pixels"),
    path("tin/<str:uid>/<slug:verb>", bulletins.step, name="step"),
    path("khan-cap", emergency.page, name="emergency"),
    path("khan-cap/<str:uid>", emergency.confirm, name="emergency-confirm"),
    path("khan-cap/<str:uid>/thay", emergency.replace, name="emergency-replace"),
    path("bang", screens.listing, name="screens"),
    path("bang/moi", screens.new, name="screen-new"),
    path("bang/ngat", screens.stop_unit, name="stop-unit"),
    path("bang/<str:screen_id>", screens.page, name="screen"),
    path("bang/<str:screen_id>/anh", screens.live_picture, name="screen-live"),
    path("bang/<str:screen_id>/anh.png", screens.picture, name="screen-picture"),
    path("bang/<str:screen_id>/ma", screens.claim, name="screen-claim"),
    path("bang/<str:screen_id>/thu-hoi", screens.revoke, name="screen-revoke"),
    path("bang/<str:screen_id>/lenh/<slug:verb>", screens.command, name="screen-command"),
    path("don-vi", units.listing, name="units"),
    path("don-vi/<str:code>", units.page, name="unit"),
    path("don-vi/<str:code>/them", units.add, name="unit-add"),
    path("don-vi/<str:code>/giao-dien", dress.change, name="unit-dress"),
    path("nguoi-dung", people.listing, name="people"),
    path("nguoi-dung/<int:pk>", people.page, name="person"),
    path("nhat-ky", history.page, name="history"),
    path("nhat-ky.csv", history.export, name="history-csv"),
]
