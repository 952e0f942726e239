"""The pages' own files, a song's sounds and its picture."""

import os

import pytest
from PIL import Image

from charter.review.web.covers import cover
from charter.review.web.pages import FOLDER, Pages

FILES = [path.relative_to(FOLDER).as_posix() for path in FOLDER.rglob("*") if path.suffix in (".js", ".css")]


@pytest.mark.parametrize("name", [next(name for name in FILES if name.endswith(ending)) for ending in (".js", ".css")])
def test_scripts_and_styles_are_served(browser, name):
    answer = browser().get(f"/{name}")
    assert answer.content == (FOLDER / name).read_bytes()
    assert answer.headers["content-type"].split(";")[0] in ("text/javascript", "text/css")
    assert answer.headers["cache-control"] == "no-cache"
    again = browser().get(f"/{name}", headers={"If-None-Match": answer.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert "content-security-policy" in again.headers
    assert browser().head(f"/{name}").status_code in (200, 405)


@pytest.mark.parametrize("address", ["/", "/login", "/run/1", "/chart/1"])
def test_pages_are_served_to_anyone(browser, address):
    """They hold nothing of the review; what they show is asked for by their scripts."""
    answer = browser().get(address)
    assert answer.status_code == 200, address
    assert answer.headers["content-type"] == "text/html; charset=utf-8"


@pytest.mark.parametrize(
    "address",
    [
        "/../../../etc/passwd",
        "/js/../../../../etc/passwd",
        "/js/..%2f..%2f..%2fpyproject.toml",
        "/js/%2e%2e/%2e%2e/web/app.py",
        "/%5c..%5cweb%5capp.py",
        "//etc/passwd",
        "/js",
        "/js/",
        "/package.json",
        "/run.html",
        "/run/x",
        "/run/-1/../../x",
        "/chart/",
        "/api/none",
        "/docs",
        "/redoc",
        "/static/x.js",
    ],
)
def test_nothing_else_is(browser, ann, address):
    request = ann.build_request("GET", "/")
    request.url = request.url.copy_with(raw_path=address.encode())
    answer = ann.send(request)
    assert answer.status_code in (404, 422), address
    assert list(answer.json()) == ["error"]


def test_changed_files_are_served_anew(tmp_path):
    from starlette.requests import Request  # noqa: PLC0415

    (tmp_path / "a.js").write_text("1")
    pages = Pages(tmp_path)
    request = Request({"type": "http", "headers": []})
    tags = [pages.answer("a.js", request).headers["etag"] for _ in range(2)]
    (tmp_path / "a.js").write_text("22")
    os.utime(tmp_path / "a.js", ns=(1, 1))
    tags.append(pages.answer("a.js", request).headers["etag"])
    assert tags[0] == tags[1] != tags[2]


@pytest.fixture
def folder(review):
    return review.data / "songs" / ("5" * 32)


def test_sounds_are_served_in_parts(ann, folder):
    data = bytes(range(256)) * 40
    (folder / "hearing" / "listen.ogg").write_bytes(data)
    address = "/api/songs/1/sound/listen.ogg"
    answer = ann.get(address)
    assert (answer.content, answer.headers["content-type"]) == (data, "audio/ogg")
    part = ann.get(address, headers={"Range": "bytes=100-199"})
    assert (part.status_code, part.content) == (206, data[100:200])
    assert part.headers["content-range"] == f"bytes 100-199/{len(data)}"
    assert ann.get(address, headers={"Range": "bytes=-10"}).content == data[-10:]
    told = ann.get("/openapi.json").json()["paths"]["/api/songs/{song}/sound/{name}"]["get"]["responses"]
    for wrong, status, line in (
        ("bytes=999999-", 416, "the file has no such range"),
        ("nonsense", 400, "the Range header cannot be understood"),
    ):
        refused = ann.get(address, headers={"Range": wrong})
        assert (refused.status_code, refused.json()) == (status, {"error": line})
        assert refused.headers["content-type"].partition(";")[0] in told[str(status)]["content"]
        assert refused.headers.get("content-range") == (f"bytes */{len(data)}" if status == 416 else None)
    tag = answer.headers["etag"]
    assert ann.get(address, headers={"If-None-Match": tag}).status_code == 304
    (folder / "hearing" / "listen.ogg").write_bytes(data[::-1])
    assert ann.get(address, headers={"If-None-Match": tag}).content == data[::-1]
    assert ann.get(address, headers={"Range": "bytes=0-9", "If-Range": tag}).status_code == 200


@pytest.mark.parametrize(
    "name",
    [
        "passwd",
        "..%2f..%2f..%2freview.sqlite3",
        "../../../review.sqlite3",
        "%2fetc%2fpasswd",
        "listen.ogg%00",
        "chip.ogg",
    ],
)
def test_no_other_file_is_reached(ann, name):
    assert ann.get(f"/api/songs/1/sound/{name}").status_code in (400, 404)


def test_links_lead_nowhere(ann, folder):
    (folder / "hearing" / "peaks.bin").symlink_to("/etc/passwd")
    (folder / "hearing" / "bands.bin").mkdir()
    for name in ("peaks.bin", "bands.bin"):
        assert ann.get(f"/api/songs/1/sound/{name}").status_code == 404
    assert ann.get("/api/songs/99/sound/peaks.bin").status_code == 404


def picture(path, size=(4, 4)):
    Image.new("RGB", size).save(path)
    return path


def test_the_jacket_is_the_cover_and_else_the_banner(ann, folder):
    assert ann.get("/api/songs/1/cover").status_code == 404
    picture(folder / "song-bn.png")
    assert ann.get("/api/songs/1/cover").content == (folder / "song-bn.png").read_bytes()
    picture(folder / "song-jacket.png", (5, 5))
    answer = ann.get("/api/songs/1/cover")
    assert (answer.content, answer.headers["content-type"]) == ((folder / "song-jacket.png").read_bytes(), "image/png")


def test_a_tag_chooses_among_the_folders_own_pictures(tmp_path):
    picture(tmp_path / "Pic.JPG")
    picture(tmp_path / "banner.png")
    (tmp_path / "a.sm").write_text("#TITLE:x;\n#BANNER:banner.png;\n#JACKET: pic.jpg;\n")
    assert cover(tmp_path) == (tmp_path / "Pic.JPG", "image/jpeg")


@pytest.mark.parametrize("name", ["../outside.png", "/etc/passwd", "link.png", "text.png", "a.svg", "..", "a" * 300])
def test_a_tag_leads_to_nothing_else(tmp_path, name):
    folder = tmp_path / "song"
    folder.mkdir()
    picture(tmp_path / "outside.png")
    (folder / "link.png").symlink_to(tmp_path / "outside.png")
    (folder / "text.png").write_text("<script>alert(1)</script>")
    (folder / "a.svg").write_text("<svg onload='alert(1)'/>")
    (folder / "a.sm").write_text(f"#JACKET:{name};\n")
    assert cover(folder) is None


def test_a_folder_that_is_gone_has_no_cover(tmp_path):
    assert cover(tmp_path / "none") is None
