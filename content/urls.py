"""The addresses of the library."""

from django.urls import path

from .web import views

urlpatterns = [
    path("", views.home, name="home"),
    path("sitemap.xml", views.sitemap, name="sitemap"),
    path("robots.txt", views.robots, name="robots"),
    path("privacy/", views.privacy, name="privacy"),
    path("accessibility/", views.accessibility, name="accessibility"),
    path("how-we-write/", views.how_we_write, name="how_we_write"),
    path("search/", views.search_page, name="search"),
    path("a-z/", views.a_to_z, name="a_to_z"),
    path("feed/", views.feed, name="feed"),
    path("feedback/", views.send_feedback, name="feedback"),
    path("feedback/thanks/", views.thanks, name="thanks"),
    path("pictures/<slug:digest>-<int:width>.webp", views.picture, name="picture"),
    path("drafts/<str:token>/", views.draft, name="draft"),
    path("styleguide/", views.styleguide, name="styleguide"),
    path("<slug:topic>/", views.topic, name="topic"),
    path("<slug:topic>/<slug:slug>/", views.article, name="article"),
]
