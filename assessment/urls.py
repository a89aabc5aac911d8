"""The addresses of the symptom check. No answer, code or reference is ever part of one."""

from django.urls import path

from .patient import pause_views, views
from .retention import views as retention_views

urlpatterns = [
    path("", views.start, name="check"),
    path("answers/", views.answers, name="answers"),
    path("result/", views.result, name="result"),
    path("result/reminder.ics", views.reminder, name="reminder"),
    path("send/", views.send, name="send"),
    path("call-back/", views.call_back, name="call_back"),
    path("call-back/remove/", views.remove_call_back, name="remove_call_back"),
    path("pause/", pause_views.pause, name="pause"),
    path("return/", pause_views.come_back, name="return"),
    path("correct/", views.correct, name="correct"),
    path("delete/", views.delete, name="delete"),
    path("delete-what-i-sent/", retention_views.page, name="withdraw"),
    path("<slug:code>/", views.question, name="question"),
]
