// Many clients at once: ticking by mouse, Shift and keyboard, the bar and what it counts, a field set with its
// preview and taken back, all that match as a job with its progress, export of what is ticked, side by side; the
// same without JavaScript; axe in both directions.
import assert from 'node:assert/strict';
import { begin } from './_harness.mjs';
import { faults, speak } from './_people.mjs';

const t = await begin({ clients: 260 });
const boxes = (page) => page.locator('input[name=pick]');
const said = (page, text) => page.waitForFunction((x) => document.querySelector('[data-said]').textContent.includes(x), text);

await t.test('ticked with Shift and by x, counted, edited with a preview, taken back', async () => {
    const page = await t.page();
    await speak(page, 'en');
    await page.goto('/clients?kind=person');
    assert.equal(await page.locator('#picked').isVisible(), false);
    await boxes(page).nth(1).check();
    await boxes(page).nth(4).click({ modifiers: ['Shift'] });
    await said(page, '4 clients chosen');
    assert.deepEqual(await faults(page), []);
    await page.focus('tbody tr:nth-child(8) th a');
    await page.keyboard.press('x');
    await said(page, '5 clients chosen');
    await page.keyboard.press('x');
    await said(page, '4 clients chosen');
    const name = await page.locator('tbody tr:nth-child(2) th b').textContent();
    await Promise.all([page.waitForURL(/bulk\.do=edit/), page.click('#picked button[value=edit]')]);
    await Promise.all([page.waitForURL(/bulk\.field=territory/), page.selectOption('#bulk-field', 'territory')]);
    assert.deepEqual(await faults(page), []);
    await page.fill('[name="bulk.value"]', 'North');
    await Promise.all([page.waitForURL(/bulk\.go/), page.click('button[name="bulk.go"]')]);
    assert.ok((await page.locator('.bulk-rows').textContent()).includes(name));
    assert.equal(await page.locator('.bulk-rows ins', { hasText: 'North' }).count(), 4);
    assert.deepEqual(await faults(page), []);
    await Promise.all([page.waitForURL(/\/clients\?kind=person/), page.click('main button.main')]);
    await page.goto('/clients?territory=North');
    assert.equal(await boxes(page).count(), 4);
    await page.goto('/history');
    await Promise.all([page.waitForNavigation(), page.click('.line > li:first-child form[action$="/undo"] button')]);
    await page.goto('/clients?territory=North');
    assert.equal(await boxes(page).count(), 0);
});

await t.test('all that match: the whole page, then all; a job with progress and its result', async () => {
    const page = await t.page();
    await page.goto('/clients');
    await boxes(page).nth(0).check();
    await page.click('#picked [data-page]');
    await said(page, '50 clients chosen');
    await page.click('#picked [data-all]');
    await said(page, '260 clients chosen');
    await Promise.all([page.waitForURL(/bulk\.all=1/), page.click('#picked button[value=edit]')]);
    await page.selectOption('[name="bulk.value"]', 'quiet');
    await Promise.all([page.waitForURL(/bulk\.go/), page.click('button[name="bulk.go"]')]);
    await page.check('[name=_sure]');
    await Promise.all([page.waitForURL(/\/bulk\/\d+$/), page.click('main button.main')]);
    await page.waitForSelector('#result', { timeout: 60000 });
    assert.deepEqual(await faults(page), []);
    assert.equal((await page.locator('#result .tally b').allTextContents()).map(Number).reduce((a, b) => a + b), 260);
    await page.click('#result form[action$="/undo"] button');
    await Promise.all([page.waitForNavigation(), page.click('#confirm [data-yes]')]);
    assert.equal(await page.locator('h1').count(), 1);
});

