"""
A case walked to a state by the verbs, each at its own moment, as people would have done it.

Nothing is written past the verbs: clocks, letters, events and refusals are those of the product.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from accounts.models import Department, User
from complaints import assessing, conversation, diagnosis, facts, lifecycle, response, tracing
from complaints.days import customer_date
from complaints.facts import Triage
from complaints.models import Complaint, EmergencyPlan
from complaints.models.states import OPEN, State
from contracts import project_facts
from contracts.finance import project_delay
from contracts.money import Money
from remediation import approvals, capa, costs, execution, proposals, visits
from remediation.demo import causes, duties, emergency, impact
from remediation.demo.claims import CLAIMS
from remediation.demo.stories import Story
from remediation.demo.told import keep_told
from remediation.models import Proposal
from remediation.models.kinds import PAYING

SCORES = {"G1": (5, 5, 4, 3), "G2": (4, 3, 3, 1), "G3": (3, 3, 2, 1), "G4": (1, 2, 1, 1)}
HOURS = {  # after receipt, at pace 1, until the state is reached
    State.RECEIVED: 0, State.TRIAGED: 3, State.RESPONDING: 6, State.DIAGNOSING: 34, State.PROPOSING: 98,
    State.NEGOTIATING: 122, State.EXECUTING: 172, State.VERIFYING: 262, State.FOLLOW_UP: 300, State.CLOSED: 560,
}  # fmt: skip
REPAIR_DAYS = 5
ON_TIME = 1.5  # times as slow as planned; a slower house does not tell its customers either
WORDS: dict[str, dict[str, Any]] = {
    "en": {
        "meeting": ("Facts, suspects, containment, dates", "Lock out, inspect, first report within 48 hours"),
        "extent": "One lot; the units below are being traced.", "dates": "Inspection in two days, proposal in a week.",
        "entitled": "Within the guarantee period, notice in time; the seller's cause. Rework first, then compensation of proven cost.",
        "finance": ("The repair takes {days} days; {step} has {spare} days of float, which cover them. So no payment waits "
                    "and no retention is at risk. What remains is the cost of the remedies as planned."),
        "no_project": ("No project waits for these goods, so no date and no payment moves. What remains is the cost of the "
                       "remedies as planned."),
        "accepted": "Mail of the customer, filed with the case", "done": "Signed service report", "paid": "Payment advice of the bank", "inspected": "Within limits, three readings",
        "counter": "Too slow: we need the exchange before the end of the month.", "works": "Runs without findings",
        "share_own": "Our process or our test", "share_supplier": "Change of material without notice",
        "capa_problem": "Cause may hit other products", "valid": "Delivery and travel included.", "no_contract": "Consumer report, no contract with us",
        "waive": "Single unit, no cause in our process", "misuse": "Another oil than the manual allows",
        "letter": "We have examined the pump and your oil sample. The oil lies outside clause 8.1, so the noise is not a defect of the pump. You may object within 30 days.",
        "withdraw": "We withdraw the complaint; the spots came from our own yard.", "notice": "Formal notice under the dispute clause: joint measurement demanded.",
        "again": "The same leak shows again on the exchanged pumps.", "direct": "Seen at once: name plate mixed up at packing",
        "internal": "NC-2026-014", "counted": "Counted in the goods listed above",
        "elsewhere": "Its cartons were checked by serial number: all from before the change",
    },
    "zh": {
        "meeting": ("事实、可疑范围、遏制、日期", "锁停、检查，48 小时内提交初步分析"),
        "extent": "涉及一个批次，正在逐台追溯。", "dates": "两天内检查，一周内提交方案。",
        "entitled": "在质保期内且已按期通知；原因在卖方。先返修，再补偿有凭据的费用。",
        "finance": "修复需 {days} 天；{step}的总时差为 {spare} 天，可吸收延误，因此没有付款受影响，质保金也无风险。仅余所计划处理措施的成本。",
        "no_project": "没有项目因这些货物受影响，日期和付款均不变。仅余所计划处理措施的成本。",
        "accepted": "客户邮件，已归档", "done": "客户签字的服务报告", "paid": "银行付款凭证", "inspected": "三次测量均在限值内",
        "counter": "时间太长，须在月底前完成更换。", "works": "运行正常",
        "share_own": "我方过程或检验", "share_supplier": "未经通知变更材料",
        "capa_problem": "该原因可能影响其他产品", "valid": "含运输与差旅。", "no_contract": "无合同",
        "waive": "单件问题，过程无原因", "misuse": "使用了手册以外的油品",
        "letter": "经检查油泵与贵方油样，所用油品不在第8.1条允许范围内，异响不属于油泵缺陷。贵方可在30日内提出异议。",
        "withdraw": "现撤回投诉，斑点由我方堆场造成。", "notice": "依争议条款发出正式通知，要求共同测量。",
        "again": "更换后的泵再次出现同样的泄漏。", "direct": "一目了然：包装时铭牌放错",
        "internal": "NC-2026-014", "counted": "已计入上列货物",
        "elsewhere": "已按序列号核对其包装箱：均为变更前生产",
    },
}  # fmt: skip


@dataclass
class Walk:
    """One story being lived; `now` bounds every moment."""

    case: Complaint
    story: Story
    family: dict[str, Any]
    people: dict[str, User]
    now: datetime
    currency: str
    supplier: Any = None
    plan: EmergencyPlan | None = None

    def __post_init__(self) -> None:
        self.words: dict[str, Any] = WORDS[self.story.language]
        assert self.case.received_at is not None
        self.start = self.case.received_at
        self.last = self.start

    # time and people ---------------------------------------------------------------------------------------------------

    def at(self, hours: float) -> datetime:
        """Return the moment so many hours of the plan after receipt, never before the last step nor after now."""
        available = (self.now - self.start).total_seconds() / 3600 - 0.05
        needed = HOURS.get(State(self.target), HOURS[State.CLOSED]) * self.story.pace
        scale = min(1.0, available / needed) if needed else 1.0
        moment = self.start + timedelta(hours=hours * self.story.pace * scale)
        moment = min(max(moment, self.last + timedelta(minutes=1)), self.now)
        self._keep_told(moment)
        self.last = moment
        return self.last

    def _keep_told(self, until: datetime) -> None:
        """Tell the customer in between what happens, as promised; a house that runs late forgets to."""
        if self.story.pace <= ON_TIME:
            keep_told(self.case, by=self.by("ada"), since=self.last, until=until, language=self.story.language)

    @property
    def target(self) -> str:
        sides = {
            "REOPENED": State.CLOSED, State.REJECTED: State.RESPONDING, State.WITHDRAWN: State.TRIAGED,
            State.DISPUTED: State.NEGOTIATING, State.DUPLICATE: State.RECEIVED, State.DRAFT: State.RECEIVED,
        }  # fmt: skip
        return sides.get(self.story.until, self.story.until)

    def by(self, short: str) -> User:
        return self.people[short]

    def department(self, kind: str) -> Department:
        return Department.objects.get(code=kind.lower())

    def money(self, amount: str) -> Money:
        return Money(Decimal(amount), self.currency)

    # the steps ---------------------------------------------------------------------------------------------------------

    def go(self) -> Complaint:
        """Walk to the story's state and return the case."""
        for state, step in self._steps():
            if self.case.state == self.story.until:
                break
            step()
            if state == self.target:
                break
        side = {
            State.REJECTED: self._reject, State.WITHDRAWN: self._withdraw, State.DISPUTED: self._dispute,
            "REOPENED": self._reopen, State.PROPOSING: self._hand_in, State.DIAGNOSING: self._begin_causes,
            State.RESPONDING: self._share_out,
        }.get(self.story.until)  # fmt: skip
        if side:
            side()
        self._keep_told(self.now)
        if self.case.milestone_at_risk and self.case.state in OPEN:
            self._reckon_impact()
        return Complaint.objects.get(pk=self.case.pk)

    def _reckon_impact(self) -> None:
        at = max(self.last, self.now - timedelta(hours=3))
        impact.assess(
            self.case, by=self.by("fay"), at=at, again_at=self.now - timedelta(minutes=40),
            language=self.story.language,
        )  # fmt: skip

    def _steps(self) -> list[tuple[str, Callable[[], None]]]:
        return [
            (State.RECEIVED, self._receive),
            (State.TRIAGED, self._triage),
            (State.RESPONDING, self._mobilise),
            (State.DIAGNOSING, self._answer),
            (State.PROPOSING, self._diagnose),
            (State.NEGOTIATING, self._propose),
            (State.EXECUTING, self._agree),
            (State.VERIFYING, self._carry_out),
            (State.FOLLOW_UP, self._confirm),
            (State.CLOSED, self._close),
        ]

    def _receive(self) -> None:
        if self.story.age <= 0.2:
            return  # it has only just come in
        if not (self.case.contact_email or self.case.contact_phone):
            self.case = facts.edit_facts(
                self.case, by=self.by("ada"), at=self.at(0.3), contact_name="Owner", contact_phone="+1 800 555 0100"
            )
        lifecycle.acknowledge(self.case, by=self.by("ada"), at=self.at(0.6), contact_person=self.by("ada"))

    def _triage(self) -> None:
        consequence, extent, impact, recurrence = SCORES[self.story.grade]
        found = {
            "goods_unknown_because": "" if self.case.product_id else self.case.title,
            "found_where": self.case.found_where or "IN_USE",
            "safety": self.case.safety or "NO",
            "remedy_asked": self.case.remedy_asked or ["EXPLANATION"],
        }
        owner = self.by("ada" if self.story.until == State.TRIAGED else "quinn")
        version = self.case.contract.versions.order_by("-version").first() if self.case.contract else None
        triage = Triage(
            consequence, extent, impact, recurrence, owner=owner, department=self.department("QUALITY"),
            nonconformity=("DEFECT",), contract_version=version,
            no_contract_because="" if version else self.words["no_contract"], duplicate_checked=True, facts=found,
        )  # fmt: skip
        self.case = lifecycle.triage(self.case, by=self.by("cleo"), at=self.at(2.5), triage=triage)

    def _mobilise(self) -> None:
        self.case = lifecycle.mobilise(
            self.case, by=self.by("quinn"), at=self.at(4), leader=self.by("quinn"), champion=self.by("lee"),
            members=(self.by("tess"), self.by("cleo")), plan=self.plan if self.case.grade == "G1" else None,
            commander=self.by("lee"),
        )  # fmt: skip
        place, action = self.family["containment"]
        agenda, decisions = self.words["meeting"]
        response.hold_meeting(
            self.case, by=self.by("quinn"), at=self.at(5), agenda=agenda, decisions=decisions,
            attendees=[
                (self.by("quinn"), self.department("QUALITY")), (self.by("cleo"), self.department("CUSTOMER_SERVICE")),
                (self.by("tess"), self.department("RND")),
            ],
        )  # fmt: skip
        contained = response.contain(
            self.case, by=self.by("quinn"), at=self.at(5.5), location=place, action=action, owner=self.by("finn"),
            lot=self.case.lot,
        )  # fmt: skip
        conversation.note(self.case, by=self.by("quinn"), at=self.at(5.6), body=self.family["note"])
        if self.case.contact_email:
            conversation.reply(self.case, by=self.by("ada"), at=self.at(5.8), body=self.family["reply"])
        response.prove_containment(
            contained, by=self.by("quinn"), at=self.at(6), percent=100, evidence=self.words["done"]
        )

    def _answer(self) -> None:
        self._end_incident(25)
        if self.story.said:
            conversation.hear(self.case, by=self.by("ada"), at=self.at(9), body=self.story.said, channel="EMAIL",
                              author=self.story.contact[0])  # fmt: skip
        analysis = response.write_initial(
            self.case, by=self.by("quinn"), at=self.at(26), description=self.family["defect"], extent=self.words["extent"],
            suspected_cause=self.family["suspected"], confidence="MEDIUM", test_plan=self.family["test_plan"],
            containment=self.family["containment"][1], remedy_direction=self.family["direction"],
            next_dates=self.words["dates"], contact_person=self.by("quinn"),
        )  # fmt: skip
        response.approve_initial(analysis, by=self.by("lee"), at=self.at(29))
        response.send_initial(self.case, by=self.by("quinn"), at=self.at(30))
        if self.case.grade == "G4":
            self._evident_cause()
            return
        self.case = lifecycle.begin_diagnosis(self.case, by=self.by("quinn"), at=self.at(33))

    def _end_incident(self, hours: float) -> None:
        if self.case.grade == "G1":
            emergency.end_incident(self.case, self.people, at=self.at(hours), language=self.story.language)

    def _evident_cause(self) -> None:
        cause = diagnosis.record_cause(
            self.case, by=self.by("quinn"), at=self.at(31), leg="OCCURRENCE", code="DOC", text=self.words["direct"]
        )
        diagnosis.verify_cause(
            cause, by=self.by("quinn"), at=self.at(32), method=self.words["direct"], result=self.words["inspected"]
        )
        self.case = lifecycle.propose_directly(self.case, by=self.by("quinn"), at=self.at(33))

    def _diagnose(self) -> None:
        if self.case.state == State.PROPOSING:
            return
        quinn = self.by("quinn")
        self._write_diagnosis(quinn)
        shares = [("SELLER", Decimal(100), self.words["share_own"], None)]
        if self.family["occurrence"][0] == "MAT" and self.supplier:
            shares = [
                ("SUPPLIER", Decimal(60), self.words["share_supplier"], self.supplier),
                ("SELLER", Decimal(40), self.words["share_own"], None),
            ]
        version = diagnosis.attribute(self.case, by=quinn, at=self.at(90), shares=shares)
        diagnosis.approve_attribution(version, by=self.by("lee"), at=self.at(92))
        self._assess_entitlement(quinn)
        self._assess_finance()
        self.case = lifecycle.agree_diagnosis(self.case, by=quinn, at=self.at(97))

    def _assess_entitlement(self, quinn: User) -> None:
        """Legal keeps what the clauses give on the facts; without a contract it judges by itself."""
        lin = self.by("lin")
        if self.case.contract is None:
            diagnosis.assess_entitlement(
                self.case, by=lin, at=self.at(94), status="PARTIAL", reasoning=self.words["entitled"]
            )
            return
        claim = CLAIMS[self.story.family, self.case.contract.number]
        assessing.state_facts(
            self.case, by=quinn, at=self.at(93), source=claim.source, facts=claim.stated(self.now.date())
        )
        assessing.assess(self.case, by=lin, at=self.at(94), remark=self.words["entitled"])

    def _assess_finance(self) -> None:
        """Say what the repair does to the project: its float covers it, and the remedies cost what is planned."""
        project = self.case.project
        step = project_facts.next_milestone(project, self.now.date()) if project else None
        spare = step.float_days if step else 0
        delay = project_delay(REPAIR_DAYS, spare).project_delay_days if step else 0
        assert delay == 0  # by the note
        name = (step.name_zh if self.story.language == "zh" else step.name) if step else ""
        note = self.words["finance" if step else "no_project"].format(days=REPAIR_DAYS, step=name, spare=spare)
        costs = [cost for _kind, _description, cost, _amount, _head in self._planned()]
        diagnosis.assess_finance(
            self.case, by=self.by("fay"), at=self.at(95), delay_days=delay, payments_at_risk=self.money("0.00"),
            retention_at_risk=self.money("0.00"), remedy_cost=sum(costs[1:], costs[0]), reputation=2,
            lender_material=False, note=note,
        )  # fmt: skip

    def _trace(self, quinn: User) -> None:
        """Decide about each delivery of the case's lot: the customer's own is counted already, others are excluded."""
        for row in tracing.open_shipments(self.case):
            own = row.delivery.customer_id == self.case.customer_id
            because = self.words["counted" if own else "elsewhere"]
            tracing.decide_goods(self.case, by=quinn, at=self.at(50), goods=[row], affected=False, because=because)

    def _write_diagnosis(self, quinn: User) -> None:
        grid = [
            dict(zip(("row", "is", "is_not", "distinction", "change"), row, strict=True)) for row in self.family["grid"]
        ]
        diagnosis.state_defect(self.case, by=quinn, at=self.at(40), sentence=self.family["defect"], grid=grid)
        total = max(1, int(self.case.quantity_delivered or 1))
        bad = min(total, max(1, int(self.case.quantity_affected or 1)))
        response.record_extent(
            self.case, by=quinn, at=self.at(44), location=self.family["containment"][0], lot=self.case.lot,
            total=total, confirmed=bad, good=total - bad,
        )  # fmt: skip
        self._trace(quinn)
        diagnosis.finish_extent(self.case, by=quinn, at=self.at(60))
        causes.whole(self)
        above: dict[str, Any] = {}
        for number, (leg, text, evidence) in enumerate(self.family["whys"]):
            node = diagnosis.ask_why(
                self.case, by=quinn, at=self.at(64 + number), leg=leg, text=text, parent=above.get(leg),
                evidence=evidence, result="CONFIRMED",
            )  # fmt: skip
            above[leg] = node
        for number, (leg, kind) in enumerate((("OCCURRENCE", "occurrence"), ("ESCAPE", "escape"))):
            code, text, method, result = self.family[kind]
            cause = diagnosis.record_cause(
                self.case, by=quinn, at=self.at(72 + number), leg=leg, code=code, text=text, node=above.get(leg)
            )
            diagnosis.verify_cause(cause, by=quinn, at=self.at(86 + number), method=method, result=result)

    def _propose(self) -> None:
        for number in range(self.story.rounds):
            self._offer(102 + 4 * number, copy=number > 0)
            self.case = lifecycle.counter(
                self.case, by=self.by("sam"), at=self.at(105 + 4 * number), reason=self.words["counter"]
            )
        self._offer(112, copy=self.story.rounds > 0)

    def _begin_causes(self) -> None:
        """Leave a diagnosis at its beginning, with readings and a first tree."""
        causes.half(self)

    def _share_out(self) -> None:
        """Share a response out; the real texts are left as they came, and a G1 case has the tasks of its plan."""
        if self.story.family != "vehicle" and self.case.grade != "G1":
            duties.share(self, orphan=self.story.language == "en")

    def _hand_in(self) -> None:
        """Leave a proposal that waits for its approvals; those of the real texts are still to be drafted."""
        if self.story.family != "vehicle":
            self._offer(112, copy=False)

    def _offer(self, hours: float, *, copy: bool) -> None:
        quinn = self.by("quinn")
        sent_at = self.at(hours)
        proposal = proposals.draft_proposal(
            self.case, by=quinn, at=sent_at, copy=copy, valid_until=(self.now + timedelta(days=21)).date(),
            conditions=self.words["valid"],
        )  # fmt: skip
        if not copy:
            self._lines(proposal, quinn)
        approvals.submit(proposal, by=quinn, at=self.at(hours + 0.5))
        if self.story.until == State.PROPOSING:
            return  # it waits for its approvals
        for _ in range(8):
            needed = [
                entry for entry in approvals.approvers_needed(Proposal.objects.get(pk=proposal.pk)) if entry.pending
            ]
            if not needed:
                break
            approvals.approve(proposal, by=needed[0].who[0], at=self.at(hours + 1), level=needed[0].level)
        self.case = lifecycle.send_proposal(self.case, by=quinn, at=self.at(hours + 2))

    def _lines(self, proposal: Proposal, quinn: User) -> None:
        common: dict[str, Any] = {
            "entitlement": self._entitlement(), "quantity": Decimal(1), "owner": self.by("finn"),
            "due_on": (self.last + timedelta(days=10)).date(),
        }  # fmt: skip
        for kind, description, cost, amount, head in self._planned():
            proposals.add_line(
                proposal, by=quinn, at=self.last, kind=kind, description=description, cost=cost, amount=amount,
                head=head, **common,
            )  # fmt: skip

    def _planned(self) -> list[tuple[str, str, Money, Money | None, str]]:
        """Return the remedies of this case: kind, words, our cost, the sum to the customer, the head it pays."""
        granted = self._granted(self._entitlement())
        found: list[tuple[str, str, Money, Money | None, str]] = [
            (kind, description, self.money(cost), self.money(paid) if paid else None, "")
            for kind, description, cost, paid in self.family["lines"]
            if not (paid and granted)  # else the contract says how much
        ]
        for head, description in granted:
            kind = "PRICE_REDUCTION" if head["head"] == "PRICE_REDUCTION" else "COMPENSATION"
            found.append((kind, description, self.money(head["amount"]), None, head["key"]))
        return found

    def _entitlement(self) -> Any:
        return self.case.entitlements.order_by("-number").first()

    def _granted(self, entitlement: Any) -> list[tuple[dict[str, str], str]]:
        """Return the sums that the contract grants and the customer asked for, each with the words of its line."""
        if entitlement is None or self.case.contract is None:
            return []
        pays = CLAIMS[self.story.family, self.case.contract.number].pays
        return [(head, pays[head["head"]]) for head in entitlement.heads if head["head"] in pays]

    def _agree(self) -> None:
        proposal = proposals.current(self.case)
        assert proposal is not None
        for money in proposals.totals(proposal).values():
            signed = self.at(166)
            proposals.record_agreement(
                proposal, by=self.by("sam"), at=signed, signed_on=customer_date(self.case, signed),
                amount=money, payee=str(self.case.customer), evidence=self.words["accepted"],
            )  # fmt: skip
        self.case = lifecycle.accept(
            self.case, by=self.by("sam"), at=self.at(170), kind="EMAIL", evidence=self.words["accepted"],
            proposal=proposal.number,
        )  # fmt: skip

    def _carry_out(self) -> None:
        for number, line in enumerate(execution.agreed_lines(self.case).order_by("position")):
            execution.start_line(line, by=self.by("finn"), at=self.at(190 + number))
            proof = (self.words["paid"], "") if line.kind in PAYING else (self.words["done"], self.words["inspected"])
            execution.finish_line(
                line, by=self.by("finn"), at=self.at(240 + number), evidence_text=proof[0], reinspection_result=proof[1]
            )
        self.case = lifecycle.report_done(self.case, by=self.by("quinn"), at=self.at(260))

    def _confirm(self) -> None:
        self.case = lifecycle.confirm(
            self.case, by=self.by("ada"), at=self.at(298), person=self.story.contact[0] or "Owner",
            how=self.words["works"],
        )  # fmt: skip
        if self.target == State.FOLLOW_UP:  # customer service sees to the visits
            self.case = facts.assign(self.case, by=self.by("cleo"), at=self.at(299), owner=self.by("ada"))
            self._visit()

    def _close(self) -> None:
        self._visit()
        if self.case.grade in {"G3", "G4"}:
            capa.waive_capa(self.case, by=self.by("lee"), at=self.at(492), because=self.words["waive"])
        else:
            self._prevent()
        for number, (kind, description, cost, _) in enumerate(self.family["lines"]):
            item = {"PART_REPLACEMENT": "REPLACEMENT", "TECH_SUPPORT": "FIELD_SERVICE"}.get(kind, "HANDLING")
            costs.add_cost(
                self.case, by=self.by("quinn"), at=self.at(505), item=item, amount=self.money(cost),
                on=self.last.date(), document=f"KB-{self.case.pk}-{number + 1} {description}",
            )  # fmt: skip
        costs.post_costs(self.case, by=self.by("fay"), at=self.at(510))
        if self.case.attributions.filter(shares__party="SUPPLIER").exists():
            costs.open_chargeback(
                self.case, by=self.by("fay"), at=self.at(512), supplier=self.supplier, amount=self.money("2520.00"),
                notice=self.words["share_supplier"],
            )  # fmt: skip
        closer = self.by("max") if self.case.grade == "G1" else self.by("lee")
        self.case = lifecycle.close(self.case, by=closer, at=self.at(558))

    def _visit(self) -> None:
        """Make the visits whose day has come; a house that runs late has not made the last of them."""
        due = []
        for visit in self.case.visits.order_by("number"):
            planned = datetime.combine(visit.planned_on, datetime.min.time(), tzinfo=UTC) + timedelta(hours=3)
            if planned < self.now - timedelta(hours=1):
                due.append((planned, visit))
        for planned, visit in due[:-1] if self.story.pace > 1 and len(due) > 1 else due:
            self.last = max(self.last, planned)
            visits.record_visit(
                visit, by=self.by("ada"), at=self.last, works=True, contact_met=self.story.contact[0] or "Owner",
                satisfaction=4,
            )  # fmt: skip

    def _prevent(self) -> None:
        lee, tess = self.by("lee"), self.by("tess")
        row = capa.open_capa(
            self.case, by=self.by("quinn"), at=self.at(480), problem=self.words["capa_problem"], owner=tess,
            due_on=(self.now + timedelta(days=20)).date(),
        )  # fmt: skip
        for leg, name in (("OCCURRENCE", "capa"), ("ESCAPE", "capa_escape")):
            description, strength, document, old, new = self.family[name]
            action = capa.add_action(
                row, by=self.by("quinn"), at=self.at(482), description=description, strength=strength, owner=tess,
                due_on=(self.now + timedelta(days=10)).date(),
                root_cause=self.case.root_causes.filter(leg=leg, cycle=self.case.cycle).first(),
            )  # fmt: skip
            capa.finish_action(
                action, by=self.by("quinn"), at=self.at(490), evidence=self.words["done"],
                documents=[{"document": document, "old": old, "new": new}],
            )  # fmt: skip
        situation, rule = self.family["lesson"]
        lesson = capa.record_lesson(self.case, by=self.by("quinn"), at=self.at(494), situation=situation, rule=rule)
        capa.approve_lesson(lesson, by=lee, at=self.at(496))
        response.send_8d(self.case, by=self.by("quinn"), at=self.at(500), language=self.case.language)

    # side ends ---------------------------------------------------------------------------------------------------------

    def _reject(self) -> None:
        self._end_incident(18)
        response.prepare_rejection(
            self.case, by=self.by("quinn"), at=self.at(20), reason="MISUSE", evidence=self.words["misuse"],
            letter_text=self.words["letter"],
        )  # fmt: skip
        if self.case.grade in {"G1", "G2"}:
            response.sign_off(self.case, by=self.by("lin"), at=self.at(22), move="reject", role="LEG")
        self.case = lifecycle.reject(self.case, by=self.by("lee"), at=self.at(24))

    def _withdraw(self) -> None:
        self.case = lifecycle.withdraw(
            self.case, by=self.by("ada"), at=self.at(20), statement=self.words["withdraw"],
            internal_record=self.words["internal"],
        )  # fmt: skip

    def _dispute(self) -> None:
        self.case = lifecycle.dispute(
            self.case, by=self.by("lin"), at=self.at(130), ground="FORMAL_NOTICE", notice=self.words["notice"]
        )

    def _reopen(self) -> None:
        self.case = lifecycle.reopen(
            self.case, by=self.by("cleo"), at=self.at(600), reason=self.words["again"], ground="SAME_DEFECT"
        )
        lifecycle.acknowledge(self.case, by=self.by("ada"), at=self.at(601), contact_person=self.by("ada"))
