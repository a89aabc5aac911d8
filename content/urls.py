"""The addresses of the library."""

from django.urls import path

from content import views

urlpatterns = [
    path("", views.home, name="home"),
    path("sitemap.xml", views.sitemap, name="sitemap"),
    path("robots.txt", views.robots, name="robots"),
    path("<slug:topic>/", views.topic, name="topic"),
    path("<slug:topic>/<slug:slug>/", views.article, name="article"),
]
