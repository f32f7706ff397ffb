from django.urls import path

from notifications import views

urlpatterns = [
    path("", views.dead, name="notifications"),
    path("<uuid:uuid>/retry/", views.retry, name="notification-retry"),
    path("untold/<int:pk>/retry/", views.retell, name="notification-retell"),
]
