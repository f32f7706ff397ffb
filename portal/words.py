"""What a customer reads about the state of a case: what happens now and what happens next; total over the states."""

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from complaints.gates import Reason
from complaints.models.states import LetterKind, PauseReason, State
from remediation.models.kinds import VisitKind

Words = str | Promise
RECEIVED, INVESTIGATING, PROPOSAL, CARRYING_OUT, DONE = range(5)

STEPS: tuple[Words, ...] = (
    gettext_lazy("Received"),
    gettext_lazy("Investigating"),
    gettext_lazy("Proposal"),
    gettext_lazy("Being carried out"),
    gettext_lazy("Done"),
)

STEP_OF: dict[str, int] = {
    State.DRAFT: RECEIVED,
    State.RECEIVED: RECEIVED,
    State.TRIAGED: INVESTIGATING,
    State.RESPONDING: INVESTIGATING,
    State.DIAGNOSING: INVESTIGATING,
    State.PROPOSING: PROPOSAL,
    State.NEGOTIATING: PROPOSAL,
    State.DISPUTED: PROPOSAL,
    State.EXECUTING: CARRYING_OUT,
    State.VERIFYING: CARRYING_OUT,
    State.FOLLOW_UP: DONE,
    State.CLOSED: DONE,
    State.REJECTED: DONE,
    State.WITHDRAWN: DONE,
    State.DUPLICATE: DONE,
}

ENDINGS: dict[str, Words] = {  # what the last step is called where the case ended without a remedy
    State.REJECTED: gettext_lazy("Not accepted"),
    State.WITHDRAWN: gettext_lazy("Taken back by you"),
    State.DUPLICATE: gettext_lazy("Answered together with another case"),
}


@dataclass(frozen=True)
class Facts:
    """The facts that the sentences name; dates are words already, "" where there is none."""

    state: str
    reopened: bool = False
    first_answer: str = ""  # when our initial analysis was promised
    first_answer_late: bool = False
    first_answer_sent: str = ""
    version: int = 0  # of the proposal sent last
    answer_by: str = ""
    offer_open: bool = False
    asked: bool = False  # something waits for the customer
    offer_over: str = ""  # the day it ran out
    parts: int = 0  # of what was agreed
    parts_done: int = 0
    done_by: str = ""
    resolved_on: str = ""
    ended_on: str = ""
    next_visit: str = ""
    next_visit_kind: str = ""
    object_until: str = ""
    master: str = ""


# What happens now: the first sentence of every page ------------------------------------------------------------------


def _triaged(facts: Facts) -> str:
    if facts.reopened:
        return _("We have reopened your case and are looking into it again.")
    return _("Your case has a person who looks after it, and we are gathering the team.")


def _responding(facts: Facts) -> str:
    if facts.first_answer_sent:
        return _("You have our initial analysis, and the investigation goes on.")
    return _("Our team is working on the initial analysis of your case.")


def _proposing(facts: Facts) -> str:
    if facts.version:
        return _("We have your answer to version %(version)s and are preparing the next.") % {"version": facts.version}
    return _("The investigation is finished, and we are preparing our proposal.")


def _negotiating(facts: Facts) -> str:
    if facts.offer_over:
        return _("Our proposal was valid until %(day)s. We are preparing the next.") % {"day": facts.offer_over}
    if not facts.answer_by:
        return _("Our proposal is ready for you.")
    return _("Our proposal is ready for you. It is valid until %(day)s.") % {"day": facts.answer_by}


def _executing(facts: Facts) -> str:
    said = ngettext(
        "We are carrying out what we agreed: %(done)s of %(count)s part is done.",
        "We are carrying out what we agreed: %(done)s of %(count)s parts are done.",
        facts.parts,
    )
    return said % {"done": facts.parts_done, "count": facts.parts}


