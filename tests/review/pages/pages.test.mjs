// Run by test_scripts.py: the parts of the pages that need no page.
import assert from "node:assert/strict";
import { test } from "node:test";
import { pathToFileURL } from "node:url";

const load = (name) => import(pathToFileURL(`${process.env.CHARTER_PAGES}/js/${name}.js`));
const { NO_FILTER, choose, chartPasses, columnsOf, fromQuery, tabCounts, toQuery, totals } = await load("filters");
const { Script, keyLabel, matches, parseKey } = await load("key_names");
const { UploadQueue, sortFiles } = await load("upload_queue");
const { Songs } = await load("songs");
const { ago, clock, initials, percent, spent } = await load("words");
const { nextPage } = await load("next_page");

const chart = (id, slot, more = {}) => ({ id, slot, meter: 5, status: "open", assignee: null, findings: 0, faults: 0, comments: 0, seconds: 0, ...more });
const song = (id, title, charts = [], more = {}) =>
  ({ id, title, artist: "", source: `${id}.mp3`, state: "ready", duration: 60, findings: [], charts: charts.map((each) => ({ song: id, ...each })), ...more });
const ids = (songs) => songs.map((each) => each.id);

const ANN = { id: 1, name: "Ann" };
const RUN = [
  song(1, "Beta", [chart(11, "easy", { findings: 2, assignee: ANN }), chart(12, "hard", { status: "accepted", seconds: 300 })]),
  song(2, "alpha", [chart(21, "easy", { status: "sent back", comments: 1 })]),
  song(3, "Déjà Vu 10", [], { state: "working", artist: "Band" }),
  song(4, "Déjà Vu 9", [], { state: "failed" }),
];

test("words are found without accents, in any order, in title, artist, file and reviewer", () => {
  const found = (text) => ids(choose(RUN, { ...NO_FILTER, text }, 1));
  assert.deepEqual(found("deja"), [3, 4]);
  assert.deepEqual(found("VU band"), [3]);
  assert.deepEqual(found("ann"), [1]);
  assert.deepEqual(found("2.mp3"), [2]);
  assert.deepEqual(found("nothing"), []);
});

test("conditions of charts hold for one and the same chart", () => {
  const found = (filter) => ids(choose(RUN, { ...NO_FILTER, ...filter }, 1));
  assert.deepEqual(found({ findings: "some" }), [1]);
  assert.deepEqual(found({ findings: "some", slot: "hard" }), []); // its findings are those of another chart
  assert.deepEqual(found({ reviewer: "me" }), [1]);
  assert.deepEqual(found({ reviewer: "7" }), []);
  assert.deepEqual(found({ reviewer: "none", slot: "easy" }), [2]);
  assert.deepEqual(found({ tab: "back" }), [2]);
  assert.deepEqual(found({ tab: "work" }), [3]);
  assert.deepEqual(found({ tab: "failed" }), [4]);
  assert.equal(chartPasses(RUN[0].charts[1], { ...NO_FILTER, tab: "open" }, 1), false);
});

test("songs are sorted as people sort, and back", () => {
  const sorted = (sort, down = false) => ids(choose(RUN, { ...NO_FILTER, sort, down }, 1));
  assert.deepEqual(sorted("title"), [2, 1, 4, 3]); // 9 before 10, alpha before Beta
  assert.deepEqual(sorted("title", true), [3, 4, 1, 2]);
  assert.deepEqual(sorted("findings", true), [1, 2, 3, 4]);
  assert.deepEqual(sorted("time", true), [1, 2, 3, 4]);
  assert.deepEqual(sorted("added"), [1, 2, 3, 4]);
});

test("a filter survives its address, and a misspelt address is as usual", () => {
  const filter = { ...NO_FILTER, tab: "back", text: "a&b=ü", slot: "hard", findings: "faults", reviewer: "3", sort: "time", down: true };
  assert.deepEqual(fromQuery(toQuery(filter)), filter);
  assert.equal(toQuery(NO_FILTER), "");
  assert.deepEqual(fromQuery("?tab=toString&slot=x&findings=x&reviewer=x&sort=__proto__"), NO_FILTER);
});

test("counts, totals and columns", () => {
  assert.deepEqual(tabCounts(RUN), { all: 4, open: 1, back: 1, accepted: 1, rejected: 0, work: 1, failed: 1 });
  const all = totals(RUN);
  assert.equal(all.charts, 3);
  assert.equal(all.seconds, 300);
  assert.deepEqual(all.statuses, { open: 1, "sent back": 1, accepted: 1, rejected: 0 });
  const columns = (songs) => columnsOf(songs, ["easy"]).map(({ slot, nth }) => `${slot} ${nth}`);
  assert.deepEqual(columns(RUN), ["easy 0", "hard 0"]);
  assert.deepEqual(columns([]), ["easy 0"]);
  assert.deepEqual(columns([song(5, "", [chart(1, "edit"), chart(2, "edit"), chart(3, "beginner")])]), ["beginner 0", "edit 0", "edit 1"]);
});

