// Every page in every language: lang and dir, no horizontal scroll down to 320 pixels, no WCAG 2.2 A or AA
// violation, tables with headers, phones left to right (localisation.md 5.3: 1, 3, 5 to 9, 17, 22, 25).
import assert from 'node:assert/strict';
import { begin } from './_harness.mjs';
import { addClient, faults, languages, pagesOf, speak } from './_people.mjs';

const t = await begin({ clients: 30 });
const first = await t.page();
const id = await addClient(first);
await first.goto('/clients/new?kind=organisation');

async function tooWide(page) {
    return page.evaluate(() => {
        const most = document.documentElement.clientWidth, rtl = document.documentElement.dir === 'rtl';
        if (document.documentElement.scrollWidth <= most) return null;
        const out = [...document.querySelectorAll('main *')].filter((e) => {
            const b = e.getBoundingClientRect();
            return b.width && (rtl ? b.left < -1 : b.right > most + 1);
        });
        return `${document.documentElement.scrollWidth} > ${most}: ${out.slice(0, 3).map((e) => e.outerHTML.slice(0, 120)).join(' | ')}`;
    });
}

async function structure(page) {
    return page.evaluate(() => {
        const bad = [];
        for (const table of document.querySelectorAll('table'))
            if (table.querySelector('th:not([scope])') || !table.querySelector('caption')) bad.push('a table without caption or scope');
        if (document.querySelectorAll('h1').length !== 1) bad.push(`${document.querySelectorAll('h1').length} h1`);
        const walk = document.createTreeWalker(document.querySelector('main') ?? document.body, NodeFilter.SHOW_TEXT);
        for (let n; (n = walk.nextNode());) {
            const ltr = n.parentElement.closest('[dir=ltr], textarea, option, code');
            if (/\+\d[\d ]{6,}/.test(n.data) && !ltr && document.documentElement.dir === 'rtl' && !/[⁦⁧⁨]/.test(n.data))
                bad.push('a phone that turns round: ' + n.parentElement.outerHTML.slice(0, 160));
        }
        for (const e of document.querySelectorAll('input[type=email], input[type=tel], input[inputmode=email], input[inputmode=url]'))
            if (e.dir !== 'ltr') bad.push('not ltr: ' + e.outerHTML.slice(0, 120));
        if (document.body.hasAttribute('dir')) bad.push('dir on body');
        return bad;
    });
}

for (const [language, direction] of languages)
    await t.test(`every page in ${language}`, async () => {
        const page = await t.page({ language });
        await speak(page, language);
        const wrong = [];
        for (const path of pagesOf(id)) {
            const answer = await page.goto(path);
            if (answer.status() >= 400) wrong.push(`${path}: ${answer.status()}`);
            if ((await page.getAttribute('html', 'lang')) !== language || (await page.getAttribute('html', 'dir')) !== direction)
                wrong.push(`${path}: lang or dir`);
            for (const s of await structure(page)) wrong.push(`${path}: ${s}`);
            for (const f of await faults(page)) wrong.push(`${path}: ${f}`);
            for (const width of [360, 320]) {
                await page.setViewportSize({ width, height: 740 });
                const wide = await tooWide(page);
                if (wide) wrong.push(`${path} at ${width}: ${wide}`);
            }
            if (language === 'fa') for (const f of await faults(page)) wrong.push(`${path} at 320: ${f}`);
            await page.setViewportSize({ width: 1280, height: 800 });
            const wide = await tooWide(page);
            if (wide) wrong.push(`${path} at 1280: ${wide}`);
        }
        assert.deepEqual(wrong, []);
    });

await t.test('dark pages have contrast too', async () => {
    const page = await t.page({ dark: true });
    await speak(page, 'en');
    const wrong = [];
    for (const path of ['/clients', `/clients/${id}`, `/clients/${id}/edit`, '/history', '/settings'])  {
        await page.goto(path);
        for (const f of await faults(page)) wrong.push(`${path}: ${f}`);
    }
    assert.deepEqual(wrong, []);
});

await t.test('text at 200% loses nothing', async () => {
    const page = await t.page({ width: 640, height: 400 }); // as 1280 × 800 zoomed to 200%
    const wrong = [];
    for (const language of ['fr', 'fa']) {
        await speak(page, language);
        for (const path of pagesOf(id)) {
            await page.goto(path);
            const wide = await tooWide(page);
            if (wide) wrong.push(`${language} ${path}: ${wide}`);
        }
    }
    assert.deepEqual(wrong, []);
});

await t.test('doors and refusals are pages like any other', async () => {
    const page = await t.page({ signedIn: false });
    page.expectErrors = true;
    const wrong = [];
    for (const path of ['/sign-in', '/password/unknown', '/nowhere'])
        for (const width of [1280, 320]) {
            await page.setViewportSize({ width, height: 740 });
            await page.goto(path);
            for (const f of await faults(page)) wrong.push(`${path}: ${f}`);
            const wide = await tooWide(page);
            if (wide) wrong.push(`${path} at ${width}: ${wide}`);
        }
    assert.deepEqual(wrong, []);
});

await t.end();
