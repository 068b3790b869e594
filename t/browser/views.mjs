// Saved views: saving what the list shows, the tab, updating, sharing, order, the page one starts with, removing
// and taking that back; the same without JavaScript; axe in both directions.
import assert from 'node:assert/strict';
import { begin } from './_harness.mjs';
import { faults, speak } from './_people.mjs';

const t = await begin({ clients: 60 });
const tab = (page, name) => page.locator('.views .tabs a', { hasText: name });

await t.test('saved from the list by keyboard, opened by its tab', async () => {
    const page = await t.page();
    await speak(page, 'en');
    await page.goto('/clients?stage=lead');
    await page.focus('.views details > summary');
    await page.keyboard.press('Enter');
    await page.waitForFunction(() => document.activeElement.id === 'view-name');
    assert.deepEqual(await faults(page), []);
    await page.keyboard.type('Fresh leads');
    await Promise.all([page.waitForURL(/view=1/), page.keyboard.press('Enter')]);
    assert.equal(await tab(page, 'Fresh leads').getAttribute('aria-current'), 'true');
    await Promise.all([page.waitForResponse((r) => r.url().includes('/undo')), page.click('.toast .undo')]); // taken back
    await page.goto('/views');
    assert.equal(await page.locator('.order li').count(), 0);
    assert.deepEqual(await faults(page), []);
});

await t.test('updated to what is shown, shared, ordered, started with, removed and brought back', async () => {
    const page = await t.page();
    for (const [name, query] of [['One', 'stage=lead'], ['Two', 'kind=organisation']]) {
        await page.goto(`/clients?${query}`);
        await page.click('.views details > summary');
        await page.fill('#view-name', name);
        await Promise.all([page.waitForURL(/view=/), page.keyboard.press('Enter')]);
    }
    await tab(page, 'One').click();
    await page.waitForURL(/stage=lead.*view=/);
    await page.click('thead a >> nth=0'); // another order: the view differs
    await page.waitForURL(/sort=/);
    await page.click('.views details > summary');
    await Promise.all([page.waitForNavigation(), page.click('.views form[action$="/update"] button')]);
    await page.goto('/views');
    await page.waitForSelector('.order li');
    assert.deepEqual(await page.locator('.order b').allTextContents(), ['One', 'Two']);
    await Promise.all([page.waitForNavigation(), page.click('.order li:nth-child(2) button[name=up]')]);
    assert.deepEqual(await page.locator('.order b').allTextContents(), ['Two', 'One']);
    await page.selectOption('#page', { label: 'Two' });
    await Promise.all([page.waitForNavigation(), page.click('form[action="/views/start"] button')]);
    await page.goto('/');
    assert.ok(page.url().includes('kind=organisation'), page.url());
    await page.goto('/views');
    await Promise.all([page.waitForURL(/edit$/), page.click('.order li:nth-child(2) a[href$="/edit"]')]);
    assert.deepEqual(await faults(page), []);
    await page.check('[name=_shared]');
    await Promise.all([page.waitForURL(/\/views$/), page.click('main .panel-foot button.main')]);
    assert.ok(await page.locator('section[aria-labelledby=shared] b', { hasText: 'One' }).count());
    await page.click('section[aria-labelledby=shared] a[href$="/edit"]');
    await page.click('main button.danger');
    await Promise.all([page.waitForURL(/\/views$/), page.click('#confirm [data-yes]')]);
    assert.equal(await page.locator('.order b', { hasText: 'One' }).count(), 0);
    await Promise.all([page.waitForNavigation(), page.click('.toast .undo')]);
    await page.goto('/views');
    assert.equal(await page.locator('.order b', { hasText: 'One' }).count(), 1);
});

await t.test('columns chosen in a view that has its own are the view\'s, and the list of all keeps its own', async () => {
    const page = await t.page();
    const heads = () => page.evaluate(() => [...document.querySelectorAll('#sheet thead th')].map((h) => h.dataset.f));
    const choose = async (field) => {
        await page.click('summary:has-text("Columns")');
        await page.waitForSelector('.column-list li');
        await page.click(`.column-list input[value^="${field}:"]`);
        await Promise.all([page.waitForNavigation(), page.click('.columns-form .button.main')]);
    };
    await page.goto('/clients');
    await choose('sex');
    const own = await heads();
    await page.goto('/clients?kind=person');
    await page.click('.views details > summary');
    await page.fill('#view-name', 'With columns');
    await page.check('.views [name=_columns]');
    await Promise.all([page.waitForURL(/view=/), page.keyboard.press('Enter')]);
    await choose('email');
    assert.ok(page.url().includes('view='), page.url());
    const shown = await heads();
    assert.ok(!shown.includes('email') && shown.includes('sex'), shown.join());
    await page.focus('#sheet th[data-f="sex"] a, #sheet th[data-f="phone"] a');
    await page.evaluate(() => document.activeElement.closest('th').dispatchEvent(new KeyboardEvent('keydown', { key: 'ArrowRight', shiftKey: true, bubbles: true })));
    await page.waitForResponse('**/clients/columns');
    await page.goto('/clients');
    assert.deepEqual(await heads(), own);
    await tab(page, 'With columns').click();
    await page.waitForURL(/view=/);
    assert.deepEqual(await heads(), shown);
});

await t.test('without JavaScript, and in Persian on a phone', async () => {
    const bare = await t.page({ javaScript: false });
    await bare.goto('/clients?stage=active');
    await bare.click('.views details > summary');
    await bare.fill('#view-name', 'Bare');
    await Promise.all([bare.waitForNavigation(), bare.click('.views form[action="/views"] button')]);
    assert.equal(await tab(bare, 'Bare').getAttribute('aria-current'), 'true');
    const phone = await t.page({ width: 360, dark: true });
    await speak(phone, 'fa');
    for (const path of ['/clients', '/views']) {
        await phone.goto(path);
        assert.deepEqual(await faults(phone), [], path);
        assert.ok(await phone.evaluate(() => document.documentElement.scrollWidth <= innerWidth), path);
    }
});

await t.end();
