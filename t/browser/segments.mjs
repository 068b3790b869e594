// Asking about clients: the line with its completion, the boxes, what they find; all three say the same; saved,
// used in the list, looked into with «why?». By keyboard alone, without JavaScript, both directions, a phone; axe.
import assert from 'node:assert/strict';
import { begin } from './_harness.mjs';
import { faults, speak } from './_people.mjs';

const t = await begin({ clients: 60 });
const live = (page) => page.waitForResponse((r) => r.url().includes('/segments/build') && r.ok());
const count = (page) => page.locator('.ask-count b').textContent();
const values = (page) => page.locator('.ask-rule > select.what').evaluateAll((all) => all.map((s) => s.value));

await t.test('by keyboard alone: a line with its completion, the boxes follow; a box, the line follows; saved', async () => {
    const page = await t.page();
    await speak(page, 'en');
    await page.goto('/segments');
    assert.deepEqual(await faults(page), []);
    await page.goto('/segments/new');
    assert.deepEqual(await faults(page), []);
    await page.focus('#ask');
    await page.keyboard.type('sta');
    await page.waitForSelector('#ask-list [role=option]');
    assert.equal(await page.getAttribute('#ask', 'aria-expanded'), 'true');
    await page.keyboard.press('ArrowDown');
    assert.equal(await page.getAttribute('#ask', 'aria-activedescendant'), 'ask-word-0');
    const put = await page.getAttribute('#ask-word-0', 'data-put');
    await page.keyboard.press('Enter');
    assert.equal(await page.inputValue('#ask'), put);
    await page.fill('#ask', '');
    await Promise.all([live(page), page.keyboard.type('stage:lead')]);
    await page.waitForFunction(() => document.querySelector('.ask-rule > select.what')?.value === 'stage');
    await page.waitForSelector('.ask-count');
    const leads = await count(page);
    await page.keyboard.press('Escape');
    assert.deepEqual(await faults(page), []);

    await page.focus('button[name=do][value="add ask"]');
    await Promise.all([live(page), page.keyboard.press('Enter')]);
    await page.waitForFunction(() => document.activeElement.id === 'ask.1.what'); // the new row has the focus
    await Promise.all([live(page), page.selectOption('[id="ask.1.what"]', 'kind')]);
    await page.waitForSelector('[id="ask.1.value.0"]');
    await Promise.all([live(page), page.selectOption('[id="ask.1.value.0"]', 'person')]);
    await page.waitForFunction(() => /kind|Kind/.test(document.getElementById('ask').value));
    assert.notEqual(await page.inputValue('#ask'), 'stage:lead');
    assert.ok(await count(page));
    await Promise.all([live(page), page.click('button[name=do][value="remove ask.1"]')]);
    await page.waitForFunction(() => !document.getElementById('ask.1'));
    assert.equal(await count(page), leads);

    await page.focus('#name');
    await page.keyboard.type('Fresh leads');
    await Promise.all([page.waitForURL(/\/segments\/\d+$/), page.keyboard.press('Control+Enter')]);
    assert.equal(await count(page), leads);
    assert.deepEqual(await faults(page), []);
    await Promise.all([page.waitForURL(/\/why\?client=/), page.locator('.ask-sample a', { hasText: 'Why?' }).first().click()]);
    assert.equal(await page.locator('.why > .yes').count(), 1);
    assert.deepEqual(await faults(page), []);
});

await t.test('above the list: asked, each criterion taken out by its x, kept as a segment, chosen again', async () => {
    const page = await t.page();
    await page.goto('/clients?stage=lead');
    assert.deepEqual(await faults(page), []);
    await page.focus('#ask');
    await page.waitForFunction(() => document.querySelector('script[src*="/ask."]'));
    await page.keyboard.type('kind:person created in this year');
    await page.waitForSelector('#ask-live .ask-count');
    assert.deepEqual(await faults(page), []);
    await page.keyboard.press('Escape');
    await Promise.all([page.waitForURL(/\/clients\?.*where=/), page.keyboard.press('Enter')]);
    assert.ok(page.url().includes('stage=lead'), page.url());
    assert.equal(await page.locator('.filters .chip.on').count(), 3);
    assert.deepEqual(await faults(page), []);
    await Promise.all([page.waitForNavigation(), page.locator('.filters .chip.on').first().click()]);
    assert.equal(await page.locator('.filters .chip.on').count(), 2);
    await Promise.all([page.waitForURL(/\/segments\/new/), page.click('.filters .chip.add[href*="/segments/new"]')]);
    assert.equal((await values(page)).length, 2); // the question and the filter of the list
    await page.fill('#name', 'From the list');
    await Promise.all([page.waitForURL(/\/segments\/\d+$/), page.click('.panel-foot .button.main')]);
    await page.goto('/clients');
    await page.click('.ask-bar details > summary');
    await Promise.all([page.waitForURL(/where=segment/), page.locator('.ask-bar .choices a', { hasText: 'From the list' }).click()]);
    assert.equal(await page.locator('.filters .chip.on').count(), 1);
});

await t.test('a sentence becomes criteria; what means nothing is marked', async () => {
    const page = await t.page();
    await page.goto('/segments/new');
    await page.focus('#ask');
    await Promise.all([live(page), page.keyboard.type('women who spent more than 500 in the last 30 days')]);
    await page.waitForFunction(() => document.querySelectorAll('.ask-rule > select.what').length === 2);
    assert.deepEqual(await values(page), ['sex', 'purchases:sum:amount']);
    assert.equal(await page.locator('mark.wrong').count(), 0);
    await page.fill('#ask', 'women with purple unicorns');
    await page.waitForSelector('mark.wrong');
    await page.fill('#ask', 'sex:robot');
    await page.waitForFunction(() => document.querySelector('mark.wrong')?.textContent === 'robot');
    assert.deepEqual(await faults(page), []);
});

await t.test('without JavaScript: boxes by buttons, saved, frozen, removed', async () => {
    const page = await t.page({ javaScript: false });
    const press = (what) => Promise.all([page.waitForNavigation(), page.click(what)]);
    await page.goto('/segments/new');
    await page.selectOption('[id="ask.0.what"]', 'purchases:count');
    await press('.ask-boxes > .without-js');
    await page.selectOption('[id="ask.0.op"]', 'at_least');
    await page.fill('[id="ask.0.number"]', '1');
    await press('button[value="group ask"]');
    assert.match(await page.inputValue('#ask'), /count\(purchases\) at least 1/);
    await page.selectOption('[id="ask.1.0.what"]', 'stage');
    await press('.ask-boxes > .without-js');
    await page.selectOption('[id="ask.1.0.value.0"]', 'active');
    await page.fill('#name', 'Buyers');
    await page.check('[name=_frozen][value="1"]');
    await press('.panel-foot .button.main');
    assert.ok(await page.locator('.lead .mark.lapis').count());
    await press('form[action$="/remove"] button');
    assert.match(page.url(), /\/segments$/);
});

await t.test('from right to left, on a phone, in the dark: nothing sticks out, axe finds nothing', async () => {
    const page = await t.page({ width: 360, dark: true });
    await speak(page, 'fa');
    for (const path of ['/segments', '/segments/new?where=' + encodeURIComponent('جنسیت:زن (شهر:تهران یا جمع(خریدها، ۳۰ روز اخیر) بیش از ۵۰۰)'), '/clients?where=stage:lead']) {
        await page.goto(path);
        assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), path);
        assert.deepEqual(await faults(page), [], path);
    }
    await speak(page, 'en');
});

await t.end();
