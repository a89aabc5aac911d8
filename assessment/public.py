"""What other parts of the site may ask of the symptom check."""

from .clinic.metrics import gauges

__all__ = ["gauges"]
