// Pocket pages held against phones, programs for the blind, and their own policy.
//
//   npm install puppeteer-core axe-core          (in any folder; run from there)
//   node benches/pocket.mjs CHROMIUM PAGE.html… [--csv OUT/data] [--shots FOLDER]
//
// For every page, without scripts: every number of every table against the open data beside it (--csv FOLDER holds kota.csv,
// …: a cell is one of its measure's published numbers, and of its row's category where the table names it), and every
// number is seen. Light and dark: requests it makes (none), messages of its policy (none), rules of axe-core it breaks
// (none); at 360, 768 and 1280 pixels elements that reach beyond the window (none outside a box that scrolls by itself).
// Prints a line a page and exits 1 when anything was found.
import { readFileSync, mkdirSync } from "node:fs";
import { basename, resolve } from "node:path";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";
const here = createRequire(process.cwd() + "/");
const puppeteer = (await import(pathToFileURL(here.resolve("puppeteer-core")).href)).default;
const axe = readFileSync(here.resolve("axe-core/axe.min.js"), "utf8");
const args = process.argv.slice(2);
const at = args.indexOf("--shots");
const shots = at < 0 ? null : args.splice(at, 2)[1];
const of = args.indexOf("--csv");
const data = of < 0 ? null : args.splice(of, 2)[1];
const schemes = ["light", "dark"];
const [chromium, ...pages] = args;

