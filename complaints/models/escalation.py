"""A step of a ladder that was climbed, or a customer's call for a manager: whom it asks, and who took it up."""

from django.conf import settings
from django.db import models
from django.db.models import Q

USER = settings.AUTH_USER_MODEL


class Escalation(models.Model):
    """
    What an escalation asks of people (DOMAIN §3.4): a row for each step that a clock climbed, and for each call.

    It waits for one of those whom it asks, and is taken up once: a breach by its explanation, a call by an answer.
    `asks` are role codes and OWNER, LEADER, HEAD, DUTY, each between spaces. Of a revoked breach `due_at` is null.
    """

    CALL = "call"  # the step of a customer's call for a manager

    complaint = models.ForeignKey("complaints.Complaint", models.PROTECT, related_name="escalations")
    cycle = models.PositiveSmallIntegerField()
    step = models.CharField(max_length=12)  # of ladder.RUNGS, "missed" of a clock by date, or "call"
    level = models.PositiveSmallIntegerField()
    asks = models.CharField(max_length=80)
    raised_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)  # of an explanation or a call: one working day later
    overlooked_at = models.DateTimeField(null=True)  # from when it shows that nobody took it up in time
    clock = models.ForeignKey("complaints.SlaClock", models.PROTECT, null=True, related_name="escalations")
    generation = models.PositiveIntegerField(default=0)
    breach = models.OneToOneField("complaints.SlaBreach", models.PROTECT, null=True, related_name="escalation")
    late_told_at = models.DateTimeField(null=True)  # when it was seen that an explanation is late, and the QM told

    # of a call
    raised_by = models.ForeignKey(USER, models.PROTECT, null=True, related_name="+")
    person = models.CharField(max_length=120, blank=True)  # who at the customer asked
    channel = models.CharField(max_length=8, blank=True)
    reason = models.TextField(blank=True)

    # how it was taken up
    taken_by = models.ForeignKey(USER, models.PROTECT, null=True, related_name="+")
    taken_at = models.DateTimeField(null=True)
    text = models.TextField(blank=True)
    sales_informed = models.BooleanField(null=True)  # of L3

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["clock", "generation", "step"], condition=Q(clock__isnull=False), name="escalation_once"
            ),
            models.UniqueConstraint(
                fields=["complaint"], condition=Q(step="call", taken_at__isnull=True), name="escalation_one_open_call"
            ),
            models.CheckConstraint(
                condition=Q(taken_at__isnull=True) | Q(taken_by__isnull=False), name="escalation_taken_by_whom"
            ),
            models.CheckConstraint(
                condition=Q(clock__isnull=False) | Q(step="call"), name="escalation_of_clock_or_call"
            ),
        ]
        indexes = [
            models.Index(
                fields=["due_at"], condition=Q(due_at__isnull=False, taken_at__isnull=True), name="escalation_owed"
            ),
        ]

    def __str__(self) -> str:
        return f"L{self.level} {self.step} of {self.complaint_id}"
