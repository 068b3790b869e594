// The main job in each of the four languages: list, search as you type, a client, edit, undo, note, bin and
// back, history, with names, numbers and dates as people of that language write them.
import assert from 'node:assert/strict';
import { begin } from './_harness.mjs';
import { addClient, hard, languages, speak } from './_people.mjs';

const t = await begin({ clients: 30 });

// Names, and what one types to find them (localisation.md 2.2); a date of birth and what is kept of it.
const people = {
    fa: { given: 'علی', family: 'کریمی‌راد', search: 'علي كريمي', date: '۱۵ مهر ۱۳۶۲', iso: '1983-10-07', phone: '۰۹۱۲ ۳۴۵ ۶۷۸۹', digits: '۳۴۵۶' },
    ar: { given: 'أحمد', family: 'الخطيب', search: 'احمد', date: '٧ أكتوبر ١٩٨٣', iso: '1983-10-07', phone: '+966 50 123 4567', digits: '٢٣٤٥' },
    fr: { given: 'Élodie', family: 'Lefèvre', search: 'elodie lefevre', date: '7 octobre 1983', iso: '1983-10-07', phone: '+33 6 12 34 56 78', digits: '3456' },
    en: { given: 'Zoë', family: 'O’Brien', search: 'zoe obr', date: '7 October 1983', iso: '1983-10-07', phone: '+44 7400 123456', digits: '0123' },
};
const hit = (page, name) => page.locator('#found a[role=option]', { hasText: name });
const settle = (page) => page.waitForLoadState('load');

for (const [language, direction] of languages)
    await t.test(`the main job in ${language}`, async () => {
        const who = people[language];
        const page = await t.page({ language });
        await speak(page, language);
        await page.check(`input[name=calendar][value=${language === 'fa' ? 'persian' : 'gregorian'}]`, { force: true });
        await Promise.all([page.waitForNavigation(), page.click('form[action="/settings/me"] .panel-foot button')]);
        assert.equal(await page.getAttribute('html', 'lang'), language);
        assert.equal(await page.getAttribute('html', 'dir'), direction);

        await page.goto('/clients/new');
        await page.fill('[name=given_name]', who.given);
        await page.fill('[name=family_name]', who.family);
        await page.fill('[name="phones.0.number"]', who.phone);
        await page.fill('[name=birth_date]', who.date);
        await page.locator('#f-birth_date-echo, output[for=f-birth_date]').first().waitFor();
        await Promise.all([page.waitForURL(/\/clients\/\d+$/), page.click('.form-foot button.main')]);
        const id = Number(new URL(page.url()).pathname.split('/').pop());
        const name = await page.locator('h1 bdi').innerText();
        assert.ok(name.includes(who.given) && name.includes(who.family), name);
        assert.ok(await page.locator(`time[title*="${who.iso}"]`).count(), `no time with ${who.iso} in its title`);
        assert.ok(await page.locator('.reach a[href^="tel:+"] bdi[dir=ltr]').count(), 'the phone is no <bdi dir=ltr> in a tel: link');

        await page.locator('#find').pressSequentially(who.search, { delay: 30 });
        await hit(page, who.family).first().waitFor();
        await page.fill('#find', who.digits);
        await hit(page, who.family).first().waitFor();
        await page.keyboard.press('ArrowDown');
        await Promise.all([page.waitForURL(`**/clients/${id}`), page.keyboard.press('Enter')]);

        await page.click(`a[href="/clients/${id}/edit"]`);
        await page.fill('[name=territory]', `T-${language}`);
        await Promise.all([page.waitForURL(/\/clients\/\d+$/), page.click('.form-foot button.main')]);
        assert.ok(((await page.locator('.facts').allInnerTexts()).join(' ')).includes(`T-${language}`));
        await Promise.all([page.waitForNavigation(), page.click('.toast button.undo')]);
        await page.goto(`/clients/${id}`);
        assert.ok(!(await page.locator('.facts').allInnerTexts()).join(' ').includes(`T-${language}`), 'the undo in the toast undid nothing');

        await page.fill('#note-text', `${who.given}: 50% & <b>`);
        await Promise.all([page.waitForNavigation(), page.click('.composer button[type=submit]')]);
        assert.ok((await page.locator('.said').first().innerText()).includes(`${who.given}: 50% & <b>`));

        await page.locator('.client-acts details.pop > summary').last().click();
        await page.click(`form[action="/clients/${id}/bin"] button`);
        await page.waitForSelector('#confirm[open]');
        await Promise.all([page.waitForNavigation(), page.click('#confirm [data-yes]')]);
        await page.goto('/bin');
        assert.ok(await page.locator('tbody', { hasText: who.family }).count());
        await Promise.all([page.waitForNavigation(), page.click(`form[action="/clients/${id}/restore"] button`)]);
        await page.goto('/history');
        assert.ok((await page.locator('main').innerText()).includes(who.family));
        await settle(page);
    });

await t.test('a hard name keeps its punctuation in list, title, heading and search', async () => {
    const page = await t.page({ language: 'fa' });
    await speak(page, 'fa');
    const id = await addClient(page);
    assert.equal((await page.locator('h1 bdi').innerText()).trim(), hard.all);
    assert.ok((await page.title()).includes('پارس!'), await page.title());
    for (const path of [`/clients/${id}`, `/clients?q=${encodeURIComponent('پارس')}`, '/history']) {
        await page.goto(path);
        assert.ok(await page.locator('bdi', { hasText: 'پارس!' }).count(), `${path}: the name stands in no <bdi>`);
        // Every text node of the page that holds the name is isolated from the words around it.
        const bare = await page.evaluate(() => {
            const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT), bad = [];
            for (let n; (n = walk.nextNode());)
                if (n.data.includes('پارس!') && !n.parentElement.closest('bdi,[dir=auto],option,del,ins') && !/[⁨⁩]/.test(n.data)) bad.push(n.parentElement.outerHTML.slice(0, 200));
            return bad;
        });
        assert.deepEqual(bare, [], path);
    }
    await page.goto(`/clients/${id}/edit`);
    for (const name of ['emails.0.email', 'phones.0.number', 'website'])
        assert.equal(await page.getAttribute(`[name="${name}"]`, 'dir'), 'ltr', name);
    assert.equal(await page.locator('[name=given_name]').getAttribute('dir'), 'auto');
    // An empty field's placeholder stands at the right (check 8).
    assert.equal(await page.locator('#find').evaluate((e) => getComputedStyle(e).textAlign === 'right' || getComputedStyle(e).direction === 'rtl'), true);
});

await t.end();
