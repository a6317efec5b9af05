// What the pages cost, in headless Chromium. usage: node many_runs_pages.js ADDRESS visit | node many_runs_pages.js ADDRESS many PID
// visit: bytes and requests of a first visit of Runs, and those of its circuit. many: how fast pages open, the CLIMS form's height, memory of PID.
const path = require("path");
const fs = require("fs");
const { chromium } = require(path.join(__dirname, "../Tests/bin/Release/net10.0/linux-x64/.playwright/package"));

const [address, what, pid] = process.argv.slice(2);
const MENU = ["Pipelines", "Sweeps", "Compare", "Leaderboard", "Try it", "Data sets", "Models", "Runs"];
const median = values => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
const resident = () => Number(/VmRSS:\s+(\d+)/.exec(fs.readFileSync(`/proc/${pid}/status`, "utf8"))[1]) / 1024;

/** The page is there with what it lists; pictures and data sets that are made on first use may still come. */
const isUsable = () => document.querySelector("h1") && !document.querySelector("main .skeleton");

/** As a person closes a tab, which ends its circuit. */
async function leave(page) {
  await page.goto("about:blank");
  await page.context().close();
}

async function newPage(browser) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, baseURL: address });
  return context.newPage();
}

/** @param ready for how long nothing may have come over the line */
async function settle(traffic, ready = 1500) {
  for (let before = -1; before !== traffic.wire + traffic.circuit; ) {
    before = traffic.wire + traffic.circuit;
    await new Promise(done => setTimeout(done, ready));
  }
}

async function follow(page) {
  const traffic = { requests: 0, wire: 0, decoded: 0, circuit: 0 };
  const network = await page.context().newCDPSession(page);
  await network.send("Network.enable");
  network.on("Network.requestWillBeSent", () => traffic.requests++);
  network.on("Network.dataReceived", ({ dataLength }) => (traffic.decoded += dataLength));
  network.on("Network.loadingFinished", ({ encodedDataLength }) => (traffic.wire += encodedDataLength));
  network.on("Network.webSocketFrameReceived", ({ response }) =>
    (traffic.circuit += response.opcode === 2 ? Buffer.from(response.payloadData, "base64").length : response.payloadData.length));
  return traffic;
}

async function visit(browser) {
  const page = await newPage(browser), traffic = await follow(page);
  await page.goto("/");
  await page.waitForSelector("tbody tr");
  await settle(traffic);
  const rows = await page.locator("tbody tr:not(.group)").count();
  console.log(`first visit of Runs, ${rows} rows shown: ${traffic.requests} requests, ${(traffic.wire / 1e3).toFixed(0)} kB on the wire, `
    + `${(traffic.decoded / 1e3).toFixed(0)} kB uncompressed; the circuit sends ${(traffic.circuit / 1e3).toFixed(0)} kB`);
}

async function opens(browser, url, row) {
  const times = [];
  for (let i = 0; i < 6; i++) {
    const page = await newPage(browser), began = performance.now();
    await page.goto(url, { waitUntil: "commit" });
    await page.waitForSelector(row);
    times.push(performance.now() - began);
    await leave(page);
  }
  console.log(`${url} opens, nothing cached: first ${(times[0] / 1e3).toFixed(2)} s, then ${(median(times.slice(1)) / 1e3).toFixed(2)} s`);
}

/** From the click to the new page; the clock is the browser's. */
async function menu(browser) {
  const page = await newPage(browser), times = new Map(MENU.map(title => [title, []]));
  await page.goto("/");
  await page.waitForFunction(isUsable);
  for (let round = 0; round < 10; round++)
    for (const title of MENU) {
      const link = page.locator("#navigation a", { hasText: title }).first();
      const before = await page.evaluate(() => {
        document.querySelector("h1")?.setAttribute("data-old", "");
        document.addEventListener("click", () => (window.clicked = performance.now()), { capture: true, once: true });
        return location.href;
      });
      await link.click();
      await page.waitForFunction(from => location.href !== from && document.querySelector("h1:not([data-old])")
        && !document.querySelector("main .skeleton"), before, { polling: "raf" });
      times.get(title).push(await page.evaluate(() => performance.now() - window.clicked));
    }
  console.log(`menu click to usable page, median of 10: ${[...times].map(([title, all]) => `${title} ${median(all).toFixed(0)} ms`).join(", ")}`);
  await leave(page);
}

async function formHeight(browser) {
  const page = await newPage(browser);
  await page.goto("/new?method=clims&dataset=cooccurrence&preset=builtin");
  await page.waitForSelector(".group details");
  await page.waitForTimeout(1000);
  console.log(`CLIMS form, groups collapsed, 1280 px wide: ${await page.evaluate(() => document.documentElement.scrollHeight)} px high`);
  await leave(page);
}

async function circuits(browser) {
  const before = resident();
  const urls = ["/", "/leaderboard", "/new?method=clims&dataset=cooccurrence&preset=builtin", "/compare/runs", "/models"];
  const pages = [];
  for (let i = 0; i < 20; i++) {
    const page = await newPage(browser);
    await page.goto(urls[i % urls.length]);
    await page.waitForSelector("h1");
    pages.push(page);
  }
  await new Promise(done => setTimeout(done, 5000));
  console.log(`web process: ${before.toFixed(0)} MB before, ${resident().toFixed(0)} MB with 20 open circuits`);
  for (const page of pages) await leave(page);
}

(async () => {
  const browser = await chromium.launch({ executablePath: ["/usr/bin/chromium-headless-shell", "/usr/bin/chromium"].find(file => fs.existsSync(file)), args: ["--no-sandbox"] });
  try {
    if (what === "visit") await visit(browser);
    else {
      await opens(browser, "/", "tbody tr");
      await opens(browser, "/leaderboard", "tr.run");
      await circuits(browser);
      await menu(browser);
      await formHeight(browser);
    }
  } finally {
    await browser.close();
  }
})();
