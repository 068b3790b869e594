// The client's page: everything at a glance, fields edited in place by keyboard, cards arranged and kept, the line
// of time filtered and searched, steps along the list one came from; in Persian and English, with axe.
import assert from 'node:assert/strict';
import { begin } from './_harness.mjs';
import { faults, speak } from './_people.mjs';

const t = await begin({ clients: 30 });
const full = '/clients/1'; // the demonstration's first client has everything (src/features/demo/more.c)
const value = (page, field) => page.locator(`#client [data-cell="${field}"] .val`).first();

for (const language of ['en', 'fa', 'fr', 'ar'])
    await t.test(`everything stands in the first 800 pixels of 1280 (${language})`, async () => {
        const page = await t.page({ language, width: 1280, height: 800 });
        await speak(page, language);
        await page.goto(full);
        for (const part of ['h1', '.client-acts a[href^="tel:"]', '#reach', '.clock', '[data-cell="next_step"]', '.special',
            '[data-cell="goals"] .val', '[data-cell="needs"] .val', '[data-cell="requirements"] .val', '#personal', 'section[aria-labelledby="personal"] .facts', '#happened']) {
            const box = await page.locator(part).first().boundingBox();
            assert.ok(box, `${part} is not there`);
            assert.ok(box.y >= 0 && box.y + Math.min(box.height, 40) <= 800, `${part} ends at ${box.y + box.height}`);
        }
        assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), 'too wide');
        assert.deepEqual(await faults(page), []);
    });

await t.test('a field is edited where it stands, by keyboard alone; Escape leaves it; undo brings it back', async () => {
    const page = await t.page();
    await speak(page, 'en');
    await page.goto(full);
    const before = await value(page, 'next_step').innerText();
    await page.focus('#client [data-field="next_step"]');
    await page.keyboard.press('Enter');
    await page.waitForSelector('form.in-place input[name="next_step"]:focus');
    await page.keyboard.type('Nothing of this stays');
    await page.keyboard.press('Escape');
    assert.equal(await value(page, 'next_step').innerText(), before);
    assert.equal(await page.evaluate(() => document.activeElement.dataset.field), 'next_step');
    await page.keyboard.press('Enter');
    await page.waitForSelector('form.in-place input[name="next_step"]:focus');
    await page.keyboard.type('Call about the roof');
    await page.keyboard.press('Enter');
    await page.waitForSelector('#toasts .toast .undo');
    assert.equal(await value(page, 'next_step').innerText(), 'Call about the roof');
    assert.equal(await page.evaluate(() => document.activeElement.dataset.field), 'next_step');
    await Promise.all([page.waitForNavigation(), page.click('#toasts .undo')]);
    await page.goto(full);
    assert.equal(await value(page, 'next_step').innerText(), before);
});

await t.test('what cannot be saved says why beside the field; what another changed meanwhile is shown', async () => {
    const page = await t.page();
    page.expectErrors = true;
    await speak(page, 'en');
    await page.goto(full);
    const open = async (field) => {
        await page.focus(`#client [data-field="${field}"]`);
        await page.keyboard.press('Enter');
        await page.waitForSelector(`form.in-place [name="${field}"]:focus`);
    };
    await open('next_date');
    await page.keyboard.type('32/13/2026');
    await page.keyboard.press('Enter');
    await page.waitForSelector('form.in-place .problem-text');
    assert.equal(await page.inputValue('form.in-place [name="next_date"]'), '32/13/2026');
    await page.keyboard.press('Escape');
    await open('goals');
    const csrf = await page.inputValue('form.in-place [name="csrf"]'), was = await page.inputValue('form.in-place [name="was"]');
    const status = await page.evaluate(async ([path, body]) => (await fetch(`${path}/field`, { method: 'POST', headers: { 'HX-Request': 'true' }, body: new URLSearchParams(body) })).status,
        [full, { csrf, was, field: 'goals', goals: 'Somebody else wrote this' }]);
    assert.equal(status, 200);
    await page.keyboard.press('Control+A');
    await page.keyboard.type('Mine');
    await page.keyboard.press('Control+Enter');
    await page.waitForSelector('form.in-place .problem-text');
    assert.ok((await page.locator('form.in-place .problem-text').innerText()).includes('Somebody else wrote this'));
    assert.equal(await page.inputValue('form.in-place [name="goals"]'), 'Mine');
    await page.focus('form.in-place [name="goals"]');
    await page.keyboard.press('Control+Enter');
    await page.waitForSelector('#toasts .toast .undo');
    assert.ok((await value(page, 'goals').innerText()).startsWith('Mine'));
});

