/* The visual test of the sheet: opens every design page in Chromium, wide and narrow, light and dark;
   axe must find nothing, nothing may scroll sideways, the console stays empty. Before that: the sheet and
   the script keep to their weight, and the sheet names no physical side.
     node docs/look/check.mjs [--shots DIR] [name…]      names as in client.fa, or only client */
import { chromium } from 'playwright-core';
import { readFileSync, readdirSync, mkdirSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';

const here = dirname(fileURLToPath(import.meta.url));
const root = resolve(here, '../..');
const args = process.argv.slice(2);
let shots = null;
if (args[0] === '--shots') { shots = resolve(args[1]); args.splice(0, 2); mkdirSync(shots, { recursive: true }); }
const axe = readFileSync(resolve(root, 'node_modules/axe-core/axe.min.js'), 'utf8');
const pages = readdirSync(here).filter((f) => /\.(fa|en)\.html$/.test(f))
  .filter((f) => args.length === 0 || args.some((a) => f.startsWith(a + '.')));

const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--disable-background-networking', '--disable-component-update', '--disable-sync', '--allow-file-access-from-files'] });
let faults = 0;
const fault = (page, text) => { faults++; console.log(`${page}: ${text}`); };
const joined = (kind) => readdirSync(resolve(root, 'assets', kind)).sort().map((f) => readFileSync(resolve(root, 'assets', kind, f), 'utf8')).join('\n');
for (const [kind, limit] of [['css', 15000], ['js', 5000]]) {
  const size = gzipSync(joined(kind), { level: 9 }).length;
  console.log(`${kind}: ${size} of ${limit} bytes gzipped`);
  if (size > limit) fault(kind, 'too heavy');
}
for (const side of joined('css').match(/(?<![\w-])(left|right|float)(?![\w-])|-(left|right)(?![\w-])/g) ?? []) fault('css', `physical: ${side}`);
for (const [width, height] of [[1280, 900], [360, 740]]) for (const colorScheme of ['light', 'dark']) {
  const context = await browser.newContext({ viewport: { width, height }, colorScheme, reducedMotion: 'reduce' });
  const page = await context.newPage();
  let where = '';
  page.on('console', (m) => { if (m.type() === 'error' && !/font:|ERR_(UNKNOWN_URL_SCHEME|FAILED)|unknown url scheme|CORS policy/i.test(m.text())) fault(where, m.text()); });
  page.on('pageerror', (e) => fault(where, e.message));
  for (const file of pages) {
    where = `${file} ${width} ${colorScheme}`;
    await page.goto('file://' + resolve(here, file));
    await page.evaluate(() => document.fonts.ready);
    if (shots) await page.screenshot({ path: resolve(shots, `${file.replace('.html', '')}.${width}.${colorScheme}.png`), fullPage: true });
    await page.evaluate(axe);
    /* As tall as its content, so that what sticks to the edges covers nothing. */
    await page.setViewportSize({ width, height: await page.evaluate(() => document.documentElement.scrollHeight + 400) });
    const { violations } = await page.evaluate(() => axe.run({ exclude: document.querySelector('.found.shown') ? ['.letters'] : [] }, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] }));
    for (const v of violations) for (const n of v.nodes.slice(0, 4)) fault(where, `${v.id}: ${n.target.join(' ')} — ${n.failureSummary.split('\n')[1]?.trim()}`);
    await page.setViewportSize({ width, height });
    if (colorScheme === 'light') for (const w of width === 360 ? [360, 320] : [width, 800]) {
      await page.setViewportSize({ width: w, height });
      const over = await page.evaluate(() => {
        const wide = document.documentElement.scrollWidth - document.documentElement.clientWidth;
        if (wide <= 0) return null;
        const edge = innerWidth, guilty = [...document.querySelectorAll('body *')].find((e) => { const b = e.getBoundingClientRect(); return b.width && (b.right > edge + 1 || b.left < -1) && !e.closest('.hidden-text, .tabs, .sub, .letters, .scrolls, .skip, thead'); });
        return `${wide}px, ${guilty?.tagName}.${guilty?.className}`;
      });
      if (over) fault(where, `scrolls sideways at ${w}: ${over}`);
    }
    await page.setViewportSize({ width, height });
    if (width === 360) for (const small of await page.evaluate(() => [...document.querySelectorAll('a[href], button, input:not([type="hidden"]), select, summary')].filter((e) => e.checkVisibility({ opacityProperty: true })).map((e) => [e, e.closest('label') ? e.closest('label').getBoundingClientRect() : e.getBoundingClientRect()]).filter(([e, b]) => b.height && (b.height < 24 || b.width < 24) && !e.closest('.hidden-text, .skip, p, li, .note, .what, .meta, dd')).map(([e, b]) => `${e.tagName} ${e.textContent.trim().slice(0, 20)} ${Math.round(b.width)}x${Math.round(b.height)}`))) fault(where, `small target: ${small}`);
  }
  await context.close();
}
await browser.close();
console.log(faults ? `${faults} faults` : `${pages.length} pages: all well`);
process.exit(faults ? 1 : 0);
