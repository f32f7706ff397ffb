"""Who people are, and what is theirs: people, firms, roles, tokens, drafts, views, jobs, keys."""

import uuid
from datetime import datetime
from functools import cached_property
from typing import Any, ClassVar, TypeVar

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models
from django.db.models.functions import Lower, Now
from django.utils.crypto import salted_hmac
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts.roles import MAY, Role


class Language(models.TextChoices):
    """The languages that people read."""

    EN = "en", "English"
    ZH_HANS = "zh-hans", "简体中文"


def company_zone() -> str:
    """Return the company's IANA zone; a function, so that migrations do not change with the environment."""
    return settings.TIME_ZONE


class Organisation(models.Model):
    """A firm: our own, or one that we deal with."""

    class Kind(models.TextChoices):
        OWN = "OWN", _("Our company")
        CUSTOMER = "CUSTOMER", _("Customer")
        SUPPLIER = "SUPPLIER", _("Supplier")
        LENDER = "LENDER", _("Lender")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    code = models.CharField(_("code"), max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=200)
    name_zh = models.CharField(_("name in Chinese"), max_length=200, blank=True)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices)
    language = models.CharField(_("language"), max_length=10, choices=Language.choices, default=Language.EN)
    zone = models.CharField(_("time zone"), max_length=60, default=company_zone)
    vip = models.BooleanField(_("key account"), default=False)
    is_active = models.BooleanField(_("active"), default=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="organisation_kind_known", condition=models.Q(kind__in=["OWN", "CUSTOMER", "SUPPLIER", "LENDER"])
            ),
        ]

    def __str__(self) -> str:
        return self.shown_name(get_language() or "en")

    def shown_name(self, language: str) -> str:
        """Return the name that a reader of `language` should see."""
        return _in_language(self.name, self.name_zh, language)


