"""PDF: each page upright on white in its box; locked, broken and endless ones refused with their reason."""

from __future__ import annotations

from pathlib import Path

import pypdfium2
import pytest

from player.prepare.documents import MOST_PAGES, DocumentError, fitted, inspect, look

A4 = (595, 842)


def document(path: Path, pages: int = 1, size: tuple[int, int] = A4) -> Path:
    """Page n bears a black bar as far down as its number says, in twentieths of its height."""
    bars = []
    for number in range(pages):
        top = size[1] * (19 - number % 20) // 20
        bars.append(f"0 g 0 {top} {size[0]} {size[1] // 20} re f".encode())
    path.write_bytes(pdf(bars, size))
    return path


def pdf(contents: list[bytes], size: tuple[int, int], extra: bytes = b"") -> bytes:
    """A PDF with one page for each stream of drawing commands."""
    kids = b" ".join(b"%d 0 R" % (3 + 2 * n) for n in range(len(contents)))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [%s] /Count %d >>" % (kids, len(contents)),
    ]
    for number, content in enumerate(contents):
        objects.append(
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 %d %d] /Contents %d 0 R >>" % (*size, 4 + 2 * number)
        )
        objects.append(b"<< /Length %d >> stream\n%s\nendstream" % (len(content), content))
    out, places = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    head = b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    trailer = b"trailer << /Size %d /Root 1 0 R %s >>\nstartxref\n%d\n%%%%EOF" % (len(objects) + 1, extra, len(out))
    return out + head + table + trailer


def dark_rows(path: Path, page: int) -> float:
    """Where the bar of the page is, in parts of its height."""
    drawn = fitted(path, 200, 283, page)
    rows = [y for y in range(drawn.get_height()) if sum(drawn.get_at((100, y))[:3]) < 100]
    return sum(rows) / len(rows) / drawn.get_height()


def refused(path: Path) -> str:
    with pytest.raises(DocumentError) as caught:
        inspect("k", path)
    return str(caught.value).partition(":")[0]


def test_a_document_says_its_pages_and_its_shape(tmp_path: Path) -> None:
    found = inspect("k", document(tmp_path / "a.pdf", 3))
    assert (found.mime, found.pages, found.width_px, found.height_px) == ("application/pdf", 3, 595, 842)


def test_each_page_is_drawn_for_itself(tmp_path: Path) -> None:
    path = document(tmp_path / "a.pdf", 12)
    for page in (0, 5, 11):
        assert dark_rows(path, page) == pytest.approx((page + 0.5) / 20, abs=0.02)


@pytest.mark.parametrize(
    ("box", "size"), [((1920, 1080), (763, 1080)), ((300, 1080), (300, 425)), ((64, 32), (23, 32))]
)
def test_a_page_is_as_large_as_fits_its_box(box: tuple[int, int], size: tuple[int, int], tmp_path: Path) -> None:
    drawn = fitted(document(tmp_path / "a.pdf"), *box)
    assert drawn.get_size() == pytest.approx(size, abs=1)
    assert drawn.get_width() <= box[0]
    assert drawn.get_height() <= box[1]
    assert tuple(drawn.get_at((5, drawn.get_height() - 3)))[:3] == (255, 255, 255), "paper is white"


def test_a_document_of_two_thousand_pages_is_refused_and_a_board_shows_its_first(tmp_path: Path) -> None:
    path = document(tmp_path / "a.pdf", 2000)
    assert refused(path) == "pages"
    found = look(path)
    assert found.pages == MOST_PAGES
    assert found.note == f"pages: 2000, only the first {MOST_PAGES} are shown"


def test_a_document_with_a_password_is_refused(tmp_path: Path) -> None:
    encrypt = b"/ID [<00112233445566778899aabbccddeeff> <00112233445566778899aabbccddeeff>] /Encrypt << /Filter " \
              b"/Standard /V 1 /R 2 /O <%s> /U <%s> /P -44 >>" % (b"5a" * 32, b"a5" * 32)  # fmt: skip
    (tmp_path / "a.pdf").write_bytes(pdf([b"0 g"], A4, encrypt))
    assert refused(tmp_path / "a.pdf") == "password"


@pytest.mark.parametrize("data", [b"%PDF-1.7", b"%PDF-1.4\n" + bytes(3000), b"%PDF-1.4\n%%EOF"])
def test_a_broken_document_is_refused(data: bytes, tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(data)
    assert refused(tmp_path / "a.pdf") == "format"


def test_a_document_without_its_end_is_shown_as_far_as_it_can_be_read_or_refused(tmp_path: Path) -> None:
    path = document(tmp_path / "a.pdf", 10)
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    found = ""
    try:
        assert 1 <= inspect("k", path).pages < 10
    except DocumentError as exc:
        found = str(exc)
    assert found.partition(":")[0] in ("", "format")


def test_a_missing_document_is_refused(tmp_path: Path) -> None:
    assert refused(tmp_path / "gone.pdf") == "missing"


def test_a_document_without_pages_is_refused_whatever_was_refused_before(tmp_path: Path) -> None:
    test_a_document_with_a_password_is_refused(tmp_path)
    empty = pypdfium2.PdfDocument.new()
    empty.save(str(tmp_path / "a.pdf"))
    assert refused(tmp_path / "a.pdf") == "format"