await t.test('ticks stay when a cell is edited and taken back, no toast lies on the bar, rows that come later are ticked with all', async () => {
    const page = await t.page();
    const ticked = () => page.locator('input[name=pick]:checked').count();
    await page.goto('/clients?sort=display_name');
    await boxes(page).nth(0).check();
    await boxes(page).nth(2).check();
    await said(page, '2 clients chosen');
    const town = await page.evaluate(() => [...document.querySelectorAll('#sheet thead th')].findIndex((h) => h.dataset.f === 'town') + 1);
    await page.click(`#sheet tbody tr:nth-child(1) > :nth-child(${town})`);
    await page.keyboard.type('Ticked');
    await page.keyboard.press('Enter');
    await page.waitForSelector('#toasts .toast .undo');
    const [toast, bar] = [await page.locator('#toasts .toast').boundingBox(), await page.locator('#picked').boundingBox()];
    assert.ok(toast.y + toast.height <= bar.y, 'the toast lies on the bar');
    await page.keyboard.press('Control+z');
    await page.waitForFunction((n) => !document.querySelector(`#sheet tbody tr:nth-child(1) > :nth-child(${n})`).textContent.includes('Ticked'), town);
    assert.equal(await ticked(), 2);
    await page.click('#picked [data-page]');
    await page.click('#picked [data-all]');
    await said(page, '260 clients chosen');
    await page.focus('#sheet tbody th a');
    await page.keyboard.press('Control+End');
    await page.keyboard.press('ArrowDown');
    await page.waitForFunction(() => document.querySelectorAll('#sheet tbody tr').length > 50);
    await page.waitForFunction(() => !document.querySelector('input[name=pick]:not(:checked)'));
    assert.equal(await page.evaluate(() => document.querySelector('#picked-all').disabled), false);
    await page.click('#picked [data-none]');
    assert.equal(await ticked(), 0);
});

await t.test('what is ticked is exported, compared, deleted after being asked', async () => {
    const page = await t.page();
    await page.goto('/clients?kind=person');
    await boxes(page).nth(0).check();
    assert.equal(await page.locator('[data-compare]').isDisabled(), true);
    await boxes(page).nth(1).check();
    await page.click('#picked details > summary');
    const [file] = await Promise.all([page.waitForEvent('download'), page.click('#picked button[value=csv]')]);
    let text = '';
    for await (const part of await file.createReadStream()) text += part;
    assert.equal(text.trim().split('\n').length, 3);
    await Promise.all([page.waitForURL(/\/clients\/compare/), page.click('[data-compare]')]);
    assert.equal(await page.locator('.compare thead th').count(), 2);
    assert.ok(await page.locator('.compare tr.differs').count() > 1);
    assert.deepEqual(await faults(page), []);
    const every = await page.locator('.compare tbody tr').count();
    await page.click('a[href*="only=1"]');
    assert.ok(await page.locator('.compare tbody tr').count() < every);
    await page.fill('#compare-find', 'a');
    await Promise.all([page.waitForNavigation(), page.press('#compare-find', 'Enter')]);
    await Promise.all([page.waitForNavigation(), page.click('main .row a.button.small >> nth=0')]);
    assert.equal(await page.locator('.compare thead th').count(), 3);
    await page.goBack();
    await page.goto('/clients?kind=person');
    await boxes(page).nth(0).check();
    await Promise.all([page.waitForURL(/bulk\.do=delete/), page.click('#picked button[value=delete]')]);
    assert.deepEqual(await faults(page), []);
    await page.check('[name=_sure]');
    await Promise.all([page.waitForURL(/\/clients\?kind=person/), page.click('main button.danger')]);
    await page.click('.toast .undo');
});

await t.test('without JavaScript: boxes and a page that asks', async () => {
    const page = await t.page({ javaScript: false });
    await page.goto('/clients');
    for (const i of [0, 2]) await boxes(page).nth(i).press('Space');
    await Promise.all([page.waitForURL(/bulk\.do=tag/), page.click('#picked button[value=tag]')]);
    await page.check('[name="bulk.field"][value=add]');
    await page.selectOption('#bulk-tag', { index: 0 });
    await Promise.all([page.waitForNavigation(), page.click('button[name="bulk.go"]')]);
    await Promise.all([page.waitForNavigation(), page.click('main button.main')]);
    assert.ok(new URL(page.url()).pathname === '/clients' || page.url().includes('/bulk/'));
    await page.goto('/clients');
    await Promise.all([page.waitForNavigation(), page.click('#picked a.without-js')]);
    assert.ok((await page.locator('main').textContent()).includes('260'));
});

await t.test('on a phone in Persian, in the dark', async () => {
    const page = await t.page({ width: 360, dark: true });
    await speak(page, 'fa');
    await page.goto('/clients');
    await boxes(page).nth(0).check();
    await boxes(page).nth(1).check();
    await page.waitForSelector('[data-said] b');
    assert.deepEqual(await faults(page), []);
    const wide = () => page.evaluate(() => document.documentElement.scrollWidth > innerWidth);
    assert.equal(await wide(), false);
    await Promise.all([page.waitForURL(/compare/), page.click('[data-compare]')]);
    assert.deepEqual(await faults(page), []);
    assert.equal(await wide(), false);
});

await t.end();