STATUS: dict[str, Callable[[Facts], str]] = {
    State.DRAFT: lambda facts: _("This report was not sent yet."),
    State.RECEIVED: lambda facts: _("We have your report and are judging how serious it is."),
    State.TRIAGED: _triaged,
    State.RESPONDING: _responding,
    State.DIAGNOSING: lambda facts: _("You have our initial analysis, and we are proving the cause."),
    State.PROPOSING: _proposing,
    State.NEGOTIATING: _negotiating,
    State.EXECUTING: _executing,
    State.VERIFYING: lambda facts: _("Everything we agreed is done. Is the problem solved?"),
    State.FOLLOW_UP: lambda facts: (
        _("The problem was solved on %(day)s, and we keep an eye on it.") % {"day": facts.resolved_on}
    ),
    State.CLOSED: lambda facts: _("This case was closed on %(day)s.") % {"day": facts.ended_on},
    State.REJECTED: lambda facts: (
        _("On %(day)s we decided not to accept this complaint. Our letter says why.") % {"day": facts.ended_on}
    ),
    State.WITHDRAWN: lambda facts: _("You took this complaint back on %(day)s.") % {"day": facts.ended_on},
    State.DUPLICATE: lambda facts: _("We answer this together with your case %(ref)s.") % {"ref": facts.master},
    State.DISPUTED: lambda facts: _("We have not reached an agreement yet. Our legal department is in charge now."),
}


def status(facts: Facts) -> str:
    """Return the sentence that says where the case stands. Raises KeyError for a state without words."""
    return STATUS[facts.state](facts)


# What happens next, and by when --------------------------------------------------------------------------------------


def _first_answer(facts: Facts) -> str:
    if facts.first_answer_sent:
        return _("Next we prove the cause; then you get our proposal.")
    if facts.first_answer and not facts.first_answer_late:
        return _("You will hear from us by %(moment)s: our initial analysis and what we do about it, in writing.") % {
            "moment": facts.first_answer
        }
    return _("You will hear from us with our initial analysis and what we do about it, in writing.")


def _after_investigation(facts: Facts) -> str:
    if not facts.first_answer_sent:
        return _("Next you get our proposal, here and by e-mail.")
    return _("Next you get our proposal. The dates are in our initial analysis of %(day)s.") % {
        "day": facts.first_answer_sent
    }


def _before_proposal(facts: Facts) -> str:
    if facts.asked:
        return _("You get it here and by e-mail. Before that, we need something from you.")
    return _("You get it here and by e-mail. Nothing is needed from you now.")


def _answer(facts: Facts) -> str:
    if facts.offer_open and facts.answer_by:
        return _("Read it and answer by %(day)s. We begin as soon as you accept.") % {"day": facts.answer_by}
    if facts.offer_open:
        return _("Read it and give us your answer. We begin as soon as you accept.")
    return _("You get the next version here and by e-mail.")


def _until_done(facts: Facts) -> str:
    if facts.done_by:
        return _("The last part is planned for %(day)s. Then we ask you to check the result.") % {"day": facts.done_by}
    return _("When everything is done, we ask you to check the result.")


def _following(facts: Facts) -> str:
    if not facts.next_visit:
        return _("If it comes back, write to us here.")
    said = {
        VisitKind.CALL: _("Next we call you on %(day)s to ask whether it still works well."),
        VisitKind.SITE: _("Next we visit you on %(day)s to see whether it still works well."),
        VisitKind.VIDEO: _("Next we speak with you by video on %(day)s to see whether it still works well."),
        VisitKind.MESSAGE: _("Next we write to you on %(day)s to ask whether it still works well."),
    }
    return said[VisitKind(facts.next_visit_kind)] % {"day": facts.next_visit}


def _rejected(facts: Facts) -> str:
    if facts.object_until:
        return _("If you see it differently, write to us by %(day)s.") % {"day": facts.object_until}
    return _("If you see it differently, write to us here.")


NEXT: dict[str, Callable[[Facts], str]] = {
    State.DRAFT: lambda facts: _("Send it, and you get its number at once."),
    State.RECEIVED: _first_answer,
    State.TRIAGED: _first_answer,
    State.RESPONDING: _first_answer,
    State.DIAGNOSING: _after_investigation,
    State.PROPOSING: _before_proposal,
    State.NEGOTIATING: _answer,
    State.EXECUTING: _until_done,
    State.VERIFYING: lambda facts: _("Check the result and tell us. If it is not solved, we go back to work."),
    State.FOLLOW_UP: _following,
    State.CLOSED: lambda facts: _("If it comes back, write to us here."),
    State.REJECTED: _rejected,
    State.WITHDRAWN: lambda facts: _("If it comes back, write to us here or report it again."),
    State.DUPLICATE: lambda facts: _("Follow it there; everything you sent us is kept."),
    State.DISPUTED: lambda facts: _("Your contact tells you the next step. You can write to us here at any time."),
}