// Rows of a CSV file as objects.
function csv(path) {
  const rows = [];
  for (const line of readFileSync(path, "utf8").trim().split("\n")) {
    const cells = [...line.matchAll(/("(?:[^"]|"")*"|[^,]*)(?:,|$)/g)].map(m => m[1].replace(/^"|"$/g, "").replaceAll('""', '"'));
    rows.push(cells);
  }
  const [heads, ...rest] = rows;
  return rest.map(r => Object.fromEntries(heads.map((h, i) => [h, r[i] ?? ""])));
}

// The ways a figure's numbers are written in a language.
function written(f, lang) {
  const tag = lang === "id" ? "id-ID" : "en-GB";
  const plain = v => Number(v).toLocaleString(tag, { maximumFractionDigits: 2 }).replace("-", "−");
  const share = f.unit.startsWith("share");
  const out = [f.numerator, f.denominator].filter(v => v !== "").map(plain);
  if (f.estimate === "") return out;
  const fine = f.unit === "share_difference" || f.denominator === "" || Number(f.denominator) >= 100 ? 1 : 0;
  const fixed = (v, d) => Number(v).toLocaleString(tag, { minimumFractionDigits: d, maximumFractionDigits: d }).replace("-", "−");
  if (share) out.push(fixed(f.estimate * 100, fine) + (lang === "id" ? "\u00a0%" : "%"));
  else out.push(plain(f.estimate), fixed(f.estimate, 1), fixed(f.estimate, 2));
  return out;
}

// Cells of a page that no figure explains.
async function cells(page, url, name) {
  await page.setJavaScriptEnabled(false);
  await page.goto(url, { waitUntil: "load" });
  const lang = await page.$eval("html", e => e.lang.slice(0, 2));
  const seen = await page.evaluate(() => [...document.querySelectorAll("table:not(.words) tbody tr")].flatMap(r => {
    const labels = [...r.querySelectorAll("th")].map(t => t.textContent);
    return [...r.querySelectorAll("td:not(.word)")].map(d => ({
      labels, table: r.closest("table").caption?.textContent ?? "",
      text: (d.querySelector("summary, .v")?.textContent ?? "").trim(),
      seen: (d.querySelector("summary, .v")?.getBoundingClientRect().width ?? 0) > 0,
      measure: d.querySelector("a[href^='#d-']")?.getAttribute("href").slice(3) ?? "",
    }));
  }));
  const rows = csv(`${data}/${name}.csv`).filter(f => f.status === "ok" || f.status === "unreliable");
  const by = Map.groupBy ? Map.groupBy(rows, f => f.measure) : rows.reduce((m, f) => m.set(f.measure, [...(m.get(f.measure) ?? []), f]), new Map());
  const told = { numbers: 0, labelled: 0, faults: [] };
  for (const c of seen.filter(c => /\d/.test(c.text))) {
    told.numbers += 1;
    if (!c.seen) told.faults.push(`not seen without scripts: ${c.text} in ${c.table}`);
    const text = c.text.replace(/\*$/, "").replace(/^\+/, "");
    const mine = (by.get(c.measure) ?? []).filter(f => written(f, lang).some(w => w === text));
    if (mine.length === 0) told.faults.push(`${c.text} of ${c.measure || "no measure"} in ${c.table}, ${c.labels.join(" / ")}`);
    const last = c.labels[c.labels.length - 1];
    if (mine.some(f => f["label_" + lang].includes(last))) told.labelled += 1;
  }
  return told;
}
const browser = await puppeteer.launch({ executablePath: chromium, args: ["--no-sandbox"] });
let faults = 0;
for (const page of pages) {
  const found = [];
  if (data) {
    const p = await browser.newPage();
    const name = basename(page, ".html").replace("saku-", "");
    const told = await cells(p, "file://" + resolve(page), name);
    found.push(...told.faults);
    console.log(`${basename(page)}: ${told.numbers} numbers without scripts, ${told.labelled} of them under the name of their category`);
    await p.close();
  }
  for (const scheme of schemes) {
    const p = await browser.newPage();
    await p.emulateMediaFeatures([{ name: "prefers-color-scheme", value: scheme }]);
    const url = "file://" + resolve(page);
    p.on("request", r => { if (r.url() !== url && !r.url().startsWith("data:")) found.push("asks for " + r.url()); });
    p.on("console", m => found.push("console: " + m.text()));
    p.on("pageerror", e => found.push("script: " + e.message));
    for (const width of [360, 768, 1280]) {
      await p.setViewport({ width, height: 900 });
      await p.goto(url, { waitUntil: "load" });
      for (const open of [false, true]) {
        if (open) await p.$$eval("details", all => all.forEach(d => (d.open = true)));
        const wide = await p.evaluate(() => {
          const room = document.documentElement.clientWidth;
          const scrolls = e => { for (; e; e = e.parentElement) if (e.matches(".scroll,.skip")) return true; return false; };
          const out = [...document.querySelectorAll("body *")].filter(e => {
            const r = e.getBoundingClientRect();
            return r.width > 0 && (r.right > room + 1 || r.left < -1) && !scrolls(e) && !e.closest("svg");
          });
          const text = [...document.querySelectorAll("svg text")].filter(t => {
            const s = t.ownerSVGElement.getBoundingClientRect(), r = t.getBoundingClientRect();
            return r.left < s.left - 1 || r.right > s.right + 1 || r.top < s.top - 1 || r.bottom > s.bottom + 1;
          });
          const names = [...out, ...text].slice(0, 3).map(e => e.tagName + " " + e.textContent.slice(0, 40));
          return { scroll: document.documentElement.scrollWidth - room, n: out.length + text.length, names };
        });
        if (wide.scroll > 0 || wide.n > 0) found.push(`${scheme} ${width}${open ? " opened" : ""}: ${wide.scroll} px too wide, ${wide.n} beyond: ${wide.names.join(" | ")}`);
      }
      if (shots) {
        mkdirSync(shots, { recursive: true });
        await p.goto(url, { waitUntil: "load" });
        await p.screenshot({ path: `${shots}/${basename(page, ".html")}-${scheme}-${width}.png`, fullPage: false });
      }
    }
    // The rules are put in past the page's policy, which the runs above were held to.
    const q = await browser.newPage();
    await q.setBypassCSP(true);
    await q.emulateMediaFeatures([{ name: "prefers-color-scheme", value: scheme }]);
    await q.setViewport({ width: 1280, height: 900 });
    await q.goto(url, { waitUntil: "load" });
    await q.evaluate(axe);
    for (const open of [false, true]) {
      if (open) await q.$$eval("details", all => all.forEach(d => (d.open = true)));
      const r = await q.evaluate(() => axe.run(document, { resultTypes: ["violations"] }));
      for (const v of r.violations) found.push(`axe ${scheme}${open ? " opened" : ""}: ${v.id} (${v.impact}) × ${v.nodes.length}: ${v.nodes[0].html.slice(0, 120)} ${v.nodes[0].failureSummary?.slice(0, 200)}`);
      if (!open) found.rules = (found.rules ?? 0) + r.passes.length;
    }
    await p.close(); await q.close();
  }
  console.log(`${basename(page)}: ${found.length ? found.length + " faults" : "no fault"}`);
  found.forEach(f => console.log("  " + f));
  faults += found.length;
}
await browser.close();
process.exit(faults ? 1 : 0);
