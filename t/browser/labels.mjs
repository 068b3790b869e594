// Labels and envelopes: from the list to the PDF, the drawing that follows the choices, the same without JavaScript.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { begin } from './_harness.mjs';
import { faults, speak } from './_people.mjs';

const t = await begin({ clients: 60 });
const folder = mkdtempSync(join(tmpdir(), 'daftar-labels-'));

async function take(page) {
    const [file] = await Promise.all([page.waitForEvent('download'), page.click('main a[href*="label.download"]')]);
    const path = join(folder, file.suggestedFilename());
    await file.saveAs(path);
    const info = spawnSync('pdfinfo', [path], { encoding: 'utf8' });
    assert.equal(info.status, 0, info.stderr);
    const fonts = spawnSync('pdffonts', [path], { encoding: 'utf8' }).stdout.trim().split('\n').slice(2);
    assert.ok(fonts.length > 0 && fonts.every((f) => f.includes('yes yes yes')), fonts.join('\n'));
    return { name: file.suggestedFilename(), pages: Number(info.stdout.match(/Pages:\s+(\d+)/)[1]), info: info.stdout };
}

await t.test('from the list to a file, the drawing follows', async () => {
    const page = await t.page();
    await speak(page, 'en');
    await page.goto('/clients?kind=person');
    await page.click('.page-head details.pop > summary');
    await page.click('.page-head a[href^="/labels"]');
    assert.ok(page.url().includes('kind=person'));
    assert.equal(await page.locator('svg.paper .place').count(), 21);
    const first = await page.locator('svg.paper text').first().textContent();
    assert.ok(first.length > 1);
    await Promise.all([page.waitForResponse('**/labels/preview'), page.selectOption('select[name="label.sheet"]', 'L7165')]);
    await page.waitForFunction(() => document.querySelectorAll('svg.paper .place').length === 8);
    assert.ok(!page.url().includes('L7165')); // the page itself has not moved
    await page.click('svg.paper .place >> nth=2'); // the third label: the choices go along
    await page.waitForURL(/label\.start=3/);
    assert.equal(await page.inputValue('[name="label.start"]'), '3');
    assert.equal(await page.inputValue('[name="label.sheet"]'), 'L7165');
    assert.equal(await page.locator('svg.paper .place.used').count(), 2);
    await Promise.all([page.waitForURL(/\/labels\/made/), page.click('button[value=make]')]);
    const labels = Number((await page.locator('h1').innerText()).match(/^(\d+) labels/)[1]);
    const file = await take(page);
    assert.match(file.name, /^labels-\d{4}-\d\d-\d\d\.pdf$/);
    assert.equal(file.pages, Math.ceil((labels + 2) / 8));
    assert.match(file.info, /Producer:\s+Daftar\n/);
    // Who is left out leads to his form.
    const edit = page.locator('main table a.button[href$="/edit"]');
    if (await edit.count()) {
        await edit.first().click();
        await page.waitForURL(/\/clients\/\d+\/edit$/);
    }
    await page.goto('/labels'); // remembered, but not where the used sheet began
    assert.equal(await page.inputValue('[name="label.sheet"]'), 'L7165');
    assert.equal(await page.inputValue('[name="label.start"]'), '1');
});

await t.test('a wrong number is said at its field, and the drawing waits', async () => {
    const page = await t.page();
    await page.goto('/labels');
    await page.fill('[name="label.x"]', '99');
    await Promise.all([page.waitForResponse('**/labels/preview'), page.press('[name="label.x"]', 'Tab')]);
    await page.waitForSelector('#label-drawing .note.bad');
    page.expectErrors = true;
    await page.click('button[value=make]');
    await page.waitForSelector('[name="label.x"][aria-invalid=true]');
    assert.deepEqual(await faults(page), []);
});

await t.test('one client, an envelope, in Persian, without JavaScript', async () => {
    const page = await t.page({ javaScript: false, language: 'fa' });
    await page.goto('/clients?kind=person');
    await page.focus('main tbody th a >> nth=0');
    await page.keyboard.press('Enter');
    await page.locator('.client-acts details.pop > summary').last().click();
    await page.click('a[href^="/labels?label.client="]');
    await page.click('nav.tabs a >> nth=1');
    await page.waitForURL(/label\.form=envelopes/);
    await page.selectOption('select[name="label.envelope"]', 'C5');
    await page.selectOption('select[name="label.window"]', 'right');
    await page.fill('[name="label.sender"]', 'شرکت پارس\nتهران، خیابان سعدی');
    await page.fill('[name="label.x"]', '۱٫۵');
    await page.click('button[value=show]');
    await page.waitForURL(/label\.envelope=C5/);
    assert.equal(await page.locator('svg.paper .window').count(), 1);
    assert.ok((await page.locator('svg.paper').textContent()).includes('شرکت پارس'));
    await page.click('button[value=make]');
    await page.waitForURL(/\/labels\/made/);
    if (await page.locator('main a[href*="label.download"]').count()) {
        const file = await take(page);
        assert.equal(file.pages, 1);
        assert.match(file.info, /Page size:\s+649\.\d+ x 459\.\d+ pts/); // 229 × 162 mm
    }
});

await t.test('dark, narrow, axe', async () => {
    const page = await t.page({ dark: true, width: 360 });
    for (const path of ['/labels?label.sheet=L8651', '/labels?label.form=envelopes', '/labels/made?label.size=9']) {
        await page.goto(path);
        assert.deepEqual(await faults(page), [], path);
        assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), path);
    }
});

rmSync(folder, { recursive: true, force: true });
await t.end();
