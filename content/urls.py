"""The addresses of the articles and of the pages about them."""

from django.urls import path

from .web import views

urlpatterns = [
    path("", views.show_home, name="home"),
    path("sitemap.xml", views.show_sitemap, name="sitemap"),
    path("robots.txt", views.show_robots, name="robots"),
    path("clinic/", views.show_clinic, name="clinic"),
    path("privacy/", views.show_privacy, name="privacy"),
    path("accessibility/", views.show_accessibility, name="accessibility"),
    path("how-we-write/", views.show_how_we_write, name="how_we_write"),
    path("search/", views.search_articles, name="search"),
    path("a-z/", views.show_a_to_z, name="a_to_z"),
    path("feed/", views.show_feed, name="feed"),
    path("feedback/", views.receive_feedback, name="feedback"),
    path("feedback/thanks/", views.show_thanks, name="thanks"),
    path("pictures/<slug:digest>-<int:width>.webp", views.serve_picture, name="picture"),
    path("drafts/<str:token>/", views.show_draft, name="draft"),
    path("styleguide/", views.show_styleguide, name="styleguide"),
    path("<slug:topic>/", views.show_topic, name="topic"),
    path("<slug:topic>/<slug:slug>/", views.show_article, name="article"),
    path("<slug:topic>/<slug:slug>/sheet/", views.show_sheet, name="sheet"),
]