def what_next(facts: Facts) -> str:
    """Return what happens next and by when. Raises KeyError for a state without words."""
    return NEXT[facts.state](facts)


# Names of things on this side ----------------------------------------------------------------------------------------

DOCUMENTS: dict[str, Words] = {
    LetterKind.ACKNOWLEDGEMENT: gettext_lazy("Acknowledgement"),
    LetterKind.INITIAL: gettext_lazy("Initial analysis"),
    LetterKind.EIGHT_D: gettext_lazy("8D report"),
    LetterKind.PROPOSAL: gettext_lazy("Proposal"),
    LetterKind.REJECTION: gettext_lazy("Our decision"),
    LetterKind.CLOSING: gettext_lazy("Closing letter"),
}

WANTED: dict[str, tuple[Words, Words]] = {  # what we wait for: (title, text); other waits are not the customer's
    PauseReason.WAITING_CUSTOMER_INFO: (
        gettext_lazy("We need information from you"),
        gettext_lazy("We asked you a question and go on as soon as you answer it."),
    ),
    PauseReason.WAITING_SAMPLE: (
        gettext_lazy("We wait for the sample"),
        gettext_lazy("We go on as soon as the sample reaches us. Tell us when you sent it."),
    ),
    PauseReason.WAITING_SITE_ACCESS: (
        gettext_lazy("We need access to your site"),
        gettext_lazy("Tell us when we may come; we go on from there."),
    ),
}

REFUSALS: dict[str, Words] = {
    "agreement_missing": gettext_lazy(
        "The compensation of {amount} needs an agreement signed by both sides first. Your contact brings it to you; "
        "then you can accept here."
    ),
    "proposal_expired": gettext_lazy("Version {number} was valid until {until}. Ask us for the next version."),
    "proposal_not_sent": gettext_lazy("This proposal was answered already, or replaced by another. Read it again."),
    "proposal_other_version": gettext_lazy(
        "There is a newer version of the proposal, so nothing was answered. Read version {active} first."
    ),
    "initial_questioned": gettext_lazy("We know that it was not an answer, and are writing a new one."),
    "initial_not_sent": gettext_lazy("We have not sent you an initial analysis yet."),
    "call_open": gettext_lazy("A manager has your request already, and answers it first."),
    "state_does_not_allow": gettext_lazy("This was answered meanwhile. Look at the case again."),
    "moved_meanwhile": gettext_lazy("This was answered meanwhile. Look at the case again."),
    "form_without_token": gettext_lazy("Nothing reached us: something was missing in the form. Send it again."),
    "form_sent_before": gettext_lazy(
        "You sent this form before with other words, and we have them. Send it again to add these too."
    ),
    "reason_missing": gettext_lazy("Say why: the reason is missing."),
    "message_empty": gettext_lazy("Write something before you send."),
    "found_on_in_future": gettext_lazy("The day lies in the future. Correct it."),
    "found_on_long_ago": gettext_lazy("The day lies more than 30 years back. Correct it."),
    "description_missing": gettext_lazy("Write what happened."),
    "found_on_missing": gettext_lazy("Say since when."),
    "file_empty": gettext_lazy("“{name}” is empty. Choose another file."),
    "file_too_large": gettext_lazy("“{name}” is larger than {limit} MB. Choose a smaller one."),
    "file_lies": gettext_lazy("“{name}” is not what its name says. Rename it or choose another file."),
    "file_too_many": gettext_lazy("More than {limit} files at once. Send them in parts."),
    "file_name_missing": gettext_lazy("A file came without a name. Choose it again."),
    "survey_answered": gettext_lazy("This survey was answered already."),
    "survey_over": gettext_lazy("This survey ended."),
    "survey_question_open": gettext_lazy("Answer the first questions, too."),
}


def refusal(reason: Reason, **shown: str) -> str:
    """Return a refusal in words for customers; reasons that are not theirs become one general sentence."""
    said = REFUSALS.get(reason.code)
    if said is None:
        return _("This is not possible right now. Write to us, and your contact helps you.")
    return str(said).format(**{**reason.params, **shown})
