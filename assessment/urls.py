"""The addresses of the symptom check. No answer, code or reference is ever part of one."""

from django.urls import path

from .patient import pause_views, views
from .retention import views as retention_views

urlpatterns = [
    path("", views.show_start, name="check"),
    path("answers/", views.show_answers, name="answers"),
    path("result/", views.show_result, name="result"),
    path("result/reminder.ics", views.download_reminder, name="reminder"),
    path("result/print/", views.print_result, name="print_result"),
    path("result/plan.txt", views.save_plan, name="save_plan"),
    path("send/", views.submit_result, name="send"),
    path("call-back/", views.request_callback, name="call_back"),
    path("call-back/remove/", views.cancel_callback, name="remove_call_back"),
    path("pause/", pause_views.pause_check, name="pause"),
    path("return/", pause_views.return_to_check, name="return"),
    path("correct/", views.correct_answer, name="correct"),
    path("delete/", views.delete_answers, name="delete"),
    path("delete-what-i-sent/", retention_views.show_withdrawal, name="withdraw"),
    path("<slug:code>/", views.ask_question, name="question"),
]
