/* What the script does, tried in Chromium on the design pages under the product's own CSP, with htmx:
     node docs/look/behaviour.mjs */
import { chromium } from 'playwright-core';
import { readFileSync, readdirSync } from 'node:fs';
import { dirname, resolve, extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import assert from 'node:assert/strict';

const here = dirname(fileURLToPath(import.meta.url));
const root = resolve(here, '../..');
const csp = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";
const kinds = { '.html': 'text/html; charset=utf-8', '.css': 'text/css', '.js': 'text/javascript', '.svg': 'image/svg+xml', '.woff2': 'font/woff2' };
const asked = [];
const fragment = readFileSync(resolve(here, 'list-search.en.html'), 'utf8').match(/<div class="found shown" id="found">([\s\S]*?<\/a>\s*)<\/div>\s*<\/form>/)[1].replace('aria-selected="true"', 'aria-selected="false"');

async function serve(route) {
  const request = route.request(), url = new URL(request.url());
  asked.push(`${request.method()} ${url.pathname}${url.search}`);
  const headers = { 'Content-Security-Policy': csp };
  if (url.pathname === '/search' && url.searchParams.has('fragment')) return route.fulfill({ headers, contentType: kinds['.html'], body: fragment });
  if (url.pathname === '/echo/date') {
    const bad = url.searchParams.get('text').includes('31 Feb');
    return route.fulfill({ headers: bad ? { ...headers, Refused: '1' } : headers, contentType: 'text/plain; charset=utf-8', body: bad ? 'There is no 31 February.' : 'Friday 20 March 2020' });
  }
  if (url.pathname === '/import/7/progress') return route.fulfill({ headers, contentType: kinds['.html'], body: '<section class="card" id="progress"><p>Done</p></section>' });
  if (url.pathname.startsWith('/design/')) {
    const name = url.pathname.slice('/design/'.length);
    let body = readFileSync(resolve(here, name), 'utf8');
    body = body.replaceAll('../../', '/').replace('href="fonts.css"', 'href="/docs/look/fonts.css"')
      .replace('<script', '<meta name="htmx-config" content=\'{"includeIndicatorCSS":false,"noSwap":[204,304,"4xx","5xx"]}\'>\n<script src="/node_modules/htmx.org/dist/htmx.min.js" defer></script>\n<script');
    return route.fulfill({ headers, contentType: kinds['.html'], body });
  }
  try {
    let body = readFileSync(resolve(root, '.' + url.pathname));
    if (url.pathname.endsWith('.css')) body = body.toString().replace(/(?:font:|\.\.\/\.\.\/node_modules.*vazirmatn-)([a-z-]+?)(?:-wght-normal\.woff2)?"/g, '/node_modules/@fontsource-variable/vazirmatn/files/vazirmatn-$1-wght-normal.woff2"');
    return route.fulfill({ headers, contentType: kinds[extname(url.pathname)] ?? 'text/html', body });
  } catch {
    return route.fulfill({ headers, contentType: kinds['.html'], body: '<!doctype html><title>there</title>' });
  }
}

const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--disable-background-networking'] });
const context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
await context.route('**/*', serve);
const page = await context.newPage();
const said = [];
page.on('console', (m) => { if (m.type() === 'error') said.push(m.text()); });
page.on('pageerror', (e) => said.push(e.message));
let questions = [];
page.on('dialog', (d) => { questions.push(d.type()); d.accept(); });
const open = async (name) => { await page.goto(`http://daftar.example/design/${name}`); asked.length = 0; };
const focused = () => page.evaluate(() => document.activeElement.id || document.activeElement.textContent.trim());
const tests = {
  async 'the slash goes to the search, answers come, arrows and Enter walk them'() {
    await open('list.en.html');
    await page.keyboard.press('/');
    assert.equal(await focused(), 'find');
    await page.keyboard.type('345');
    await page.waitForSelector('#found [role="option"]');
    assert.ok(asked.some((a) => a.startsWith('GET /search?fragment=1') && a.includes('q=345')));
    await page.waitForFunction(() => document.querySelector('#find').getAttribute('aria-expanded') === 'true');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowDown');
    assert.equal(await page.getAttribute('#find', 'aria-activedescendant'), 'hit-2');
    assert.equal(await page.getAttribute('#hit-2', 'aria-selected'), 'true');
    await page.keyboard.press('Escape');
    assert.equal(await page.isVisible('#found'), false);
    await page.keyboard.press('ArrowDown');
    assert.equal(await page.isVisible('#found'), true);
    await page.keyboard.press('Enter');
    await page.waitForURL('**/client.en.html');
  },
  async 'Ctrl+K too, and an empty field shows nothing'() {
    await open('list.fa.html');
    await page.keyboard.press('Control+k');
    assert.equal(await focused(), 'find');
    await page.keyboard.type('ab');
    await page.waitForSelector('#found [role="option"]');
    await page.fill('#find', '');
    await page.waitForTimeout(300);
    assert.equal(await page.isVisible('#found'), false);
  },
  async 'without choosing, Enter sends the form'() {
    await open('list.en.html');
    await page.fill('#find', 'maryam');
    await page.press('#find', 'Enter');
    await page.waitForURL('**/search?q=maryam');
  },
  async 'j, k and e walk the rows and edit; n is a new client'() {
    await open('list.en.html');
    await page.keyboard.press('j');
    await page.keyboard.press('j');
    await page.keyboard.press('k');
    assert.equal(await focused(), 'Maryam Ahmadi');
    await page.keyboard.press('e');
    await page.waitForURL('**/form.en.html');
    await open('list.en.html');
    await page.keyboard.press('n');
    await page.waitForURL('**/form.en.html');
  },
  async 'on a Persian keyboard the same keys, by their place'() {
    await open('list.fa.html');
    await page.evaluate(() => document.body.dispatchEvent(new KeyboardEvent('keydown', { key: 'ت', code: 'KeyJ', bubbles: true, cancelable: true })));
    assert.equal(await focused(), 'مریم احمدی');
  },
  async 'the question mark opens the help, Escape closes it'() {
    await open('list.en.html');
    await page.keyboard.press('?');
    assert.equal(await page.isVisible('#keys-help'), true);
    await page.keyboard.press('Escape');
    assert.equal(await page.isVisible('#keys-help'), false);
  },
  async 'a question before deleting: no keeps, yes sends'() {
    await open('client.en.html');
    await page.click('.client-acts summary');
    await page.click('.choices >> text=Move to bin');
    assert.match(await page.textContent('[data-question]'), /Maryam Ahmadi/);
    await page.click('#confirm [value="no"]');
    assert.ok(!asked.some((a) => a.startsWith('POST')));
    await page.click('.client-acts summary');
    await page.click('.choices >> text=Move to bin');
    await page.click('#confirm [data-yes]');
    await page.waitForURL('**/clients/1042/bin');
    assert.ok(asked.includes('POST /clients/1042/bin'));
  },
  async 'a panel closes by Escape and by a click elsewhere'() {
    await open('client.en.html');
    await page.click('.client-acts summary');
    await page.keyboard.press('Escape');
    assert.equal(await page.isVisible('.client-acts .panel'), false);
    await page.click('.client-acts summary');
    await page.click('h1');
    assert.equal(await page.isVisible('.client-acts .panel'), false);
  },
  async 'another phone has the next number; a removed one is gone; leaving asks'() {
    await open('form.en.html');
    await page.click('[data-add="phones"]');
    assert.equal(await page.evaluate(() => document.activeElement.name), 'phones.3.number');
    assert.equal(await page.locator('#phones .many-row:visible').count(), 3);
    await page.locator('#phones [data-remove]:visible').last().click();
    assert.equal(await page.locator('[name="phones.3.number"]').count(), 0);
    questions = [];
    await page.goto('http://daftar.example/design/list.en.html');
    assert.deepEqual(questions, ['beforeunload']);
  },
  async 'saving does not ask, and Ctrl+Enter saves'() {
    await open('form.en.html');
    await page.fill('#nickname', 'Mary');
    questions = [];
    await page.press('#nickname', 'Control+Enter');
    await page.waitForURL('**/clients/1042');
    assert.ok(asked.includes('POST /clients/1042'));
    assert.deepEqual(questions, []);
  },
  async 'a date is echoed, a wrong one in red'() {
    await open('form.en.html');
    await page.fill('#anniversary', '20 March 2020');
    await page.waitForFunction(() => document.querySelector('#anniversary-echo').textContent === 'Friday 20 March 2020');
    await page.fill('#anniversary', '31 Feb');
    await page.waitForSelector('#anniversary-echo.bad');
    await page.fill('#anniversary', '');
    assert.equal(await page.textContent('#anniversary-echo'), '');
  },
  async 'a refused form takes the focus to its problems'() {
    await open('form.en.html');
    assert.ok(await page.evaluate(() => document.activeElement.matches('[data-focus]')));
  },
  async 'a filter sends itself'() {
    await open('history.en.html');
    await page.selectOption('#by', { index: 1 });
    await page.waitForURL('**/history?by=**');
  },
  async 'a toast is dismissed'() {
    await open('list.en.html');
    await page.click('.toast [data-dismiss]');
    await page.waitForFunction(() => !document.querySelector('.toast'));
  },
  async 'a chosen file is named'() {
    await open('import-1.en.html');
    await page.setInputFiles('input[type="file"]', { name: 'مشتریان.csv', mimeType: 'text/csv', buffer: Buffer.from('a') });
    assert.equal(await page.textContent('.chosen'), 'مشتریان.csv');
  },
  async 'progress polls until the answer no longer asks for it'() {
    await open('import-4.en.html');
    await page.waitForFunction(() => document.querySelector('#progress').textContent === 'Done', null, { timeout: 5000 });
    const before = asked.length;
    await page.waitForTimeout(1500);
    assert.equal(asked.length, before);
  },
  async 'all pages stand under the policy, in both languages'() {
    for (const name of readdirSync(here).filter((f) => /\.(fa|en)\.html$/.test(f))) await open(name);
  },
};
let failed = 0;
const only = process.argv[2];
for (const [name, test] of Object.entries(tests).filter(([n]) => !only || n.includes(only))) {
  said.length = 0;
  try {
    await test();
    assert.deepEqual(said, []);
    console.log(`ok   ${name}`);
  } catch (e) { failed++; console.log(`FAIL ${name}\n     ${e.message.split('\n').join('\n     ')}`); }
}
await browser.close();
process.exit(failed ? 1 : 0);
