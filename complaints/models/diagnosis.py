"""What exactly is wrong, why it arose and why it escaped (DOMAIN §5)."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from complaints.models.states import Bone, CauseCode, CausePart, Leg, Party

USER = settings.AUTH_USER_MODEL


class DefectStatement(models.Model):
    """The defect in one sentence with its is / is-not grid, and whether the extent is final (D2)."""

    complaint = models.ForeignKey("complaints.Complaint", models.PROTECT, related_name="defect_statements")
    cycle = models.PositiveSmallIntegerField()
    sentence = models.TextField()  # object + deviation
    conditions = models.TextField(blank=True)
    reproduced = models.CharField(max_length=200, blank=True)
    grid = models.JSONField(
        default=list
    )  # [{"row": "WHAT_OBJECT", "is": …, "is_not": …, "distinction": …, "change": …}]
    extent_final_at = models.DateTimeField(null=True)
    extent_final_by = models.ForeignKey(USER, models.PROTECT, null=True, related_name="+")
    written_by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    written_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["complaint", "cycle"], name="defect_statement_once")]

    def __str__(self) -> str:
        return self.sentence[:60]


class CauseNode(models.Model):
    """One answer to "why?" in one of the three legs; leaves that are proven become root causes."""

    class Result(models.TextChoices):
        OPEN = "OPEN", pgettext_lazy("not decided", "Open")
        CONFIRMED = "CONFIRMED", _("Confirmed")
        EXCLUDED = "EXCLUDED", _("Ruled out")

    class Tool(models.TextChoices):
        FIVE_WHY = "5WHY", _("5-Why")
        ISHIKAWA = "ISHIKAWA", _("Ishikawa")
        FTA = "FTA", _("Fault tree")

    complaint = models.ForeignKey("complaints.Complaint", models.PROTECT, related_name="cause_nodes")
    cycle = models.PositiveSmallIntegerField()
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")
    leg = models.CharField(max_length=10, choices=Leg.choices)
    tool = models.CharField(max_length=8, choices=Tool.choices, default=Tool.FIVE_WHY)
    bone = models.CharField(max_length=11, choices=Bone.choices, blank=True, default="")  # on the fishbone
    origin = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="promoted"
    )  # the card it was
    position = models.PositiveSmallIntegerField(default=0)
    text = models.TextField()
    test = models.TextField(blank=True)
    evidence = models.TextField(blank=True)
    result = models.CharField(max_length=9, choices=Result.choices, default=Result.OPEN)
    by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.text[:60]


class CauseTree(models.Model):
    """Which edition of a part of the causes stands now: who writes on an older one is shown both (UX §4.4)."""

    complaint = models.ForeignKey("complaints.Complaint", models.PROTECT, related_name="cause_trees")
    cycle = models.PositiveSmallIntegerField()
    part = models.CharField(max_length=10, choices=CausePart.choices)
    version = models.PositiveIntegerField(default=0)
    changed_by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["complaint", "cycle", "part"], name="cause_tree_once")]

    def __str__(self) -> str:
        return f"{self.part} {self.version}"


class RootCause(models.Model):
    """A coded cause with its proof; VERIFIED needs a record of the test (DOMAIN §5.3, §5.4)."""

    complaint = models.ForeignKey("complaints.Complaint", models.PROTECT, related_name="root_causes")
    cycle = models.PositiveSmallIntegerField()
    leg = models.CharField(max_length=10, choices=Leg.choices)
    code = models.CharField(max_length=3, choices=CauseCode.choices)
    text = models.TextField()
    node = models.ForeignKey(CauseNode, models.PROTECT, null=True, blank=True, related_name="root_causes")
    method = models.TextField(blank=True)  # how it was verified
    prediction = models.TextField(blank=True)
    result = models.TextField(blank=True)
    verified_by = models.ForeignKey(USER, models.PROTECT, null=True, related_name="+")
    verified_at = models.DateTimeField(null=True)
    recorded_by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=(Q(leg="ESCAPE") & Q(code__in=["DET", "UNK"])) | (~Q(leg="ESCAPE") & ~Q(code="DET")),
                name="root_cause_code_fits_leg",
            ),
            models.CheckConstraint(
                condition=Q(verified_at__isnull=True) | (~Q(method="") & ~Q(result="")), name="root_cause_proof"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_code_display()} · {self.text[:50]}"


class CauseExemption(models.Model):
    """A reasoned exemption from naming a cause in one leg, by the quality manager."""

    complaint = models.ForeignKey("complaints.Complaint", models.PROTECT, related_name="cause_exemptions")
    cycle = models.PositiveSmallIntegerField()
    leg = models.CharField(max_length=10, choices=Leg.choices)
    because = models.TextField()
    by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["complaint", "cycle", "leg"], name="cause_exemption_once")]

    def __str__(self) -> str:
        return f"{self.leg}: {self.because[:40]}"


class Attribution(models.Model):
    """A version of who bears which share of the cause; shares sum to 100 (DOMAIN §5.7)."""

    complaint = models.ForeignKey("complaints.Complaint", models.PROTECT, related_name="attributions")
    cycle = models.PositiveSmallIntegerField()
    number = models.PositiveSmallIntegerField()
    proposed_by = models.ForeignKey(USER, models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    approved_by = models.ForeignKey(USER, models.PROTECT, null=True, related_name="+")
    approved_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["complaint", "cycle", "number"], name="attribution_version"),
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True) | ~Q(approved_by=models.F("proposed_by")),
                name="attribution_two_people",
            ),
        ]

    def __str__(self) -> str:
        return f"attribution {self.number} of {self.complaint}"


class AttributionShare(models.Model):
    """One party's share in hundredths of a percent (so that 33.33 is exact), with its reason."""

    attribution = models.ForeignKey(Attribution, models.PROTECT, related_name="shares")
    party = models.CharField(max_length=13, choices=Party.choices)
    supplier = models.ForeignKey("accounts.Organisation", models.PROTECT, null=True, blank=True, related_name="+")
    basis_points = models.PositiveIntegerField()
    because = models.TextField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(basis_points__gte=0) & Q(basis_points__lte=10000), name="attribution_share_range"
            )
        ]

    def __str__(self) -> str:
        return f"{self.party} {self.basis_points / 100:.2f} %"
