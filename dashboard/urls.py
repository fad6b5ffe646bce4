"""Every address of the dashboard, in one flat list. The steps of one import lie under its number."""

from django.contrib import admin
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import LogoutView
from django.urls import path
from django.views.i18n import set_language

from dashboard.views import account, columns, connections, files, home, typing, uploads

urlpatterns = [
    path("", home.home, name="home"),
    # bringing people in
    path("imports/new/", uploads.job_new, name="job_new"),
    path("imports/paste/", uploads.job_paste, name="job_paste"),
    path("imports/form/", typing.form_new, name="form_new"),
    # one import, step by step
    path("imports/<uuid:uuid>/", files.job, name="job"),
    path("imports/<uuid:uuid>/file/", files.job_file, name="job_file"),
    path("imports/<uuid:uuid>/file/preview/", files.job_preview, name="job_preview"),
    path("imports/<uuid:uuid>/columns/", columns.job_columns, name="job_columns"),
    # accounts of the platform
    path("connections/", connections.connection_list, name="connection_list"),
    path("connections/new/", connections.connection_new, name="connection_new"),
    path("connections/<int:pk>/", connections.connection, name="connection"),
    path("connections/<int:pk>/test/", connections.connection_test, name="connection_test"),
    path("connections/<int:pk>/refresh/", connections.catalogue_refresh, name="catalogue_refresh"),
    # people and the frame
    path("login/", account.SignIn.as_view(), name="login"),
    path("logout/", LogoutView.as_view(), name="logout"),
    path("language/", login_not_required(set_language), name="set_language"),
    path("healthz", account.healthz, name="healthz"),
    path("admin/", admin.site.urls),
]
