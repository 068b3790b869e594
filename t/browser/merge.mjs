// Two clients become one and two again: from the ticked through the comparison, by the keyboard alone, with what came
// since sorted; in Persian and English, wide and on a phone; without JavaScript; axe.
import assert from 'node:assert/strict';
import { begin } from './_harness.mjs';
import { faults, speak } from './_people.mjs';

const t = await begin({ clients: 40 });
const [a, b, c, d] = t.daftar('list', 'party', '--data', t.data, '--where', 'kind=person', '--columns', 'id').trim().split('\n').slice(1).map(Number);
const names = (page) => page.locator('.compare thead b').allTextContents();

/* Tab until what has the focus fits; how often is no matter, that it is reached is. */
async function tabTo(page, selector) {
    for (let i = 0; i < 120; i++) {
        await page.keyboard.press('Tab');
        if (await page.evaluate((s) => document.activeElement?.matches(s), selector)) return;
    }
    assert.fail(`the keyboard does not reach ${selector}`);
}

await t.test('compared, merged and taken apart with the keyboard alone', async () => {
    const page = await t.page();
    await speak(page, 'en');
    await page.goto(`/clients/compare?pick=${a}&pick=${b}`);
    await Promise.all([page.waitForURL(/\/merge\//), page.click('main .page-head a.button[href*="/merge/"]')]);
    const [kept, gone] = await names(page);
    assert.deepEqual(await faults(page), []);
    await tabTo(page, 'input[name="f.display_name"]');
    await page.keyboard.press('ArrowRight');
    assert.equal(await page.locator('input[name="f.display_name"]:checked').getAttribute('value'), String(b));
    await page.keyboard.press('ArrowLeft');
    await tabTo(page, '.form-foot button.main');
    await Promise.all([page.waitForURL(new RegExp(`/clients/${a}$`)), page.keyboard.press('Enter')]);
    assert.ok((await page.locator('.note', { hasText: 'became a part of this client' }).textContent()).includes(gone));
    assert.deepEqual(await faults(page), []);
    await page.goto(`/clients/${b}`);
    assert.match(page.url(), new RegExp(`/clients/${a}$`));
    await page.fill('textarea[name=text]', 'Said after the merging');
    await Promise.all([page.waitForNavigation(), page.click('form[action$="/notes"] button:not([hidden])')]).catch(() => {});
    await page.goto(`/clients/${a}`);
    await page.locator('a[href^="/merges/"]').first().focus();
    await Promise.all([page.waitForURL(/\/merges\/\d+$/), page.keyboard.press('Enter')]);
    assert.deepEqual(await faults(page), []);
    await tabTo(page, 'input[name=goes]');
    await page.keyboard.press('Space');
    await tabTo(page, '.panel-foot button.main');
    await Promise.all([page.waitForURL(new RegExp(`/clients/${b}$`)), page.keyboard.press('Enter')]);
    assert.ok((await page.locator('main').textContent()).includes('Said after the merging'));
    assert.equal(await page.locator('h1').textContent(), gone);
    await page.goto(`/clients/${a}`);
    assert.equal(await page.locator('h1').textContent(), kept);
});

for (const language of ['fa', 'en'])
    await t.test(`pages of merging in ${language}, wide and narrow, light and dark: axe, nothing runs out of the page`, async () => {
        const page = await t.page();
        await speak(page, language);
        for (const [width, colorScheme] of [[1280, 'light'], [360, 'dark']]) {
            await page.setViewportSize({ width, height: 800 });
            await page.emulateMedia({ colorScheme });
            for (const path of [`/clients/${a}/merge/${c}?also=${d}`, '/merges', '/merges/1', '/settings/merging']) {
                await page.goto(path);
                assert.deepEqual(await faults(page), [], path);
                assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), `${path} at ${width}`);
            }
        }
    });

await t.end();
