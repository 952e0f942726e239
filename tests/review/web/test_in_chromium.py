"""What a real browser makes of the guard."""

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from charter.review.web.guard import GuardSettings

pytestmark = pytest.mark.browser


@pytest.fixture
def page(chromium):
    context = chromium.new_context()
    page = context.new_page()
    page.refused = []
    page.on("console", lambda message: page.refused.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: page.refused.append(str(error)))
    yield page
    context.close()


SIGN_IN = """async (name) => (await fetch("/api/login", {
  method: "POST", headers: {"X-Charter": "1", "Content-Type": "application/json"}, body: JSON.stringify({name}),
})).status"""
HEAR = """() => new Promise((resolve) => {
  const socket = new WebSocket(`ws://${location.host}/api/live?run=1`);
  socket.onmessage = (message) => resolve(JSON.parse(message.data).type);
  socket.onclose = (event) => resolve(event.code);
})"""
UPLOAD = """(bytes) => new Promise((resolve) => {
  const request = new XMLHttpRequest();
  request.onload = () => resolve([request.status, JSON.parse(request.responseText).error ?? ""]);
  request.onerror = () => resolve([0, ""]);
  request.open("POST", "/api/runs/1/songs?name=a.mp3");
  request.setRequestHeader("X-Charter", "1");
  request.send(new Blob([new Uint8Array(bytes)]));
})"""


def test_our_pages_break_no_rule_of_ours(browser, page):
    page.goto(str(browser().base_url))
    page.wait_for_url("**/login**")
    assert page.evaluate(SIGN_IN, "Ann") == 200
    for address in ("/", "/run/1", "/login"):
        page.goto(str(browser().base_url.join(address)))
        page.wait_for_load_state("networkidle" if address == "/login" else "load")
    assert [text for text in page.refused if "Content Security Policy" in text or "is not defined" in text] == []
    assert page.evaluate("crossOriginIsolated") is True


def test_inline_scripts_do_not_run(browser, page):
    page.goto(str(browser().base_url.join("/login")))
    page.evaluate("""() => {
      const script = document.createElement("script");
      script.textContent = "window.ran = 1";
      document.body.append(script);
      const picture = document.createElement("div");
      picture.innerHTML = "<img src=x onerror='window.ran = 2'>";
      document.body.append(picture);
    }""")
    page.wait_for_timeout(200)
    assert page.evaluate("window.ran") is None
    assert any("Content Security Policy" in text for text in page.refused)


def test_only_who_is_signed_in_hears(browser, page):
    page.goto(str(browser().base_url.join("/login")))
    assert page.evaluate(HEAR) == 1006
    assert page.evaluate(SIGN_IN, "Ann") == 200
    assert page.evaluate("document.cookie") == ""
    assert page.evaluate(HEAR) == "people"


ATTACK = """async (address) => {
  const asked = [];
  for (const headers of [{}, {"X-Charter": "1", "Content-Type": "application/json"}]) {
    for (const mode of ["cors", "no-cors"]) {
      await fetch(`${address}/api/logout`, {method: "POST", mode, credentials: "include", headers, body: "{}"})
        .then((answer) => asked.push(answer.status), () => asked.push("failed"));
    }
  }
  const heard = await new Promise((resolve) => {
    const socket = new WebSocket(`${address.replace("http", "ws")}/api/live?run=1`);
    socket.onmessage = () => resolve("heard");
    socket.onclose = () => resolve("closed");
  });
  const read = await fetch(`${address}/api/me`, {credentials: "include"}).then((one) => one.text(), () => "failed");
  return {asked, heard, read};
}"""


@pytest.fixture
def other_page():
    """The address of a page of someone else on the same machine, to which the browser's cookie goes along."""

    class Blank(BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(b"<!doctype html><title>blank</title>")

        def log_message(self, *_):
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Blank) as server:
        threading.Thread(target=server.serve_forever).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


def test_another_page_changes_and_hears_nothing(browser, page, other_page):
    ours = str(browser().base_url).rstrip("/")
    page.goto(f"{ours}/login")
    assert page.evaluate(SIGN_IN, "Ann") == 200
    page.goto(other_page)
    assert page.evaluate(ATTACK, ours) == {"asked": ["failed"] * 4, "heard": "closed", "read": "failed"}
    page.goto(other_page)
    page.evaluate(
        """(address) => {
          const form = document.createElement("form");
          Object.assign(form, {method: "post", action: `${address}/api/logout`, enctype: "text/plain"});
          document.body.append(form);
          form.submit();
        }""",
        ours,
    )
    page.wait_for_url(f"{ours}/api/logout")
    assert "another page" in page.inner_text("body")
    page.goto(f"{ours}/run/1")
    assert page.evaluate("async () => (await fetch('/api/me')).status") == 200


def test_another_page_cannot_show_ours_in_a_frame(browser, page, other_page):
    page.goto(other_page)
    page.evaluate(
        """(address) => {
          const frame = document.createElement("iframe");
          frame.src = address;
          document.body.append(frame);
        }""",
        str(browser().base_url.join("/login")),
    )
    page.wait_for_timeout(300)
    assert any("frame" in text for text in page.refused)


def test_a_browser_is_told_that_a_file_is_too_large(browser, page):
    page.goto(str(browser(GuardSettings(most_upload=1_000_000)).base_url.join("/login")))
    assert page.evaluate(SIGN_IN, "Ann") == 200
    status, line = page.evaluate(UPLOAD, 60_000_000)
    assert status == 413
    assert "1 MB" in line