test("songs are merged from what is told, listeners hear once a turn", async () => {
  const songs = new Songs();
  let heard = 0;
  songs.onChange(() => (heard += 1));
  songs.load(RUN);
  songs.putChart({ id: 11, song: 1, status: "accepted" });
  songs.putChart({ id: 99, song: 77, status: "open" }); // of a song that is not here
  songs.put({ id: 3, state: "ready", charts: [chart(31, "easy", { song: 3 })] });
  songs.putJob({ id: 1, kind: "redo", song: 2 }); // not what the song waits for
  songs.putJob({ id: 2, kind: "intake", song: 4, progress: 0.5 });
  assert.equal(songs.get(1).charts[0].status, "accepted");
  assert.equal(songs.get(1).charts[0].findings, 2);
  assert.equal(RUN[0].charts[0].status, "open"); // rows are replaced, never changed
  assert.equal(songs.get(3).title, "Déjà Vu 10");
  assert.equal(songs.chart(31).slot, "easy");
  assert.equal(songs.get(2).job ?? null, null);
  assert.equal(songs.get(4).job.progress, 0.5);
  songs.remove(4);
  assert.deepEqual(ids(songs.all()), [1, 2, 3]);
  await Promise.resolve();
  assert.equal(heard, 1);
});

const press = (key, more = {}) => ({ key, code: "", ...more });

test("keys are told apart by what is held", () => {
  const is = (name, event) => matches(parseKey(name), event);
  assert.ok(is("z", press("z")) && is("Z", press("z")) && is("Ctrl+Z", press("z", { ctrlKey: true })));
  assert.ok(is("Ctrl+Z", press("z", { metaKey: true }))); // Cmd
  assert.ok(!is("z", press("Z", { shiftKey: true })) && is("Shift+Z", press("Z", { shiftKey: true })));
  assert.ok(!is("Ctrl+Z", press("Z", { ctrlKey: true, shiftKey: true })) && is("Ctrl+Shift+Z", press("Z", { ctrlKey: true, shiftKey: true })));
  assert.ok(is("Space", press(" ")) && !is("Space", press(" ", { shiftKey: true })));
  assert.ok(is("?", press("?", { shiftKey: true })) && is("/", press("/", { shiftKey: true }))); // Shift is the layout's
  assert.ok(is("1", press("&", { code: "Digit1" })) && is("Shift+1", press("!", { code: "Digit1", shiftKey: true })));
  assert.ok(is("1", press("1", { code: "Numpad1" })) && !is("1", press("1", { code: "Digit1", altKey: true })));
  assert.ok(is("Ctrl++", press("+", { ctrlKey: true })) && is("+", press("+")));
  assert.ok(is("Alt+C", press("ç", { altKey: true, code: "KeyC" }))); // a Mac writes another letter
  const russian = { code: "KeyZ", ctrlKey: true };
  assert.ok(is("Ctrl+Z", press("я", russian)) && is("Ctrl+Shift+Z", press("Я", { ...russian, shiftKey: true })) && !is("Ctrl+Y", press("я", russian)));
  assert.ok(is("Z", press("ζ", { code: "KeyZ" })) && is("Q", press("แ", { code: "KeyQ" })));
  assert.ok(!is("Z", press("y", { code: "KeyZ" })) && !is("W", press("é", { code: "KeyW" })) && !is("M", press(",", { code: "KeyM" }))); // Latin layouts
  assert.throws(() => parseKey("Strg+Z"), /Ctrl\+Shift\+Z/);
  assert.deepEqual(keyLabel("Ctrl+Shift+ArrowUp"), ["Ctrl", "Shift", "↑"]);
});

test("a keyboard of another script is known by its letters, and its signs on our letters are those letters", () => {
  const script = new Script();
  const is = (name, event) => {
    script.see(event);
    return matches(parseKey(name), event, script.isOther);
  };
  assert.ok(is("/", press("/", { code: "KeyQ" }))); // nothing is known yet: what is written counts
  assert.ok(is("S", press("ד", { code: "KeyS" })) && is("Ctrl+Z", press("ז", { code: "KeyZ", ctrlKey: true })));
  assert.ok(is("Q", press("/", { code: "KeyQ" })) && is("W", press("'", { code: "KeyW" })) && is("Shift+N", press("N", { code: "KeyN", shiftKey: true })));
  assert.ok(!is("/", press("/", { code: "KeyQ" })) && !is("W", press("/", { code: "KeyQ" })));
  assert.ok(is("Ctrl+,", press("ת", { code: "Comma", ctrlKey: true })) && is("Ctrl+.", press("ץ", { code: "Period", ctrlKey: true })));
  assert.ok(!is("Ctrl+.", press("ת", { code: "Comma", ctrlKey: true })) && !is(",", press("Q", { code: "KeyQ" })));
  assert.ok(is("?", press("?", { code: "Slash", shiftKey: true })) && is("?", press("؟", { code: "Slash", shiftKey: true }))); // Hebrew, Arabic
  assert.ok(!is("/", press("؟", { code: "Slash", shiftKey: true })) && is("?", press("?", { code: "Digit7", shiftKey: true }))); // Russian
  assert.ok(!is("Z", press("Y", { code: "KeyZ", shiftKey: true })) && script.isOther); // Hebrew capitals are Latin
  assert.ok(is("Y", press("y", { code: "KeyZ" })) && !script.isOther); // German again
  assert.ok(!is("M", press(",", { code: "KeyM" })) && is(",", press(",", { code: "KeyM" }))); // French
});

