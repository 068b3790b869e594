// Ctrl+K in four languages: by keyboard alone, on a wide and a narrow page; keys by their place on a
// Persian keyboard, g and a letter, switched off; what it says to a screen reader; axe finds nothing.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { begin } from './_harness.mjs';
import { addClient, speak } from './_people.mjs';

const t = await begin({ clients: 30 });
const axe = readFileSync('node_modules/axe-core/axe.min.js', 'utf8');
const chosen = (page) => page.evaluate(() => {
    const field = document.getElementById('palette-find'), option = document.getElementById(field.getAttribute('aria-activedescendant'));
    return { expanded: field.getAttribute('aria-expanded'), focus: document.activeElement === field, selected: option?.getAttribute('aria-selected'), text: option?.textContent, href: option?.getAttribute('href') };
});
const open = async (page) => {
    await page.keyboard.press('Control+k');
    await page.waitForSelector('#palette[open] [role=option]');
};
const type = async (page, text) => {
    const answer = page.waitForResponse((r) => r.url().includes('/palette?') && new URL(r.url()).searchParams.get('q') === text);
    await page.fill('#palette-find', text);
    await (await answer).finished();
    await page.waitForTimeout(60);
};

for (const [language, words, width] of [['fa', 'تنظیمات', 1280], ['ar', 'إعداداتي', 360], ['fr', 'parametres', 360], ['en', 'settings', 1280]])
    await t.test(`a page is found and opened by keys alone (${language}, ${width})`, async () => {
        const page = await t.page({ language, width });
        await speak(page, language);
        await page.goto('/clients');
        await open(page);
        assert.deepEqual([(await chosen(page)).focus, (await chosen(page)).selected], [true, 'true']);
        await page.evaluate(axe);
        const faults = await page.evaluate(async () => (await axe.run('#palette')).violations.map((v) => `${v.id}: ${v.nodes[0].html}`));
        assert.deepEqual(faults, []);
        await t.shot(page, `palette-${language}-${width}`);
        const first = (await chosen(page)).text;
        await page.keyboard.press('ArrowDown');
        assert.notEqual((await chosen(page)).text, first);
        await page.keyboard.press('ArrowUp');
        assert.equal((await chosen(page)).text, first);
        await type(page, words);
        assert.equal((await chosen(page)).href, '/settings');
        await Promise.all([page.waitForURL('**/settings'), page.keyboard.press('Enter')]);
        await page.keyboard.press('?');
        await page.waitForSelector('#keys-help[open]');
        await t.shot(page, `keys-${language}-${width}`);
        const wide = await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth);
        assert.ok(wide, 'wider than the page');
        await page.keyboard.press('Escape');
    });

await t.test('a client is found, done with, and the last ones stand first; names are not kept in the browser', async () => {
    const page = await t.page();
    await speak(page, 'en');
    const id = await addClient(page, { given: 'Palina', family: 'Etta', phone: '+33612345678', mail: 'p@example.org' });
    await page.goto('/history');
    await open(page);
    assert.equal((await chosen(page)).href, `/clients/${id}`, 'the one who was open last comes first');
    const kept = await page.evaluate(() => JSON.stringify({ ...localStorage }));
    assert.ok(kept.includes(`/clients/${id}`) && !kept.includes('Palina'), kept);
    await type(page, 'palin');
    await Promise.all([page.waitForURL(`**/clients/${id}`), page.keyboard.press('Enter')]);
    await open(page);
    await type(page, 'dark');
    await page.keyboard.press('Enter');
    await page.waitForSelector('html[data-scheme=dark]');
    assert.equal(new URL(page.url()).pathname, `/clients/${id}`, 'and one is where one was');
    await open(page);
    await type(page, 'new note');
    await page.keyboard.press('Enter');
    await page.waitForFunction(() => !document.getElementById('palette').open);
    await open(page);
    await page.keyboard.press('Escape');
    await page.waitForFunction(() => !document.getElementById('palette').open);
    await page.evaluate(() => document.activeElement.blur());
    await page.keyboard.press('n');
    assert.equal(await page.evaluate(() => document.activeElement.id), 'note-text');
});

await t.test('keys count by their place on another keyboard, g goes, and a setting ends it', async () => {
    const page = await t.page({ language: 'fa' });
    await speak(page, 'fa');
    await page.goto('/clients');
    const strike = (key, code) => page.evaluate(([k, c]) => document.body.dispatchEvent(new KeyboardEvent('keydown', { key: k, code: c, bubbles: true, cancelable: true })), [key, code]);
    await strike('ل', 'KeyG');
    await Promise.all([page.waitForURL('**/history'), strike('ا', 'KeyH')]);
    await strike('؟', 'Slash');
    await page.waitForSelector('#keys-help[open]');
    await page.keyboard.press('Escape');
    await page.goto('/settings');
    await page.selectOption('select[name=keys]', 'off');
    await Promise.all([page.waitForNavigation(), page.locator('main form .button.main').first().click()]);
    await page.keyboard.press('?');
    assert.equal(await page.evaluate(() => document.getElementById('keys-help').open), false);
    await open(page);
});

await t.test('without a script it is a page', async () => {
    const page = await t.page({ javaScript: false });
    await page.goto('/palette?q=import');
    await Promise.all([page.waitForURL('**/import'), page.locator('main a[href="/import"]').first().click()]);
});

await t.end();
