"""What other parts of the site may ask of the symptom check."""

from .clinic.metrics import collect_metrics
from .patient.views import show_csrf_failure

__all__ = ["collect_metrics", "show_csrf_failure"]