await t.test('cards are hidden and ordered, and stay so', async () => {
    const page = await t.page();
    await speak(page, 'en');
    await page.goto(full);
    assert.equal(await page.locator('section[aria-labelledby="personal"]').count(), 1);
    await page.click('details.arrange summary');
    await page.uncheck('details.arrange [name="show"][value="personal"]');
    const order = () => page.$$eval('details.arrange [name="order"]', (all) => all.map((x) => x.value).join(' '));
    const was = await order();
    await page.click('details.arrange button[name="up"][value="goals"]');
    if (await page.locator('details.arrange[open]').count()) await page.waitForFunction((old) => [...document.querySelectorAll('details.arrange [name="order"]')].map((x) => x.value).join(' ') !== old, was);
    await Promise.all([page.waitForNavigation(), page.click('details.arrange .main')]);
    await page.goto('/clients/8');
    await page.goto(full);
    assert.equal(await page.locator('section[aria-labelledby="personal"]').count(), 0);
    assert.ok((await order()).indexOf('goals') < (await order()).indexOf('special'));
    await page.click('details.arrange summary');
    await Promise.all([page.waitForNavigation(), page.click('details.arrange [name="standard"]')]);
    assert.equal(await page.locator('section[aria-labelledby="personal"]').count(), 1);
    assert.equal(await order(), was);
});

await t.test('the line of time is filtered and searched, and goes on below', async () => {
    const page = await t.page();
    await speak(page, 'en');
    await page.goto(full);
    for (let i = 0; i < 23; i++) {
        await page.fill('#note-text', i === 3 ? 'He spoke about the Crème brûlée' : `Note number ${i}`);
        await Promise.all([page.waitForNavigation(), page.click('.composer [type="submit"]')]);
    }
    assert.equal(await page.locator('#timeline .line > li').count(), 20);
    await page.click('#timeline a[hx-get*="before"]');
    await page.waitForFunction(() => document.querySelectorAll('#timeline .line > li').length > 20);
    await page.fill('#f-has', 'creme');
    await page.waitForFunction(() => document.querySelectorAll('#timeline .line > li').length === 1);
    assert.ok((await page.locator('#timeline .said').innerText()).includes('Crème brûlée'));
    assert.equal(await page.evaluate(() => document.activeElement.id), 'f-has');
    await page.goto(`${full}?show=changes`);
    assert.equal(await page.locator('#timeline .said').count(), 0);
    assert.ok(await page.locator('#timeline .line > li').count() > 0);
});

await t.test('without scripts the same is there', async () => {
    const page = await t.page({ javaScript: false });
    await speak(page, 'en');
    await page.goto(full);
    const to = await page.getAttribute('#client [data-field="goals"]', 'href');
    assert.match(to, /\/edit#f-goals$/);
    await page.fill('#f-has', 'creme');
    await Promise.all([page.waitForNavigation(), page.press('#f-has', 'Enter')]);
    assert.equal(await page.locator('#timeline .line > li').count(), 1);
    await page.click('details.arrange summary');
    await Promise.all([page.waitForNavigation(), page.click('details.arrange button[name="down"][value="reach"]')]);
    assert.ok(await page.locator('details.arrange[open]').count(), 'the panel stays open');
    const order = await page.$$eval('details.arrange [name="order"]', (all) => all.map((x) => x.value));
    assert.ok(order.indexOf('details') < order.indexOf('reach'));
    await Promise.all([page.waitForNavigation(), page.click('details.arrange [name="standard"]')]);
});

await t.test('previous and next walk the list one came from', async () => {
    const page = await t.page();
    await speak(page, 'en');
    await page.goto('/clients?kind=person&sort=-display_name');
    const names = await page.$$eval('tbody th a b', (all) => all.map((x) => x.textContent));
    await Promise.all([page.waitForNavigation(), page.click('tbody th a >> nth=0')]);
    assert.equal(await page.locator('a[rel="prev"]').count(), 0);
    for (const name of names.slice(1, 5)) {
        await Promise.all([page.waitForNavigation(), page.keyboard.press(']')]);
        assert.equal(await page.locator('h1').innerText(), name);
    }
    await Promise.all([page.waitForNavigation(), page.keyboard.press('[')]);
    assert.equal(await page.locator('h1').innerText(), names[3]);
    await Promise.all([page.waitForNavigation(), page.click('.crumbs a')]);
    assert.match(page.url(), /kind=person/);
    await page.goto(`${full}?in=nonsense%3D1`);
    assert.equal(await page.locator('a[rel="prev"], a[rel="next"]').count(), 0);
});

await t.end();
