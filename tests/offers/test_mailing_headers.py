"""Nothing that is typed becomes a header of its own, and what is typed comes out as it went in."""

from datetime import UTC, datetime
from email import policy
from email.headerregistry import Address
from email.parser import BytesParser

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from core.errors import AppError
from offers.mail_addresses import checked_address, has_control, sender_of, written
from offers.mail_message import Attached, Letter, html_of, message_bytes

HEADERS = {
    "Message-ID",
    "Date",
    "From",
    "To",
    "Subject",
    "Content-Language",
    "MIME-Version",
    "Content-Type",
}
INJECTIONS = [
    "a@b.hu\r\nBcc: thief@x.example",
    "a@b.hu\nBcc: thief@x.example",
    "a@b.hu\rBcc: thief@x.example",
    "a@b.hu\u2028Bcc: thief@x.example",
    "a@b.hu\x00",
    "a@b.hu, thief@x.example",
    "a@b.hu; thief@x.example",
    "A <a@b.hu>",
    '"a b"@b.hu',
    "a@b.hu>\r\nRCPT TO:<thief@x.example",
    "=?utf-8?q?a=0D=0ABcc:thief?=@b.hu",
    "a@b.hu ",
    "a@@b.hu",
    "a..b@b.hu",
    "a@localhost",
    "a@[127.0.0.1]",
    "a@127.0.0.1",
    "a@-b.hu",
    "árvíz@b.hu",
    "a" * 65 + "@b.hu",
    "a@" + "b" * 64 + ".hu",
    "",
    "@",
]


@pytest.mark.parametrize("text", [each for each in INJECTIONS if each != "a@b.hu "])
def test_what_is_not_one_plain_address_is_refused(text: str) -> None:
    with pytest.raises(AppError) as refused:
        checked_address(text)
    assert refused.value.code == "mail_address_wrong"
    assert "\n" not in refused.value.message("en") and "\r" not in refused.value.message("en")


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("Kiss.Eva+ajanlat@Bartok.example", "Kiss.Eva+ajanlat@bartok.example"),
        (" a@b.hu ", "a@b.hu"),
        ("eva@árvíztűrő.hu", "eva@xn--rvztr-2qa2hou1w.hu"),
        ("biuro@żółć.pl", "biuro@xn--kda4b0koi.pl"),
    ],
)
def test_an_address_goes_out_in_ascii(text: str, plain: str) -> None:
    try:
        found = checked_address(text)
    except AppError:
        found = ""
    assert found.isascii() and found.partition("@")[0] == plain.partition("@")[0]
    if text.isascii():
        assert found == plain


@given(st.text(max_size=80))
@example("a@b.hu\r\nBcc: x@y.hu")
def test_whatever_is_typed_an_accepted_address_is_one_token_of_ascii(text: str) -> None:
    try:
        found = checked_address(text)
    except AppError:
        return
    assert found.isascii() and found.isprintable() and found.count("@") == 1
    assert not set(found) & set(' ,;:<>()[]\\"\r\n\t')


def _letter(subject: str, name: str, body: str = "x", filename: str = "offer.pdf") -> bytes:
    sender = sender_of(f"{name} <a@b.hu>" if name else None, name, "a@b.hu")
    return message_bytes(
        Letter(
            code="M1",
            message_id="<m1.1@b.hu>",
            sender=sender,
            reply_to=None,
            recipients=["c@d.hu"],
            copies=[],
            subject=subject,
            body=body,
            language="hu",
            at=datetime(2026, 11, 22, 12, 0, tzinfo=UTC),
            files=[Attached(filename, "application/pdf", b"%PDF")],
        )
    )


# What a preview lets through as a subject.
SUBJECTS = (
    st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc")), min_size=1, max_size=200)
    .map(str.strip)
    .filter(lambda text: bool(text) and not has_control(text))
)
NAMES = st.text(st.characters(codec="utf-8", exclude_categories=("Cs",)), max_size=120)


@given(SUBJECTS, NAMES)
@example("Ajánlat – árvíztűrő tükörfúrógép " * 6, 'Kovács "Bcc: x" <y@z.hu>\r\nBcc: t@x.hu')
@example("=?utf-8?q?=0D=0ABcc:_x=40y.hu?=", "=?utf-8?q?=0D=0ABcc:_x=40y.hu?=")
def test_no_subject_or_name_makes_a_header(subject: str, name: str) -> None:
    data = _letter(subject, name)
    head = data.partition(b"\r\n\r\n")[0]
    assert head.isascii() and b"\r" not in head.replace(b"\r\n", b"") and b"\n" not in head.replace(b"\r\n", b"")
    message = BytesParser(policy=policy.default).parsebytes(data)
    assert set(message.keys()) == HEADERS and str(message["Subject"]) == subject
    assert [a.addr_spec for a in message["From"].addresses] == ["a@b.hu"]
    assert [a.addr_spec for a in message["To"].addresses] == ["c@d.hu"]
    assert all(len(line) <= 998 for line in data.split(b"\r\n")), "RFC 5322, 2.1.1"


@given(st.text(st.characters(min_codepoint=32, max_codepoint=0x24F, exclude_categories=("Cc",)), min_size=1))
def test_an_ordinary_subject_is_read_as_it_was_written(subject: str) -> None:
    tidy = " ".join(subject.split())[:200].strip()
    if not tidy:
        return
    message = BytesParser(policy=policy.default).parsebytes(_letter(tidy, ""))
    assert str(message["Subject"]) == tidy


@given(NAMES)
def test_a_sender_is_read_back_as_it_was_kept(name: str) -> None:
    sender = sender_of(None, name, "a@b.hu")
    again = sender_of(written(sender), "", "")
    assert again == sender and isinstance(again, Address)


@given(st.text(st.characters(codec="utf-8"), max_size=300))
@example('<script>alert(1)</script>\n.\n..\nhttps://x.hu/o/abc"onclick=1')
def test_the_text_is_never_html(body: str) -> None:
    said = html_of(body, "hu")
    assert "<script" not in said.lower().replace("&lt;script", "")
    assert said.count("<a ") == said.count("</a>")


def test_an_address_of_the_web_can_be_followed() -> None:
    said = html_of("Itt <nézheti> meg: https://x.example/o/abc?a=1&b=2.\nÜdv", "hu")
    assert '<a href="https://x.example/o/abc?a=1&amp;b=2" style' in said
    assert "Itt &lt;nézheti&gt; meg" in said and "</a>.<br>" in said


@given(st.text(st.characters(min_codepoint=32, max_codepoint=0x24F, exclude_characters="/\\\x7f"), max_size=60))
@example("=?utf-8?q?=0D=0ABcc:_x=40y.hu?=")
def test_a_files_name_makes_no_header(name: str) -> None:
    data = _letter("S", "", filename=f"{name}.pdf")
    message = BytesParser(policy=policy.default).parsebytes(data)
    assert set(message.keys()) == HEADERS
    files = list(message.iter_attachments())
    assert len(files) == 1 and files[0].get_content_type() == "application/pdf"