class Site(models.Model):
    """A place where a firm has our goods: a works, a depot, a building site."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="sites")
    name = models.CharField(_("name"), max_length=200)
    zone = models.CharField(_("time zone"), max_length=60, default=company_zone)
    address = models.TextField(_("address"), max_length=1000, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(name="site_name_once", fields=["organisation", "name"])]

    def __str__(self) -> str:
        return self.name


class Department(models.Model):
    """A department of our own company."""

    class Kind(models.TextChoices):
        QUALITY = "QUALITY", _("Quality")
        CUSTOMER_SERVICE = "CUSTOMER_SERVICE", _("Customer service")
        RND = "RND", _("Research and development")
        PRODUCTION = "PRODUCTION", _("Production")
        PURCHASING = "PURCHASING", _("Purchasing")
        SALES = "SALES", _("Sales")
        FIELD_SERVICE = "FIELD_SERVICE", _("Field service")
        LEGAL = "LEGAL", _("Legal")
        FINANCE = "FINANCE", _("Finance")
        MANAGEMENT = "MANAGEMENT", _("Management")

    code = models.CharField(_("code"), max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=200)
    name_zh = models.CharField(_("name in Chinese"), max_length=200, blank=True)
    kind = models.CharField(_("kind"), max_length=20, choices=Kind.choices)
    head = models.ForeignKey("User", on_delete=models.SET_NULL, null=True, blank=True, related_name="heads")

    def __str__(self) -> str:
        return self.shown_name(get_language() or "en")

    def shown_name(self, language: str) -> str:
        """Return the name that a reader of `language` should see."""
        return _in_language(self.name, self.name_zh, language)


def _in_language(name: str, name_zh: str, language: str) -> str:
    return (name_zh or name) if language.lower().startswith("zh") else name


class UserQuerySet(models.QuerySet["User"]):
    """People, by what they are."""

    def active(self) -> "UserQuerySet":
        """Return those who may sign in."""
        return self.filter(is_active=True)

    def staff(self) -> "UserQuerySet":
        """Return the people of our own company."""
        return self.filter(organisation__kind=Organisation.Kind.OWN)

    def holding(self, *roles: str) -> "UserQuerySet":
        """Return the active people who hold one of `roles` now."""
        held = Membership.objects.active().filter(role__in=roles).values("user_id")
        return self.active().filter(pk__in=held)

    def who_may(self, permission: str) -> "UserQuerySet":
        """Return the active people who hold `permission` now. Raises KeyError if there is no such permission."""
        return self.holding(*MAY[permission])


class UserManager(BaseUserManager["User"].from_queryset(UserQuerySet)):  # type: ignore[misc]
    """Makes people; e-mail addresses are kept in lower case."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """Return a new person; without a password nobody can sign in as them. Raises ValueError without e-mail."""
        if not email:
            raise ValueError("A person needs an e-mail address.")
        user = self.model(email=email, **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, email: str | None) -> "User":
        return self.get(email=(email or "").strip().lower())


class User(AbstractBaseUser):
    """A person who can sign in, of our company or of another."""

    class Theme(models.TextChoices):
        SYSTEM = "system", _("As the device")
        LIGHT = "light", _("Light")
        DARK = "dark", _("Dark")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    email = models.EmailField(_("e-mail"), max_length=254, unique=True)
    name = models.CharField(_("name"), max_length=150)
    language = models.CharField(_("language"), max_length=10, choices=Language.choices, default=Language.EN)
    zone = models.CharField(_("time zone"), max_length=60, default=company_zone)
    theme = models.CharField(_("appearance"), max_length=10, choices=Theme.choices, default=Theme.SYSTEM)
    phone = models.CharField(_("telephone"), max_length=40, blank=True)
    single_keys = models.BooleanField(_("single-key shortcuts"), default=True)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="people")
    is_active = models.BooleanField(_("active"), default=True)
    date_joined = models.DateTimeField(_("joined"), auto_now_add=True)
    sessions_epoch = models.PositiveIntegerField(default=0, editable=False)  # + 1 ends every session of this person

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        constraints = [
            models.CheckConstraint(name="user_email_lower_case", condition=models.Q(email=Lower("email"))),
        ]

    def __str__(self) -> str:
        return self.name or self.email

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save with the e-mail address in lower case, so that one address is one person."""
        self.email = self.email.strip().lower()
        super().save(*args, **kwargs)

    @cached_property
    def roles(self) -> frozenset[Role]:
        """The roles held now, read once per instance (so: once per request)."""
        return frozenset(Role(role) for role in self.memberships.active().values_list("role", flat=True))

    def may(self, permission: str) -> bool:
        """Return whether a role held now grants `permission`. Raises KeyError if there is no such permission."""
        return self.is_active and not MAY[permission].isdisjoint(self.roles)

    @property
    def is_staff_member(self) -> bool:
        """Whether this person works for our own company."""
        return self.organisation.kind == Organisation.Kind.OWN

    def get_full_name(self) -> str:
        return self.name

    def get_short_name(self) -> str:
        return self.name

    def has_perm(self, permission: str, obj: object = None) -> bool:
        """Answer Django's question (`perms.case.triage` in a template) from the same table as `may`."""
        return permission in MAY and self.may(permission)

    def has_module_perms(self, label: str) -> bool:
        return any(self.may(permission) for permission in MAY if permission.startswith(f"{label}."))

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        """Bind sessions to the password and to `sessions_epoch`, so that either change ends them."""
        salt = "accounts.User.session"
        bound = f"{self.password}:{self.sessions_epoch}"
        return salted_hmac(salt, bound, secret=secret, algorithm="sha256").hexdigest()


Row = TypeVar("Row", bound=models.Model)


def with_roles(rows: models.QuerySet[Row], of: str = "") -> tuple[Row | None, User | None]:
    """
    Return the one row of `rows` and its person with firm and roles, in one statement; None, None without such a row.

    of: the name of the person in the row; without it the row is the person.
    """
    path = f"{of}__" if of else ""
    held = models.FilteredRelation(f"{path}memberships", condition=models.Q(**{f"{path}memberships__until": None}))
    found: list[Any] = list(rows.select_related(f"{path}organisation").annotate(held=held, role=models.F("held__role")))
    if not found:
        return None, None
    person = getattr(found[0], of) if of else found[0]
    if person is not None:
        person.roles = frozenset(Role(row.role) for row in found if row.role)
    return found[0], person