const file = (name, size = 10) => ({ name, size });
const turn = () => new Promise((resolve) => setTimeout(resolve));

test("files go two at a time, in order, and the rest after them", async () => {
  const open = [];
  const queue = new UploadQueue((each) => new Promise((resolve) => open.push({ name: each.name, resolve })), {});
  queue.add([file("a"), file("b"), file("c")]);
  assert.deepEqual(open.map(({ name }) => name), ["a", "b"]);
  open[1].resolve({});
  await turn();
  assert.deepEqual(open.map(({ name }) => name), ["a", "b", "c"]);
  assert.ok(queue.busy);
  open[0].resolve({});
  open[2].resolve({});
  await turn();
  assert.ok(!queue.busy);
  assert.deepEqual(queue.all().map(({ state }) => state), ["done", "done", "done"]);
});

test("a busy server is asked again, a refusal is not", async () => {
  const pauses = [];
  let asked = 0;
  const send = async (each) => {
    asked += 1;
    if (each.name === "bad") throw new Error("no music");
    if (asked < 3) throw Object.assign(new Error("busy"), { passing: true });
    return "fine";
  };
  const answers = [];
  const queue = new UploadQueue(send, { atOnce: 1, pause: async (seconds) => void pauses.push(seconds), onDone: (answer) => answers.push(answer) });
  queue.add([file("good"), file("bad")]);
  await turn();
  assert.deepEqual(pauses, [1, 2]);
  assert.deepEqual(answers, ["fine"]);
  assert.deepEqual(queue.all().map(({ state, error }) => [state, error]), [["done", ""], ["failed", "no music"]]);
  queue.retryFailed();
  await turn();
  assert.equal(asked, 5);
});

test("cancelling ends what is sent, and begins no other", async () => {
  let ended = 0;
  const send = (_, { signal }) => new Promise((_resolve, reject) => signal.addEventListener("abort", () => ((ended += 1), reject(new Error("aborted")))));
  const queue = new UploadQueue(send, { atOnce: 1 });
  queue.add([file("a"), file("b")]);
  queue.cancelAll();
  await turn();
  assert.deepEqual(queue.all().map(({ state }) => state), ["cancelled", "cancelled"]);
  assert.equal(ended, 1);
  assert.ok(!queue.busy);
});

test("charts, pictures and empty files are no songs", () => {
  const { music, other } = sortFiles([file("A.MP3"), file("b.weird"), file("c.ssc"), file("d.ogg", 0), { ...file("e"), type: "image/png" }, file(".DS_Store")]);
  assert.deepEqual(music.map(({ name }) => name), ["A.MP3", "b.weird"]);
  assert.equal(other.length, 4);
});

test("numbers as people read them", () => {
  assert.deepEqual([clock(0), clock(187.4), clock(3765)], ["0:00", "3:07", "1:02:45"]);
  assert.deepEqual([spent(40), spent(720), spent(11100), spent(3599)], ["40 s", "12 min", "3 h 05", "1 h 00"]);
  assert.deepEqual([percent(0), percent(0.004), percent(0.5), percent(0.999), percent(1)], ["0 %", "< 1 %", "50 %", "> 99 %", "100 %"]);
  const now = Date.parse("2026-11-21T12:00:00Z");
  assert.deepEqual([ago("2026-11-21T11:59:50Z", now), ago("2026-11-21T11:30:00Z", now), ago("2026-11-20T11:00:00Z", now)], ["just now", "30 min ago", "yesterday"]);
  assert.deepEqual(["Ann Example", "bo", "x", "佐藤 花子", ""].map(initials), ["AE", "BO", "X", "佐花", "?"]);
});

test("signing in leads to pages of this server alone", () => {
  assert.equal(nextPage("/run/3?tab=back"), "/run/3?tab=back");
  for (const bad of [null, "", "//evil.example", "/\\evil.example", "https://evil.example", "javascript:alert(1)", "/login?next=/", "/a\n"]) assert.equal(nextPage(bad), "/");
});
