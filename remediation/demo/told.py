"""What the demo's staff write to a customer between two steps, so that nobody hears nothing for longer than promised."""

from __future__ import annotations

from datetime import datetime, timedelta

from accounts.models import User
from complaints import conversation
from complaints.models import Complaint
from complaints.models.states import UNDECIDED, Metric, State

AHEAD = timedelta(hours=2)  # so long before the promised time the update goes out
UPDATES: dict[str, dict[str, str]] = {
    "en": {
        State.RECEIVED: "We have read your report and are finding the people who know the goods. You hear from us again soon.",
        State.TRIAGED: "Your case has an owner. The team meets next, then we tell you what we do first.",
        State.RESPONDING: "The goods concerned are held where we could reach them. Our first analysis is being written.",
        State.DIAGNOSING: "The examination goes on. Two possible causes are ruled out; the third is on the test bench.",
        State.PROPOSING: "The cause is known. We are agreeing dates with the workshop and will send you a proposal.",
        State.NEGOTIATING: "Your remarks on the proposal are with us. We are asking the workshop for an earlier date.",
        State.EXECUTING: "The work is planned as agreed and the parts are reserved. The dates stand.",
        State.VERIFYING: "The work is done on our side. Please tell us whether all runs as it should.",
        State.DISPUTED: "We have your notice and propose a date for the joint measurement. What was agreed so far stands.",
    },
    "zh": {
        State.RECEIVED: "已阅读贵方反馈，正在联系熟悉该产品的同事，稍后再向您通报。",
        State.TRIAGED: "本案已确定负责人。小组开会后，将告知首先采取的措施。",
        State.RESPONDING: "能够联系到的相关货物均已隔离，初步分析正在编写。",
        State.DIAGNOSING: "检查仍在进行：两个可能原因已排除，第三个正在台架上验证。",
        State.PROPOSING: "原因已查明，正与车间商定日期，随后发送处理方案。",
        State.NEGOTIATING: "已收到贵方对方案的意见，正向车间争取更早的日期。",
        State.EXECUTING: "工作按约定安排，备件已预留，日期不变。",
        State.VERIFYING: "我方工作已完成，请告知运行是否正常。",
        State.DISPUTED: "已收到贵方通知，现提议共同测量的日期；此前已达成的约定不变。",
    },
}


def keep_told(complaint: Complaint, *, by: User, since: datetime, until: datetime, language: str) -> None:
    """Write an update shortly before each promised one of the case is due, from `since` on and before `until`."""
    while moment := _next(complaint, since, until):
        state = Complaint.objects.values_list("state", flat=True).get(pk=complaint.pk)
        conversation.reply(complaint, by=by, at=moment, body=UPDATES[language][state])
        since = moment


def _next(complaint: Complaint, since: datetime, until: datetime) -> datetime | None:
    """Return when the next update is to be written, or None where none is promised before `until`."""
    promised = complaint.clocks.filter(metric=Metric.UPDATE, state__in=UNDECIDED, due_at__lt=until + AHEAD)
    due = promised.values_list("due_at", flat=True).first()
    return min(max(due - AHEAD, since + timedelta(minutes=1)), until) if due and due > since else None