class Session(AbstractBaseSession):
    """A session in the browser, with whom it belongs to, so that one statement reads both."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, null=True, related_name="sessions")

    @classmethod
    def get_session_store_class(cls) -> type:
        from accounts.sessions import SessionStore

        return SessionStore


class Contact(models.Model):
    """Somebody at a firm to write to or call; with a user if that person can sign in."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="contacts")
    user = models.OneToOneField(User, on_delete=models.SET_NULL, null=True, blank=True, related_name="contact")
    name = models.CharField(_("name"), max_length=150)
    email = models.EmailField(_("e-mail"), max_length=254, blank=True)
    phone = models.CharField(_("telephone"), max_length=40, blank=True)
    language = models.CharField(_("language"), max_length=10, choices=Language.choices, default=Language.EN)
    is_active = models.BooleanField(_("active"), default=True)

    def __str__(self) -> str:
        return self.name


class MembershipQuerySet(models.QuerySet["Membership"]):
    """Memberships, by whether they hold."""

    def active(self) -> "MembershipQuerySet":
        """Return those that have not ended."""
        return self.filter(until=None)


class Membership(models.Model):
    """One role of one person; it holds until it is ended."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="memberships")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="memberships")
    department = models.ForeignKey(
        Department, on_delete=models.PROTECT, null=True, blank=True, related_name="memberships"
    )
    role = models.CharField(_("role"), max_length=4, choices=Role.choices)
    since = models.DateTimeField(_("since"))
    until = models.DateTimeField(_("until"), null=True, blank=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="membership_active_once", fields=["user", "organisation", "role"], condition=models.Q(until=None)
            ),
            models.CheckConstraint(
                name="membership_ends_after_start",
                condition=models.Q(until=None) | models.Q(until__gte=models.F("since")),
            ),
            models.CheckConstraint(name="membership_role_known", condition=models.Q(role__in=Role.values)),
        ]

    def __str__(self) -> str:
        return f"{self.user_id}: {self.role}"


class AbsenceQuerySet(models.QuerySet["Absence"]):
    """Absences, by when they hold."""

    def covering(self, moment: datetime | None = None) -> "AbsenceQuerySet":
        """Return those that hold at `moment`, or at the moment of asking."""
        at = moment or Now()
        return self.filter(starts_at__lte=at, ends_at__gt=at)


class Absence(models.Model):
    """
    Whole days on which somebody is away, and who stands in; the days are the company's.

    `ends_at` is the end of the last day, or when it was called off: then it may lie at `starts_at`, and holds never.
    """

    person = models.ForeignKey(User, on_delete=models.CASCADE, related_name="absences")
    first_on = models.DateField(_("from"))
    last_on = models.DateField(_("until"))
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    deputy = models.ForeignKey(User, on_delete=models.PROTECT, related_name="stands_in")
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()
    called_off_at = models.DateTimeField(null=True)

    objects = AbsenceQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(name="absence_forward", condition=models.Q(first_on__lte=models.F("last_on"))),
            models.CheckConstraint(name="absence_ends", condition=models.Q(starts_at__lte=models.F("ends_at"))),
            models.CheckConstraint(name="absence_another_deputy", condition=~models.Q(deputy=models.F("person"))),
        ]
        indexes = [models.Index(name="absence_by_end", fields=["ends_at"])]

    def __str__(self) -> str:
        return f"{self.person_id}: {self.first_on}–{self.last_on}"


class DutyShift(models.Model):
    """A stretch [starts_at, ends_at) for which somebody is on duty; two people may share one."""

    person = models.ForeignKey(User, on_delete=models.PROTECT, related_name="shifts")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(name="duty_shift_forward", condition=models.Q(starts_at__lt=models.F("ends_at"))),
        ]
        indexes = [models.Index(name="duty_shift_by_end", fields=["ends_at"])]

    def __str__(self) -> str:
        return f"{self.person_id}: {self.starts_at:%Y-%m-%d %H:%M}"


class ApiToken(models.Model):
    """A bearer token of a person; only its SHA-256 is kept, so it can be shown once."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="tokens")
    name = models.CharField(_("name"), max_length=100)
    digest = models.CharField(max_length=64, unique=True, editable=False)
    created_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.CheckConstraint(name="api_token_digest_set", condition=~models.Q(digest=""))]

    def __str__(self) -> str:
        return self.name


