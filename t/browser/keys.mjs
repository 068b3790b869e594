// The keyboard alone: skip link, search, walk the list, open, edit, save, close; the focus is always seen.
import assert from 'node:assert/strict';
import { begin } from './_harness.mjs';
import { addClient, speak } from './_people.mjs';

const t = await begin({ clients: 30 });
const focused = (page) => page.evaluate(() => {
    const e = document.activeElement, s = getComputedStyle(e), near = e.closest('.box') ? getComputedStyle(e.closest('.box')) : s;
    const ring = (x) => (x.outlineStyle !== 'none' && parseFloat(x.outlineWidth) > 0) || x.boxShadow !== 'none';
    return { tag: e.tagName, name: e.getAttribute('name'), href: e.getAttribute('href'), text: e.textContent.trim().slice(0, 40), ring: ring(s) || ring(near), id: e.id };
});

for (const language of ['en', 'fa'])
    await t.test(`a client is found, edited and saved without a mouse (${language})`, async () => {
        const page = await t.page({ language });
        await speak(page, language);
        const id = await addClient(page, { given: 'Keya', family: `Board${language}`, phone: language === 'fa' ? '+989121112233' : '+33612345678', mail: `k${language}@example.org` });
        await page.goto('/clients');
        await page.keyboard.press('Tab');
        assert.equal((await focused(page)).href, '#main');
        await page.keyboard.press('Enter');
        assert.equal((await focused(page)).id, 'main');
        await page.keyboard.press('/');
        assert.equal((await focused(page)).id, 'find');
        await page.keyboard.type(`board${language}`, { delay: 25 });
        await page.waitForSelector(`#found a[href="/clients/${id}"]`);
        await page.keyboard.press('ArrowDown');
        await Promise.all([page.waitForURL(`**/clients/${id}`), page.keyboard.press('Enter')]);
        await Promise.all([page.waitForURL(`**/clients/${id}/edit`), page.keyboard.press('e')]);
        for (let i = 0; i < 120 && (await focused(page)).name !== 'nickname'; i++) await page.keyboard.press('Tab');
        const at = await focused(page);
        assert.equal(at.name, 'nickname');
        assert.ok(at.ring, 'the focus is not seen');
        await page.keyboard.type('Kay');
        await Promise.all([page.waitForURL(`**/clients/${id}`), page.keyboard.press('Control+Enter')]);
        assert.ok((await page.locator('main').innerText()).includes('Kay'));
    });

await t.test('j and k walk the list, Enter opens, ? helps, Escape closes', async () => {
    const page = await t.page();
    await speak(page, 'en');
    await page.goto('/clients');
    await page.keyboard.press('j');
    await page.keyboard.press('j');
    const second = await focused(page);
    assert.match(second.href ?? '', /^\/clients\/\d+$/);
    await page.keyboard.press('k');
    const first = await focused(page);
    assert.notEqual(first.href, second.href);
    await page.keyboard.press('?');
    await page.waitForSelector('#keys-help[open]');
    await page.keyboard.press('Escape');
    await page.waitForSelector('#keys-help:not([open])', { state: 'attached' });
    await page.focus(`tbody a[href="${first.href}"]`);
    await Promise.all([page.waitForURL(/\/clients\/\d+$/), page.keyboard.press('Enter')]);
});

await t.test('Tab goes through the page in reading order and shows where it is', async () => {
    for (const language of ['en', 'fa']) {
        const page = await t.page({ language });
        await speak(page, language);
        await page.goto('/clients');
        const seen = [];
        for (let i = 0; i < 40; i++) {
            await page.keyboard.press('Tab');
            const at = await focused(page);
            if (at.tag === 'BODY') break;
            assert.ok(at.ring, `no ring on ${JSON.stringify(at)}`);
            seen.push(at);
        }
        assert.ok(seen.length > 20, `${seen.length} stops`);
    }
});

await t.end();
