"""Addresses of the case."""

from django.urls import path, re_path, register_converter
from django.urls.converters import StringConverter

from complaints.views import (
    calendar_change,
    calendar_hours,
    calendar_new,
    calendars,
    case,
    clocks,
    conversation,
    diagnosis,
    do,
    emergency_plans,
    entitlement,
    files,
    impact,
    incident,
    intake,
    lookup,
    measurements,
    policies,
    policy_change,
    queue,
    records,
    simulator,
    sum_tools,
    tools,
    units,
)


class Ref(StringConverter):
    """A case's number; other words under /cases/ are not cases."""

    regex = "[A-Z]+-[0-9]{4}-[0-9]{5,}"


register_converter(Ref, "ref")

urlpatterns = [
    path("tools/", tools.tools, name="tools"),
    path("tools/finance/", sum_tools.sum_tool, {"name": "finance"}, name="finance-tool"),
    path("tools/kpi/", sum_tools.sum_tool, {"name": "kpi"}, name="kpi-tool"),
    path("tools/<slug:name>/", tools.tool, name="tool"),
    path("settings/instruments/", measurements.instruments, name="instruments"),
    path("settings/emergency-plans/", emergency_plans.emergency_plans, name="emergency-plans"),
    path("settings/emergency-plans/<slug:code>/", emergency_plans.plan, name="emergency-plan"),
    path("settings/emergency-plans/<slug:code>/edit/", emergency_plans.edit, name="emergency-plan-edit"),
    path("settings/emergency-plans/<slug:code>/version/", emergency_plans.begin_version, name="emergency-plan-version"),
    path("settings/emergency-plans/<slug:code>/approve/", emergency_plans.approve, name="emergency-plan-approve"),
    path("settings/clocks/", policies.policies, name="policies"),
    path("settings/clocks/simulator/", simulator.simulator, name="simulator"),
    path("settings/clocks/own/", policies.own, name="policy-own"),
    path("settings/clocks/<str:metric>/change/", policy_change.change, name="policy-change"),
    path("settings/calendars/", calendars.calendars, name="calendars"),
    path("settings/calendars/new/", calendar_new.new, name="calendar-new"),
    path("settings/calendars/<str:code>/about/", calendar_new.about, name="calendar-about"),
    path("settings/calendars/<str:code>/hours/", calendar_hours.hours, name="calendar-hours"),
    path("settings/calendars/<str:code>/<int:year>/", calendars.year, name="calendar-year"),
    path("settings/calendars/<str:code>/<int:year>/change/", calendar_change.change, name="calendar-change"),
    re_path(
        r"^settings/calendars/(?P<code>[^/]+)/(?P<year>[0-9]{4})/days[.](?P<form>csv|ics)$",
        calendars.export_year,
        name="calendar-export",
    ),
    path("queue/", queue.queue, name="queue"),
    path("cases/", queue.cases, name="cases"),
    path("cases/new/", intake.intake, name="intake"),
    path("cases/new/discard/", intake.discard, name="discard_draft"),
    path("cases/drafts/", intake.my_drafts, name="drafts"),
    path("x/intake-help/", intake.intake_help, name="intake_help"),
    path("cases/assign/", queue.assign, name="assign_cases"),
    path("search/", queue.search, name="search"),
    path("x/lookup/customers/", lookup.customers, name="lookup_customers"),
    path("x/lookup/goods/", lookup.goods, name="lookup_goods"),
    path("x/lookup/contacts/", lookup.contacts, name="lookup_contacts"),
    path("x/lookup/people/", lookup.people, name="lookup_people"),
    path("cases/<ref:ref>/", case.case, name="case"),
    path("cases/<ref:ref>/clocks/<int:pk>/", clocks.clock, name="case-clock"),
    path("cases/<ref:ref>/diagnosis/", diagnosis.diagnosis, name="case-diagnosis"),
    path("cases/<ref:ref>/incident/", incident.incident, name="case-incident"),
    path("cases/<ref:ref>/incident/order/", incident.order, name="case-incident-order"),
    path("cases/<ref:ref>/units/", units.units, name="case-units"),
    path("cases/<ref:ref>/entitlement/", entitlement.entitlement, name="case-entitlement"),
    path("cases/<ref:ref>/entitlement/<int:pk>/", entitlement.kept, name="case-assessment"),
    path("cases/<ref:ref>/impact/", impact.impact, name="case-impact"),
    path("cases/<ref:ref>/impact/<int:cycle>/<int:number>/", impact.impact, name="case-impact-version"),
    path("cases/<ref:ref>/actions/", records.actions, name="case-actions"),
    path("cases/<ref:ref>/history/", records.history, name="case-history"),
    path("cases/<ref:ref>/files/", files.files, name="case-files"),
    path("cases/<ref:ref>/files/<uuid:file>/", files.download, name="evidence"),
    path("cases/<ref:ref>/files/<uuid:file>/preview/", files.preview, name="evidence-preview"),
    path("cases/<ref:ref>/files/<uuid:file>/show/", files.show, name="evidence-show"),
    path("cases/<ref:ref>/letters/<uuid:letter>/", files.letter, name="letter"),
    path("cases/<ref:ref>/note/", conversation.note, name="case-note"),
    path("cases/<ref:ref>/reply/", conversation.reply, name="case-reply"),
    path("cases/<ref:ref>/heard/", conversation.heard, name="case-heard"),
    path("cases/<ref:ref>/do/<slug:name>/", do.do, name="case-do"),
]
