"""
Evidence files: the bytes once, under their SHA-256 and never overwritten; a row for each giving.

Bytes go to a temporary file in the same folder, are flushed to disk, renamed, and only then is the row committed, so
that a row never names bytes that are not there (RELIABILITY R20). What a file is, its bytes say, not its name.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
import unicodedata
from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

import filetype
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import QuerySet
from PIL import Image, ImageOps, UnidentifiedImageError

import audit
from audit import Entry
from complaints import lifecycle
from complaints.gates import Reason, reason
from complaints.models import Blob, Complaint, Evidence

if TYPE_CHECKING:
    from accounts.models import User

PREVIEW_SIDE = 1600  # pixels
MAX_PIXELS = 80_000_000  # what a preview is made of at most; a bomb is larger
SHOWN = frozenset({"image/jpeg", "image/png", "image/gif", "image/webp", "image/bmp", "image/tiff"})
# what the ending of a name promises; other endings promise nothing
PROMISES = {
    ".jpg": {"image/jpeg"}, ".jpeg": {"image/jpeg"}, ".png": {"image/png"}, ".gif": {"image/gif"},
    ".webp": {"image/webp"}, ".bmp": {"image/bmp"}, ".tif": {"image/tiff"}, ".tiff": {"image/tiff"},
    ".pdf": {"application/pdf"}, ".zip": {"application/zip"}, ".mp4": {"video/mp4", "video/x-m4v"},
    ".docx": {"application/vnd.openxmlformats-officedocument.wordprocessingml.document", "application/zip"},
    ".xlsx": {"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "application/zip"},
}  # fmt: skip
TEXT = "text/plain"
UNKNOWN = "application/octet-stream"


def complain(files: Sequence[UploadedFile]) -> list[Reason]:
    """Return what is wrong with the files, one reason each: too many, empty, too large, lying about their type."""
    limit = settings.EVIDENCE_MAX_FILES
    if len(files) > limit:
        return [reason("file_too_many", limit=limit)]
    return [wrong for file in files if (wrong := _wrong_with(file))]


def _wrong_with(file: UploadedFile) -> Reason | None:
    name = clean_name(file.name)
    if not name:
        return reason("file_name_missing")
    if not file.size:
        return reason("file_empty", name=name)
    if file.size > settings.EVIDENCE_MAX_BYTES:
        return reason("file_too_large", name=name, limit=settings.EVIDENCE_MAX_BYTES // 1024 // 1024)
    kind = _kind_of(file)
    promised = PROMISES.get(PurePosixPath(name.lower()).suffix)
    if promised and kind not in promised:
        return reason("file_lies", name=name, found=kind)
    return None


def clean_name(name: str | None) -> str:
    """Return the last part of the name, without control and invisible characters, at most 255 characters."""
    last = (name or "").replace("\\", "/").rsplit("/", 1)[-1]
    kept = "".join(char for char in last if unicodedata.category(char) not in {"Cc", "Cf", "Cs", "Co"}).strip()
    return kept if len(kept) <= 255 else kept[:200] + kept[-55:]


def _kind_of(file: UploadedFile) -> str:
    file.seek(0)
    head = file.read(8192)
    file.seek(0)
    guess = filetype.guess(head)
    if guess:
        return guess.mime
    return TEXT if _is_text(head) else UNKNOWN


def _is_text(head: bytes) -> bool:
    if b"\0" in head:
        return False
    try:
        head.decode("utf-8")
    except UnicodeDecodeError as error:
        return error.start >= len(head) - 3  # a character cut in two at the end of the sample
    return True


@transaction.atomic
def add(
    complaint: Complaint, *, by: User, at: datetime, files: Iterable[UploadedFile], caption: str = "",
    shown_to_customer: bool = False,
) -> list[Evidence]:  # fmt: skip
    """Keep files with the case; all or none. Raises Refused naming each file that cannot be taken."""
    files = list(files)
    complaint = lifecycle.hold(complaint, by=by, at=at, permission="case.evidence")
    if problems := complain(files):
        raise lifecycle.Refused(*problems)
    given = [(store(file, at=at).sha256, clean_name(file.name)) for file in files]
    return attach(complaint, by=by, at=at, given=given, caption=caption, shown_to_customer=shown_to_customer)


def attach(
    complaint: Complaint, *, by: User, at: datetime, given: Sequence[tuple[str, str]], caption: str = "",
    shown_to_customer: bool = False,
) -> list[Evidence]:  # fmt: skip
    """Give the case files whose bytes are kept already: (hash, name) each. The caller holds the case."""
    blobs = Blob.objects.in_bulk([sha256 for sha256, _name in given]) if given else {}
    shown = shown_to_customer or not by.may("case.see")
    rows = [
        Evidence(
            complaint=complaint, blob=blobs[sha256], name=name, caption=caption[:200], shown_to_customer=shown, by=by,
            at=at,
        )
        for sha256, name in given
    ]  # fmt: skip
    if rows:
        Evidence.objects.bulk_create(rows)
        audit.record_all("case", complaint.uuid, [_added(row) for row in rows], by=by)
    return rows


def _added(row: Evidence) -> Entry:
    facts = {"evidence": str(row.uuid), "sha256": row.blob_id, "size": row.blob.size}
    return Entry("evidence.added", row.at, facts, {"name": row.name})


@transaction.atomic
def show(row: Evidence, *, by: User, at: datetime, shown: bool) -> Evidence:
    """Show a file to the customer, or no longer; what the customer brought stays theirs. Twice changes nothing."""
    complaint = lifecycle.hold(row.complaint, by=by, at=at, permission="case.reply")
    row = Evidence.objects.select_for_update().get(pk=row.pk)
    if row.shown_to_customer == shown:
        return row
    if not shown and row.by and not row.by.may("case.see"):
        raise lifecycle.Refused(reason("file_of_customer", name=row.name))
    row.shown_to_customer = shown
    row.save()
    kind = "evidence.shown" if shown else "evidence.hidden"
    audit.record("case", complaint.uuid, kind, by=by, at=at, facts={"evidence": str(row.uuid)})
    return row


def store(file: UploadedFile, *, at: datetime) -> Blob:
    """Put the bytes on disk under their hash and return their row; the same bytes twice are one blob."""
    kind = _kind_of(file)
    return _keep(file.chunks(), kind=kind, at=at)


def store_bytes(content: bytes, *, kind: str, at: datetime) -> Blob:
    """Keep bytes of our own making, such as a rendered letter."""
    return _keep([content], kind=kind, at=at)


def _keep(chunks: Iterable[bytes], *, kind: str, at: datetime) -> Blob:
    folder = Path(settings.EVIDENCE_DIR)
    folder.mkdir(parents=True, exist_ok=True)
    digest, size = hashlib.sha256(), 0
    with tempfile.NamedTemporaryFile(dir=folder, prefix="incoming-", delete=False) as kept:
        try:
            for chunk in chunks:
                digest.update(chunk)
                size += len(chunk)
                kept.write(chunk)
            kept.flush()
            os.fsync(kept.fileno())
            _settle(Path(kept.name), path_of(digest.hexdigest()))
        except BaseException:
            Path(kept.name).unlink(missing_ok=True)
            raise
    blob, _ = Blob.objects.get_or_create(
        sha256=digest.hexdigest(), defaults={"size": size, "kind": kind, "stored_at": at}
    )
    return blob


def _settle(incoming: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    if target.exists():
        incoming.unlink()
        return
    incoming.chmod(0o440)
    incoming.rename(target)
    handle = os.open(target.parent, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def path_of(sha256: str) -> Path:
    """Return where the bytes of a hash lie."""
    return Path(settings.EVIDENCE_DIR) / sha256[:2] / sha256[2:4] / sha256


def visible_to(user: User) -> QuerySet[Evidence]:
    """Return the files that `user` may open: staff all, customers what is theirs or was shown to them."""
    rows = Evidence.objects.filter(complaint__in=Complaint.objects.visible_to(user))
    return rows if user.may("case.see") else rows.filter(shown_to_customer=True)


def preview(evidence: Evidence) -> Path | None:
    """
    Return a small JPEG made anew from the picture, without its metadata; None if the file is not a picture we show.

    The preview is what pages show; the original is only ever downloaded as an attachment (RELIABILITY R21, R22).
    """
    if evidence.blob.kind not in SHOWN:
        return None
    made = Path(settings.EVIDENCE_DIR) / "previews" / f"{evidence.blob_id}.jpg"
    return made if made.exists() or _draw(path_of(evidence.blob_id), made) else None


def _draw(original: Path, made: Path) -> bool:
    made.parent.mkdir(parents=True, exist_ok=True)
    try:
        with Image.open(original) as image:
            if image.width * image.height > MAX_PIXELS:
                return False
            upright = ImageOps.exif_transpose(image).convert("RGB")
            upright.thumbnail((PREVIEW_SIDE, PREVIEW_SIDE))
            with tempfile.NamedTemporaryFile(dir=made.parent, suffix=".jpg", delete=False) as kept:
                upright.save(kept, "JPEG", quality=85)
            Path(kept.name).rename(made)
    except (UnidentifiedImageError, OSError, ValueError, Image.DecompressionBombError, SyntaxError):
        return False
    return True
