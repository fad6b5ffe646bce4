"""Every address of the dashboard, in one flat list. The steps of one import lie under its number."""

from django.contrib import admin
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import LogoutView
from django.urls import path
from django.views.i18n import set_language

from dashboard.views import (
    account,
    checking,
    columns,
    connections,
    files,
    grid,
    history,
    home,
    listing,
    probes,
    results,
    rows,
    second_word,
    sending,
    switch,
    typing,
    unknown,
    uploads,
)

urlpatterns = [
    path("", home.home, name="home"),
    path("imports/", listing.job_list, name="job_list"),
    path("history/", history.history, name="history"),
    # bringing people in
    path("imports/new/", uploads.job_new, name="job_new"),
    path("imports/paste/", uploads.job_paste, name="job_paste"),
    path("imports/form/", typing.form_new, name="form_new"),
    path("imports/form/several/", grid.form_several, name="form_several"),
    # one import, step by step
    path("imports/<uuid:uuid>/", files.job, name="job"),
    path("imports/<uuid:uuid>/file/", files.job_file, name="job_file"),
    path("imports/<uuid:uuid>/file/preview/", files.job_preview, name="job_preview"),
    path("imports/<uuid:uuid>/columns/", columns.job_columns, name="job_columns"),
    path("imports/<uuid:uuid>/check/", checking.job_check, name="job_check"),
    path("imports/<uuid:uuid>/check/json/", checking.job_json, name="job_json"),
    path("imports/<uuid:uuid>/start/", checking.job_start, name="job_start"),
    path("imports/<uuid:uuid>/sending/", sending.job_sending, name="job_sending"),
    path("imports/<uuid:uuid>/pause/", sending.job_pause, name="job_pause"),
    path("imports/<uuid:uuid>/cancel/", sending.job_cancel, name="job_cancel"),
    path("imports/<uuid:uuid>/resume/", sending.job_resume, name="job_resume"),
    path("imports/<uuid:uuid>/results/", results.job_results, name="job_results"),
    path("imports/<uuid:uuid>/rows/<int:number>/", rows.job_row, name="job_row"),
    path("imports/<uuid:uuid>/download/", results.job_download, name="job_download"),
    path("imports/<uuid:uuid>/unknown/", unknown.job_unknown, name="job_unknown"),
    path("imports/<uuid:uuid>/unknown/<int:number>/decide/", unknown.job_decide, name="job_decide"),
    path("imports/<uuid:uuid>/unknown/<int:number>/look/", unknown.job_look_up, name="job_look_up"),
    path("imports/<uuid:uuid>/again/<uuid:bundle>/confirm/", second_word.again_confirm, name="again_confirm"),
    path("imports/<uuid:uuid>/again/<uuid:bundle>/refuse/", second_word.again_refuse, name="again_refuse"),
    path("imports/<uuid:uuid>/again/<uuid:bundle>/withdraw/", second_word.again_withdraw, name="again_withdraw"),
    path("imports/<uuid:uuid>/history/", history.job_history, name="job_history"),
    # the switch over all sending
    path("sending/", switch.sending_switch, name="sending_switch"),
    path("sending/stop/", switch.sending_stop, name="sending_stop"),
    path("sending/go/", switch.sending_go, name="sending_go"),
    # accounts of the platform
    path("connections/", connections.connection_list, name="connection_list"),
    path("connections/new/", connections.connection_new, name="connection_new"),
    path("connections/<int:pk>/", connections.connection, name="connection"),
    path("connections/<int:pk>/test/", connections.connection_test, name="connection_test"),
    path("connections/<int:pk>/refresh/", connections.catalogue_refresh, name="catalogue_refresh"),
    path("connections/<int:pk>/off/", connections.connection_off, name="connection_off"),
    path("connections/<int:pk>/on/", connections.connection_on, name="connection_on"),
    path("connections/<int:pk>/questions/<slug:name>/", probes.connection_probe, name="connection_probe"),
    # people and the frame
    path("login/", account.SignIn.as_view(), name="login"),
    path("logout/", LogoutView.as_view(), name="logout"),
    path("language/", login_not_required(set_language), name="set_language"),
    path("healthz", account.healthz, name="healthz"),
    path("admin/", admin.site.urls),
]
