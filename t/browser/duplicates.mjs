// Who is in the book twice: all compared by the button, a pair taken apart and brought back by the keyboard, the note while
// a client is typed who is there already; in Persian and English, wide and on a phone, without JavaScript; axe.
import assert from 'node:assert/strict';
import { begin } from './_harness.mjs';
import { faults, speak } from './_people.mjs';

const t = await begin({ clients: 300 });
const cards = (page) => page.locator('main ul.stack > li.card');

async function tabTo(page, selector) {
    for (let i = 0; i < 120; i++) {
        await page.keyboard.press('Tab');
        if (await page.evaluate((s) => document.activeElement?.matches(s), selector)) return;
    }
    assert.fail(`the keyboard does not reach ${selector}`);
}

await t.test('all are compared by the button, and there are pairs that say why', async () => {
    const page = await t.page();
    await speak(page, 'en');
    await page.goto('/duplicates');
    assert.equal(await cards(page).count(), 0);
    assert.deepEqual(await faults(page), []);
    await page.click('form[action="/duplicates/look"] button');
    await page.locator('#look.good a').click({ timeout: 30000 });
    await cards(page).first().waitFor();
    assert.ok(await cards(page).count() >= 5);
    assert.match(await cards(page).first().textContent(), /same/i);
});

await t.test('«not the same» by the keyboard alone, taken back, said again and remembered', async () => {
    const page = await t.page();
    const label = () => cards(page).first().locator('article').getAttribute('aria-label');
    await page.goto('/duplicates');
    const first = await label(), apart = 'form[action="/duplicates/apart"] button';
    await tabTo(page, apart);
    await Promise.all([page.waitForNavigation(), page.keyboard.press('Enter')]);
    assert.notEqual(await label(), first);
    await tabTo(page, '.note button.undo');
    await Promise.all([page.waitForNavigation(), page.keyboard.press('Enter')]);
    await page.goto('/duplicates');
    assert.equal(await label(), first);
    await tabTo(page, apart);
    await Promise.all([page.waitForNavigation(), page.keyboard.press('Enter')]);
    await page.goto('/duplicates?apart=1');
    assert.equal(await cards(page).count(), 1);
    assert.equal(await label(), first);
    t.daftar('duplicates', '--data', t.data);
    await page.goto('/duplicates');
    assert.notEqual(await label(), first);
});

const typed = async (page, known) => {
    await page.fill('[name=given_name]', known.given_name);
    await page.fill('[name=family_name]', known.family_name);
    await page.fill('[name="phones.0.number"]', known.phone);
};

await t.test('who is typed again is shown while typing, and saving stops once without JavaScript', async () => {
    const known = { given_name: 'Margaret', family_name: 'Oyelaran', phone: '+44 7700 900123' };
    const page = await t.page();
    await page.goto('/clients/new');
    await typed(page, known);
    await Promise.all([page.waitForURL(/\/clients\/\d+$/), page.click('.form-foot button.main')]);
    const was = page.url();
    for (const language of ['fa', 'en']) {
        await speak(page, language);
        await page.goto('/clients/new');
        await page.locator('[name=given_name]').pressSequentially('Peggy');
        await page.locator('[name=family_name]').pressSequentially('Oyelaran');
        await page.locator('[name="phones.0.number"]').pressSequentially('07700900123');
        const note = page.locator('#may-be .note', { hasText: 'Margaret Oyelaran' });
        await note.waitFor();
        assert.ok(was.endsWith(await note.locator('a').first().getAttribute('href')));
        assert.deepEqual(await faults(page), [], language);
    }
    const bare = await t.page({ javaScript: false });
    bare.expectErrors = true; /* 409 is noted in the console */
    await bare.goto('/clients/new');
    await typed(bare, known);
    await bare.click('.form-foot button.main');
    assert.ok((await bare.locator('main .note', { hasText: 'Oyelaran' }).first().textContent()).includes('Margaret'));
    assert.equal(await bare.inputValue('[name=family_name]'), 'Oyelaran');
    assert.ok(!/\/clients\/\d+$/.test(bare.url()));
});

for (const language of ['fa', 'en'])
    await t.test(`pages of duplicates in ${language}, wide and narrow, light and dark: axe, nothing runs out of the page`, async () => {
        const page = await t.page();
        await speak(page, language);
        for (const [width, colorScheme] of [[1280, 'light'], [360, 'dark']]) {
            await page.setViewportSize({ width, height: 800 });
            await page.emulateMedia({ colorScheme });
            for (const path of ['/duplicates', '/duplicates?band=sure', '/duplicates?apart=1']) {
                await page.goto(path);
                if (path === '/duplicates') assert.ok(await cards(page).count() >= 4);
                assert.deepEqual(await faults(page), [], path);
                assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), `${path} at ${width}`);
            }
        }
    });

await t.end();