class DraftQuerySet(models.QuerySet["Draft"]):
    """Drafts, by form."""

    def for_form(self, user: User, key: str) -> "Draft | None":
        """Return what `user` had typed into the form `key`, or None."""
        return self.filter(user=user, key=key).first()


class Draft(models.Model):
    """Text that a person typed into a form and has not sent yet. Nobody else sees it."""

    KEY_MOST = 200
    BODY_MOST = 200 * 1024  # bytes of UTF-8

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="drafts")
    key = models.CharField(max_length=KEY_MOST)
    body = models.TextField(max_length=BODY_MOST)
    saved_at = models.DateTimeField()

    objects = DraftQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(name="draft_once_per_form", fields=["user", "key"])]

    def __str__(self) -> str:
        return self.key


class SavedView(models.Model):
    """A list with its filters, kept under a short address."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="views")
    name = models.CharField(_("name"), max_length=80)
    slug = models.SlugField(max_length=80, allow_unicode=True)
    path = models.CharField(max_length=200)
    query = models.CharField(max_length=1000, blank=True)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(name="saved_view_slug_once", fields=["user", "slug"])]

    def __str__(self) -> str:
        return self.name

    @property
    def address(self) -> str:
        """The path of the list with its query."""
        return f"{self.path}?{self.query}" if self.query else self.path


class JobQuerySet(models.QuerySet["Job"]):
    """Jobs, by who may see them and what is owed."""

    def visible_to(self, user: User) -> "JobQuerySet":
        """Return those that `user` asked for."""
        return self.filter(by=user)

    def claimable(self, *, now: datetime) -> "JobQuerySet":
        """Return those that nobody works on: owed (and not put off until later), or running with a lease run out."""
        free = models.Q(lease_until=None) | models.Q(lease_until__lte=now)
        return self.filter(free, state__in=["OWED", "RUNNING"]).order_by("created_at", "pk")


class Job(models.Model):
    """
    Long work that is owed to a person (an import, an export). The row is the truth; any message is a nudge.

    report: {"counts": {words: number}, "problems": [{"row": number, "text": words}], "result": path}, all optional.
    """

    class State(models.TextChoices):
        OWED = "OWED", _("Waiting")
        RUNNING = "RUNNING", _("Running")
        DONE = "DONE", _("Done")
        FAILED = "FAILED", _("Failed")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(max_length=40)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="jobs")
    state = models.CharField(max_length=8, choices=State.choices, default=State.OWED)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)  # 0 while it is not known
    report = models.JSONField(default=dict, blank=True)
    lease_until = models.DateTimeField(null=True, blank=True)
    owner = models.CharField(max_length=80, blank=True)
    created_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)

    objects = JobQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="job_state_known", condition=models.Q(state__in=["OWED", "RUNNING", "DONE", "FAILED"])
            ),
        ]
        indexes = [
            models.Index(
                name="job_to_claim", fields=["created_at", "id"], condition=models.Q(state__in=["OWED", "RUNNING"])
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.uuid}"

    @property
    def is_over(self) -> bool:
        """Whether nothing more will happen to it."""
        return self.state in {self.State.DONE, self.State.FAILED}


class IdempotencyKey(models.Model):
    """The answer to a request that must take effect once, kept under the key that its sender chose."""

    principal = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=255)
    fingerprint = models.CharField(max_length=64)  # SHA-256 of method, path and canonical body
    status = models.PositiveSmallIntegerField(null=True)
    headers = models.JSONField(default=dict)  # those worth repeating: Location, ETag
    body = models.TextField(blank=True)
    created_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(name="idempotency_key_once", fields=["principal", "key"])]

    def __str__(self) -> str:
        return self.key
