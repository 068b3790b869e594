// Everything of the business as a ZIP file: asked for with the password again, unpacked, its index.html
// opened from disk, searched in Persian and Latin letters, a client opened, languages changed, no script.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { begin } from './_harness.mjs';
import { faults } from './_people.mjs';

const t = await begin({ clients: 120, language: 'fa' });
const unpacked = join(t.data, 'unpacked');
const json = (name) => JSON.parse(readFileSync(join(unpacked, 'json', name), 'utf8'));

// Presses the page's button; gives the password once more when it is asked for.
async function download(page) {
    const coming = page.waitForEvent('download');
    await page.click('main form button.main');
    await page.waitForTimeout(500);
    if (await page.locator('input[name=prove]').count()) {
        await page.fill('input[name=prove]', t.owner.password);
        await page.click('main form button.main, main form button[type=submit]');
    }
    return coming;
}

await t.test('an owner takes everything with him, after his password was asked again', async () => {
    const page = await t.page({ language: 'en' });
    await page.goto('/export');
    assert.match(await page.textContent('main'), /120|۱۲۰/);
    await t.shot(page, 'export');
    const file = await download(page);
    assert.match(file.suggestedFilename(), /^daftar-\d{4}-\d\d-\d\d\.zip$/);
    mkdirSync(unpacked);
    execFileSync('unzip', ['-q', await file.path(), '-d', unpacked]);
    assert.equal(json('parties.json').length, 120);
    assert.ok(readdirSync(join(unpacked, 'csv')).includes('history.csv'));
});

await t.test('index.html opens from disk and is searched', async () => {
    const some = json('parties.json').find((p) => /ی/.test(p.display_name) && p.phones.length);
    const latin = json('parties.json').find((p) => /[éèç]/.test(p.display_name)) || some;
    const context = await t.browser.newContext({ viewport: { width: 360, height: 740 } });
    const page = await context.newPage(), wrong = [];
    page.on('console', (m) => { if (m.type() === 'error') wrong.push(m.text()); });
    page.on('pageerror', (e) => wrong.push(e.message));
    page.on('request', (r) => { if (!r.url().startsWith('file:') && !r.url().startsWith('data:')) wrong.push(r.url()); });
    await page.goto(pathToFileURL(join(unpacked, 'index.html')).href);
    assert.equal(await page.getAttribute('html', 'dir'), 'rtl');
    await page.waitForFunction(() => document.querySelectorAll('#hits li').length === 120);
    const search = async (text) => {
        await page.fill('#find', text);
        return page.locator('#hits b').allTextContents();
    };
    const arabic = some.display_name.replaceAll('ی', 'ي').replaceAll('ک', 'ك');
    assert.ok((await search(arabic)).includes(some.display_name), 'with Arabic letters');
    const digits = some.phones[0].e164.slice(1, 9).replace(/\d/g, (d) => '۰۱۲۳۴۵۶۷۸۹'[d]);
    assert.ok((await search(digits)).includes(some.display_name), 'by phone in Persian digits');
    assert.ok((await search(latin.display_name.normalize('NFD').replace(/\p{M}/gu, '').toUpperCase())).includes(latin.display_name), 'without accents');
    assert.deepEqual(await search('qqqqzz'), []);
    await search(some.display_name);
    await page.locator('#hits a', { hasText: some.display_name }).first().click();
    await page.waitForSelector('#sheet h1');
    assert.equal(await page.textContent('#sheet h1'), some.display_name);
    const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    assert.ok(wide <= 0, `as wide as the screen: ${wide}`);
    await page.selectOption('#language', 'fr');
    assert.equal(await page.getAttribute('html', 'dir'), 'ltr');
    assert.match(await page.textContent('#sheet'), /Téléphones/);
    await page.goBack();
    await page.waitForSelector('#list:not([hidden])');
    assert.deepEqual(wrong, []); // axe itself asks for the style sheet, which a page from disk may not
    assert.deepEqual(await faults(page), [], 'of the list');
    await page.goForward();
    await page.waitForSelector('#sheet h1');
    assert.deepEqual(await faults(page), [], 'of the sheet');
    await context.close();
});

await t.test('one person gets what is held about him, and who looked stands in the journal', async () => {
    const page = await t.page({ language: 'fa' });
    await page.goto('/clients/7');
    const name = (await page.textContent('main h1')).trim();
    await page.locator('.client-acts details.pop > summary').last().click(); // behind «Message»
    await page.click('a[href="/clients/7/data"]');
    await page.waitForURL('**/clients/7/data');
    const file = await download(page), folder = join(t.data, 'person');
    assert.equal(file.suggestedFilename(), 'client-7.zip');
    mkdirSync(folder);
    execFileSync('unzip', ['-q', await file.path(), '-d', folder]);
    const data = JSON.parse(readFileSync(join(folder, 'data.json'), 'utf8'));
    assert.equal(data.tables.party[0].display_name, name);
    assert.ok(data.journal.some((x) => x.how === 'opened'), 'who opened it');
    assert.match(readFileSync(join(folder, 'card.vcf'), 'utf8'), /^BEGIN:VCARD/);
    const context = await t.browser.newContext({ viewport: { width: 360, height: 740 } }), own = await context.newPage();
    await own.goto(pathToFileURL(join(folder, 'index.html')).href);
    assert.equal((await own.textContent('h1')).trim(), name);
    assert.deepEqual(await faults(own), []);
    assert.ok(await own.evaluate(() => document.documentElement.scrollWidth <= innerWidth), 'as wide as the screen');
    await context.close();
    await page.waitForTimeout(1500);
    await page.goto('/journal?client=7');
    assert.ok(await page.locator('.line > li').count() >= 2);
    assert.ok(await page.locator('.mark.vip').count() >= 1, 'it left in a file');
});

await t.test('a hundred thousand clients still open', async () => {
    const data = join(unpacked, 'book', 'data'), names = readFileSync(join(data, 'names.js'), 'utf8');
    for (let k = 0; k < 50; k++) {
        const rows = Array.from({ length: 2000 }, (_, i) => { const n = k * 2000 + i; return [n, `Client number ${n}`, 'VIP', '0912 000 0000', 'Lyon', ` client number ${n} 09120000000 lyon`]; });
        writeFileSync(join(data, `list-${k}.js`), `book.list(${JSON.stringify(rows)});`);
    }
    writeFileSync(join(data, 'names.js'), names.replace(/"lists":\d+/, '"lists":50').replace(/"clients":\d+/, '"clients":100000'));
    const context = await t.browser.newContext(), page = await context.newPage(), began = Date.now();
    await page.goto(pathToFileURL(join(unpacked, 'index.html')).href);
    await page.waitForFunction(() => /100.?000|۱۰۰.?۰۰۰/.test(document.getElementById('count').textContent), null, { timeout: 60000 });
    const opened = Date.now() - began;
    const took = await page.evaluate(() => {
        const find = document.getElementById('find'), start = performance.now();
        find.value = '73999';
        find.dispatchEvent(new Event('input'));
        return performance.now() - start;
    });
    assert.equal(await page.locator('#hits li').count(), 1);
    console.log(`# opened in ${opened} ms, searched in ${Math.round(took)} ms`);
    assert.ok(opened < 30000 && took < 1000);
    await context.close();
});
await t.end();
