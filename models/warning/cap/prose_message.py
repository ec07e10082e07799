"""What the standard's prose asks of a message and of its info blocks."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterator
from datetime import datetime

from lxml import etree

from models.warning.cap.names import tag
from models.warning.cap.report import CapFinding

Findings = list[CapFinding]

_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[-+]\d\d:\d\d")
_BAD_IN_ID = re.compile(r"[\s,<&]")
_URI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:\S+")
_MIME = re.compile(r"(application|audio|font|image|message|model|multipart|text|video)/[\w.+-]+(\s*;.*)?")
_SHA1 = re.compile(r"[0-9a-fA-F]{40}")
_TAGS = "a|abbr|b|big|body|br|center|div|em|font|h[1-6]|head|hr|html|i|iframe|img|li|link|meta|ol|p|pre|s|script"
_HTML = re.compile(
    rf"</?({_TAGS}|small|span|strike|strong|style|sub|sup|table|tbody|td|th|tr|tt|u|ul)(\s[^<>]*)?/?>|&(#\d+|#x[0-9a-fA-F]+|[A-Za-z]\w*);",
    re.IGNORECASE,
)
_TEXTS = ("event", "audience", "senderName", "headline", "description", "instruction", "contact")
_SPOKEN = ("headline", "event", "description", "instruction")
_LONG_HEADLINE = 160


def text_of(parent: etree._Element, name: str) -> str:
    """Return the text of a child without the space around it, "" where there is none."""
    return (parent.findtext(tag(name)) or "").strip()


def moment(text: str) -> datetime | None:
    """Return a CAP time, None if it is none (a comma for the sign, Z, no offset, no such day)."""
    if not _TIME.fullmatch(text):
        return None
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None


def check_message(root: etree._Element, errors: Findings, warnings: Findings) -> None:
    """Check the alert block."""
    for name in ("identifier", "sender"):
        value = root.findtext(tag(name)) or ""
        if _BAD_IN_ID.search(value):
            errors.append(CapFinding("id.signs", name, {"value": value}))
        elif not value and root.find(tag(name)) is not None:
            errors.append(CapFinding("id.empty", name))
    _check_time(root, "sent", "", errors)
    scope = text_of(root, "scope")
    if scope == "Restricted" and not text_of(root, "restriction"):
        errors.append(CapFinding("scope.restriction", "scope"))
    if scope != "Restricted" and root.find(tag("restriction")) is not None:
        errors.append(CapFinding("scope.not_restricted", "restriction"))
    if scope == "Private" and not text_of(root, "addresses"):
        errors.append(CapFinding("scope.addresses", "scope"))
    if (text_of(root, "status") == "Exercise" or text_of(root, "msgType") == "Error") and not text_of(root, "note"):
        warnings.append(CapFinding("note.missing", "note"))
    _check_references(root, errors)
    for name in ("addresses", "incidents"):
        if text_of(root, name).count('"') % 2:
            warnings.append(CapFinding("list.quotes", name))
    _check_empty(root, warnings)
    _check_languages(root, warnings)


def check_info(info: etree._Element, number: int, root: etree._Element, errors: Findings, warnings: Findings) -> None:
    """Check one info block (its areas have a check of their own)."""
    where = f"info[{number}]"
    if not text_of(info, "language"):
        warnings.append(CapFinding("language.missing", where))
    for name in ("effective", "onset", "expires"):
        _check_time(info, name, f"{where}/", errors)
    _check_end(info, where, root, errors, warnings)
    for name in _TEXTS:
        for element in info.findall(tag(name)):
            found = _HTML.search(element.text or "")
            if found:
                errors.append(CapFinding("text.html", f"{where}/{name}", {"value": found.group()}))
    if len(text_of(info, "headline")) > _LONG_HEADLINE:
        warnings.append(CapFinding("headline.long", f"{where}/headline", {"most": str(_LONG_HEADLINE)}))
    web = text_of(info, "web")
    if web and not _URI.fullmatch(web):
        errors.append(CapFinding("uri.relative", f"{where}/web", {"value": web}))
    for n, resource in enumerate(info.findall(tag("resource")), 1):
        _check_resource(resource, f"{where}/resource[{n}]", errors)


def _check_time(parent: etree._Element, name: str, where: str, errors: Findings) -> None:
    for element in parent.findall(tag(name)):
        value = (element.text or "").strip()
        if value and moment(value) is None:
            errors.append(CapFinding("time.form", where + name, {"value": value}))


def _check_end(info: etree._Element, where: str, root: etree._Element, errors: Findings, warnings: Findings) -> None:
    """Check that the message ends after it was sent and after it begins."""
    if info.find(tag("expires")) is None:
        warnings.append(CapFinding("expires.missing", where))
        return
    expires = moment(text_of(info, "expires"))
    for name, parent in (("sent", root), ("onset", info)):
        other = moment(text_of(parent, name))
        if expires is not None and other is not None and expires <= other:
            errors.append(CapFinding("expires.early", f"{where}/expires", {"than": name}))


def _check_references(root: etree._Element, errors: Findings) -> None:
    kind, references = text_of(root, "msgType"), text_of(root, "references")
    if kind in {"Update", "Cancel", "Ack", "Error"} and not references:
        errors.append(CapFinding("references.missing", "references", {"type": kind}))
    sent = moment(text_of(root, "sent"))
    own = (text_of(root, "sender"), text_of(root, "identifier"))
    for number, item in enumerate(references.split(), 1):
        where = f"references[{number}]"
        parts = item.split(",")
        at = moment(parts[2]) if len(parts) == 3 else None
        if len(parts) != 3 or not parts[0] or not parts[1] or at is None:
            errors.append(CapFinding("references.form", where, {"value": item}))
            continue
        if (parts[0], parts[1]) == own:
            errors.append(CapFinding("references.itself", where))
        if sent is not None and at > sent:
            errors.append(CapFinding("references.later", where, {"value": parts[2]}))


def _check_empty(root: etree._Element, warnings: Findings) -> None:
    """Warn of elements that are there and say nothing."""
    for element in _ours(root):
        if len(element) == 0 and not (element.text or "").strip():
            name = etree.QName(element).localname
            warnings.append(CapFinding("element.empty", f"{name} (line {element.sourceline})", {"name": name}))


def _ours(root: etree._Element) -> Iterator[etree._Element]:
    prefix = tag("")
    return (e for e in root.iter() if e.tag.startswith(prefix))


def _check_languages(root: etree._Element, warnings: Findings) -> None:
    """Warn where two languages carry the same words, or the blocks differ in category."""
    infos = root.findall(tag("info"))
    for i, info in enumerate(infos):
        for j, other in enumerate(infos[:i]):
            if text_of(info, "language") == text_of(other, "language"):
                continue
            same = [n for n in _SPOKEN if text_of(info, n) and text_of(info, n) == text_of(other, n)]
            for name in same:
                warnings.append(CapFinding("language.same", f"info[{i + 1}]/{name}", {"other": f"info[{j + 1}]"}))
    categories = {tuple(sorted(c.text or "" for c in info.findall(tag("category")))) for info in infos}
    if len(categories) > 1:
        warnings.append(CapFinding("category.differs", "info"))


def _check_resource(resource: etree._Element, where: str, errors: Findings) -> None:
    mime, uri = text_of(resource, "mimeType"), text_of(resource, "uri")
    if mime and not _MIME.fullmatch(mime):
        errors.append(CapFinding("resource.mime", f"{where}/mimeType", {"value": mime}))
    inside = resource.find(tag("derefUri"))
    if uri and resource.find(tag("derefUri")) is None and not _URI.fullmatch(uri):
        errors.append(CapFinding("uri.relative", f"{where}/uri", {"value": uri}))
    digest = text_of(resource, "digest")
    if digest and not _SHA1.fullmatch(digest):
        errors.append(CapFinding("resource.digest", f"{where}/digest", {"value": digest}))
    if inside is not None:
        try:
            base64.b64decode(re.sub(r"\s+", "", inside.text or ""), validate=True)
        except (binascii.Error, ValueError):
            errors.append(CapFinding("resource.base64", f"{where}/derefUri"))
