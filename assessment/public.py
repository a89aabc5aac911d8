"""What other parts of the site may ask of the symptom check."""

from .clinic.metrics import collect_metrics

__all__ = ["collect_metrics"]
