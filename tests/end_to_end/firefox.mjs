// A chart's page in Firefox: `node firefox.mjs EXECUTABLE ADDRESS CHART` prints what was seen there, as JSON.
// Ends with 75 (try again) where Firefox itself no longer answers what it is told to do.
import puppeteer from "puppeteer-core";

const [executablePath, address, chart] = process.argv.slice(2);
const wait = (ms) => new Promise((go) => setTimeout(go, ms));
const seen = { problems: [] };
const TRY_AGAIN = 75;
const browser = await puppeteer.launch({
  browser: "firefox", executablePath, headless: true, extraPrefsFirefox: { "media.autoplay.default": 0 }, protocolTimeout: 40_000,
});
try {
  const page = await browser.newPage();
  await page.setViewport({ width: 1400, height: 900 });
  page.on("pageerror", (error) => seen.problems.push(String(error)));
  page.on("console", (said) => /Security Policy/.test(said.text()) && seen.problems.push(said.text()));
  const notes = () => page.evaluate(async (id) => (await (await fetch(`/api/charts/${id}`)).json()).notes.length, chart);
  const saved = async () => {
    await wait(200);
    await page.waitForSelector(".save.saved");
  };
  await page.goto(`${address}/login`);
  await page.type("input[name=name]", "Fox");
  await page.keyboard.press("Enter");
  await page.waitForNavigation().catch(() => {});
  await page.goto(`${address}/chart/${chart}`);
  await page.waitForSelector(".save.saved");
  seen.before = await notes();
  await page.keyboard.press("End");
  await page.keyboard.press("PageDown");
  await page.keyboard.press("1");
  await saved();
  seen.placed = await notes();
  await page.keyboard.down("Control");
  await page.keyboard.press("z");
  await page.keyboard.up("Control");
  await saved();
  seen.undone = await notes();
  seen.sound = await page.evaluate(async () => {
    const context = new AudioContext();
    for (let tries = 0; tries < 25 && context.state !== "running"; tries += 1) await new Promise((go) => setTimeout(go, 200));
    return context.state === "running";
  });
  await page.keyboard.press("Home");
  await page.keyboard.press(" ");
  const clock = () => page.$eval("#transport .time", (time) => time.textContent);
  for (let tries = 0; tries < 100 && (await clock()).startsWith("0:00"); tries += 1) await wait(200);
  const started = performance.now();
  const from = await clock();
  await wait(4000);
  seen.clock = [from, await clock()];
  seen.seconds = (performance.now() - started) / 1000;
  await page.keyboard.press(" ");
} catch (error) {
  console.error(JSON.stringify(seen), error);
  browser.process().kill("SIGKILL");
  process.exit(error.name === "ProtocolError" ? TRY_AGAIN : 1);
}
await Promise.race([browser.close(), wait(5000)]);
browser.process().kill("SIGKILL");
console.log(JSON.stringify(seen));
process.exit(0);
