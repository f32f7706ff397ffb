"""The terms of each case, by which cases with the same words are found on both databases."""

from django.db import models


class CaseTerm(models.Model):
    """One term of what was said about a case, see wording.py; a text that is replaced later leaves its terms."""

    complaint = models.ForeignKey("complaints.Complaint", models.CASCADE, related_name="terms")
    term = models.CharField(max_length=40)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["term", "complaint"], name="case_term_once")]

    def __str__(self) -> str:
        return self.term
