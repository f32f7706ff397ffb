"""The demo's people, under the sign-ins that the README names."""

from datetime import datetime, time, timedelta
from typing import NamedTuple

from accounts import duty
from accounts.models import Contact, Department, Membership, Organisation, User
from accounts.roles import Role
from complaints.competences import declare


class Person(NamedTuple):
    """name, roles, department kind, language."""

    name: str
    roles: tuple[Role, ...]
    department: str
    language: str = "en"


OWN = {
    "ada": Person("Ada Lin", (Role.CS,), "CUSTOMER_SERVICE"),
    "cleo": Person("Cleo Wang", (Role.CSL,), "CUSTOMER_SERVICE"),
    "quinn": Person("Quinn Zhao", (Role.QE,), "QUALITY"),
    "lee": Person("Lee Chen", (Role.QM,), "QUALITY"),
    "fay": Person("Fay Sun", (Role.FIN,), "FINANCE"),
    "lin": Person("Lin Mei", (Role.LEG,), "LEGAL"),
    "sam": Person("Sam Ortiz", (Role.SAL,), "SALES"),
    "max": Person("Max Huang", (Role.EXE, Role.GM), "MANAGEMENT"),
    "dora": Person("Dora Weiss", (Role.DIRECTOR,), "MANAGEMENT"),
    "finn": Person("Finn Gao", (Role.FLD,), "FIELD_SERVICE"),
    "tess": Person("Tess Liu", (Role.TEC,), "RND"),
    "aud": Person("Aud Berg", (Role.AUD,), "MANAGEMENT"),
    "root": Person("Root Admin", (Role.ADM,), "MANAGEMENT"),
}
OUTSIDE = {
    "carla@acme.test": ("Carla Brandt", "ACME", "en", "Europe/Berlin"),
    "li.na@hnzb.test": ("李娜", "HNZB", "zh-hans", "Asia/Shanghai"),
    "mallory@rival.test": ("Mallory Reed", "RIVAL", "en", "Europe/London"),
}
DEPARTMENTS = {
    "QUALITY": ("Quality", "质量管理部"),
    "CUSTOMER_SERVICE": ("Customer Service", "客户服务部"),
    "RND": ("Research and Development", "研发部"),
    "PRODUCTION": ("Production", "生产部"),
    "PURCHASING": ("Purchasing", "采购部"),
    "SALES": ("Sales", "销售部"),
    "FIELD_SERVICE": ("Field Service", "现场服务部"),
    "LEGAL": ("Legal", "法务部"),
    "FINANCE": ("Finance", "财务部"),
    "MANAGEMENT": ("Management", "管理层"),
}
HEADS = {"QUALITY": "lee", "CUSTOMER_SERVICE": "cleo", "FINANCE": "fay", "LEGAL": "lin", "MANAGEMENT": "max"}


def own_people(password: str, *, at: datetime) -> dict[str, User]:
    """Return our own people by short name, making those that are missing."""
    house, _made = Organisation.objects.get_or_create(
        code="OWN",
        defaults={"name": "Redress Demo Gearworks", "name_zh": "质诉通演示传动有限公司", "kind": Organisation.Kind.OWN},
    )
    places = {kind: _department(kind, *names) for kind, names in DEPARTMENTS.items()}
    people = {
        short: _person(f"{short}@demo.test", row.name, house, password, row.language) for short, row in OWN.items()
    }
    for short, row in OWN.items():
        for role in row.roles:
            _member(people[short], role, places[row.department], at)
    for kind, short in HEADS.items():
        Department.objects.filter(pk=places[kind].pk, head=None).update(head=people[short])
    return people


KNOWS = (
    ("tess", "Gearboxes", "Bearings and lubrication"), ("finn", "Gearboxes", "Vibration measured on site"),
    ("quinn", "Hydraulics", "Shaft seals"), ("tess", "Coated steel", "Zinc coating"),
)  # fmt: skip


def competences(people: dict[str, User], *, at: datetime) -> None:
    """Let people say what they know; the products must be there."""
    for short, family, what in KNOWS:
        declare(people[short], by=people[short], at=at, family=family, what=what)


def former(*, at: datetime) -> User:
    """Return a colleague who is about to leave; nobody signs in as them."""
    house = Organisation.objects.get(code="OWN")
    user = User.objects.create_user(email="otto@demo.test", name="Otto Klein", organisation=house)
    _member(user, Role.TEC, Department.objects.get(code="rnd"), at)
    return user


ROTA = ((0, 7, "cleo"), (7, 12, "lee"), (13, 20, "tess"), (20, 28, "quinn"))  # from and to, in days from Monday on
MIDNIGHT = time()


def rota(people: dict[str, User], *, now: datetime) -> None:
    """Put people on duty for four weeks, with a day in the second that nobody has taken yet."""
    zone = duty.company_zone()
    today = now.astimezone(zone).date()
    monday = today - timedelta(days=today.weekday())
    for first, last, short in ROTA:
        starts, ends = (datetime.combine(monday + timedelta(days=n), MIDNIGHT, tzinfo=zone) for n in (first, last))
        if not people[short].shifts.filter(ends_at__gt=starts).exists():
            duty.add(people[short], by=people["lee"], at=now, starts_at=starts, ends_at=ends)


def customers(password: str, *, at: datetime) -> dict[str, Contact]:
    """Return the customers' contacts by e-mail, each with a sign-in to the portal; the firms must be there."""
    contacts = {}
    for email, (name, code, language, zone) in OUTSIDE.items():
        firm = Organisation.objects.get(code=code)
        user = _person(email, name, firm, password, language, zone)
        _member(user, Role.CUS, None, at)
        contacts[email], _made = Contact.objects.get_or_create(
            organisation=firm, email=email, defaults={"name": name, "user": user, "language": language}
        )
    return contacts


def _department(kind: str, name: str, name_zh: str) -> Department:
    return Department.objects.get_or_create(
        code=kind.lower(), defaults={"name": name, "name_zh": name_zh, "kind": kind}
    )[0]


def _person(
    email: str, name: str, firm: Organisation, password: str, language: str, zone: str = "Asia/Shanghai"
) -> User:
    known = User.objects.filter(email=email).first()
    if known is not None:
        return known
    return User.objects.create_user(
        email=email, password=password, name=name, organisation=firm, language=language, zone=zone
    )


def _member(user: User, role: Role, place: Department | None, at: datetime) -> None:
    Membership.objects.get_or_create(
        user=user, organisation=user.organisation, role=role, until=None, defaults={"department": place, "since": at}
    )
