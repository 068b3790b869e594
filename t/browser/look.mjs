// What a page owes the eye and the keyboard, on every page: contrast in the dark, a ring around whatever has
// the focus, nothing but the content on paper, and the best practice that Lighthouse asks for (make
// lighthouse runs it itself); errors that lead to their fields; buttons that say that they are at work.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { begin } from './_harness.mjs';
import { addClient, pagesOf, speak } from './_people.mjs';

const t = await begin({ clients: 60 });
const axe = readFileSync('node_modules/axe-core/axe.min.js', 'utf8');
const first = await t.page();
const id = await addClient(first);

async function violations(page, only) {
    const was = page.viewportSize();
    await page.setViewportSize({ width: was.width, height: 12000 });
    await page.evaluate(axe);
    const found = await page.evaluate(async (runOnly) => (await globalThis.axe.run(document, { runOnly })).violations
        .flatMap((v) => v.nodes.map((n) => `${v.id}: ${n.target} ${n.failureSummary.replace(/\s+/g, ' ').slice(0, 200)}`)), only);
    await page.setViewportSize(was);
    return found;
}

async function everywhere(page, judge) {
    const wrong = [];
    for (const path of pagesOf(id)) {
        await page.goto(path);
        for (const what of await judge(page)) wrong.push(`${path}: ${what}`);
    }
    assert.deepEqual(wrong, []);
}

await t.test('every page has contrast in the dark', async () => {
    const page = await t.page({ dark: true });
    await speak(page, 'fa');
    await everywhere(page, (p) => violations(p, { type: 'rule', values: ['color-contrast', 'link-in-text-block'] }));
});

await t.test('every page keeps the best practice that axe and Lighthouse know', async () => {
    const page = await t.page();
    await everywhere(page, async (p) => [...await violations(p, ['best-practice']), ...await p.evaluate(async () => {
        const bad = [];
        if (document.compatMode !== 'CSS1Compat') bad.push('no doctype');
        if (document.characterSet !== 'UTF-8') bad.push('not UTF-8');
        if (!/width=device-width/.test(document.querySelector('meta[name=viewport]')?.content)) bad.push('no viewport');
        const seen = new Set();
        for (const e of document.querySelectorAll('[id]')) {
            if (seen.has(e.id)) bad.push(`twice the id ${e.id}`);
            seen.add(e.id);
        }
        const sprite = document.querySelector('use')?.href.baseVal.replace(/#.*/, '');
        const icons = sprite ? await (await fetch(sprite)).text() : '';
        for (const e of document.querySelectorAll('use')) if (!icons.includes(`id="${e.href.baseVal.replace(/.*#/, '')}"`)) bad.push(`no such icon: ${e.href.baseVal}`);
        for (const e of document.images) {
            const b = e.getBoundingClientRect();
            const skewed = e.naturalWidth && b.width && Math.abs(e.naturalWidth / e.naturalHeight - b.width / b.height) > 0.05;
            if (skewed && getComputedStyle(e).objectFit === 'fill') bad.push(`a picture out of shape: ${e.src}`);
        }
        for (const e of document.querySelectorAll('a[href^="http:"]:not([href^="http://127.0.0.1"])')) bad.push(`not https: ${e.href}`);
        for (const e of document.querySelectorAll('a[target=_blank]:not([rel~=noopener])')) if (e.origin !== location.origin) bad.push(`opens a window of others: ${e.href}`);
        for (const e of document.querySelectorAll('[style], script:not([src])')) bad.push(`inline: ${e.outerHTML.slice(0, 80)}`);
        return bad;
    })]);
});

// Whatever can have the focus looks different when it has it: itself, what is drawn over it, or the box around it.
await t.test('the focus is seen wherever it goes', async () => {
    const page = await t.page();
    await everywhere(page, (p) => p.evaluate(() => {
        const drawn = (e, pseudo) => {
            const s = getComputedStyle(e, pseudo);
            return [s.outlineStyle === 'none' ? '' : s.outlineWidth + s.outlineColor, s.boxShadow, s.borderColor, s.backgroundColor, s.strokeWidth].join();
        };
        const look = (e) => [drawn(e), drawn(e, '::after'), drawn(e, '::before'), drawn(e.firstElementChild || e), drawn(e.parentElement), drawn(e.parentElement.parentElement)].join(';');
        const all = [...document.querySelectorAll('a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex="0"]')]
            .filter((e) => !e.disabled && e.checkVisibility({ visibilityProperty: true }));
        const bad = [];
        for (const e of all) {
            document.activeElement.blur();
            const before = look(e);
            e.focus({ focusVisible: true });
            if (document.activeElement === e && look(e) === before) bad.push(`no ring: ${e.outerHTML.slice(0, 140)}`);
        }
        return all.length > 10 ? bad : ['hardly anything to focus'];
    }));
});

await t.test('on paper stands the content alone, dark on white', async () => {
    const page = await t.page({ dark: true });
    await page.emulateMedia({ media: 'print', colorScheme: 'dark' });
    await everywhere(page, (p) => p.evaluate(() => {
        const bad = [];
        for (const e of document.querySelectorAll('.side, .top, nav.sub, nav.tabs, .crumbs, .letters, .toasts, .skip, .form-foot, .drop, .button:not(.keep)'))
            if (e.checkVisibility()) bad.push(`on paper: ${e.outerHTML.slice(0, 100)}`);
        const light = (text) => text.match(/[\d.]+/g).slice(0, 3).reduce((sum, n) => sum + Number(n), 0) / 765;
        const ink = light(getComputedStyle(document.querySelector('main h1')).color);
        if (ink > 0.35) bad.push(`pale ink: ${ink}`);
        for (const e of document.querySelectorAll('.card, .sheet, .part')) if (e.checkVisibility() && light(getComputedStyle(e).backgroundColor) < 0.9) bad.push(`dark paper: ${e.className}`);
        return bad;
    }));
});

await t.test('a table and a long line of changes fit the width of the paper', async () => {
    const page = await t.page({ width: 700 }); // A4 between its margins
    const wrong = [];
    for (const language of ['fa', 'fr', 'en']) {
        await page.emulateMedia({ media: 'screen' });
        await speak(page, language);
        await page.emulateMedia({ media: 'print' });
        for (const path of ['/clients', `/clients/${id}`, '/history', '/labels/made', '/search?q=a']) {
            await page.goto(path);
            const wide = await page.evaluate(() => [...document.querySelectorAll('main, main :is(table, section, dl)')].filter((e) => e.scrollWidth > e.clientWidth + 2 && e.clientWidth > 100).map((e) => e.outerHTML.slice(0, 80)));
            if (wide.length) wrong.push(`${language} ${path}: ${wide}`);
        }
    }
    assert.deepEqual(wrong, []);
});

await t.test('what is wrong is said above the form, and leads to its field', async () => {
    const page = await t.page();
    page.expectErrors = true;
    for (const [path, form, field] of [['/settings/members', 'form[action="/settings/members"]', 'email'], ['/settings', 'form[action="/settings/me"]', 'zone']]) {
        await page.goto(path);
        await page.fill(`[name=${field}]`, 'bad');
        await Promise.all([page.waitForNavigation(), page.$eval(form, (f) => { f.noValidate = true; f.requestSubmit(); })]);
        assert.equal(await page.evaluate(() => document.activeElement.getAttribute('role')), 'alert');
        await page.click(`[role=alert] a[href="#${field}"]`);
        assert.equal(await page.evaluate(() => document.activeElement.id), field);
        assert.equal(await page.getAttribute(`#${field}`, 'aria-invalid'), 'true');
        assert.ok(await page.isVisible(`#${field}-problem`));
    }
});

await t.test('a button at work says so after a moment', async () => {
    const page = await t.page();
    await page.goto('/settings');
    await page.route('**/settings/me', async (route) => {
        await new Promise((done) => setTimeout(done, 1500));
        await route.continue();
    });
    const left = page.waitForNavigation();
    const seen = await page.$eval('.panel-foot .main', async (e) => {
        e.click();
        await new Promise((done) => setTimeout(done, 500));
        return [e.ariaBusy, getComputedStyle(e, '::before').opacity];
    });
    assert.deepEqual(seen, ['true', '1']);
    await left;
    assert.equal(await page.getAttribute('.panel-foot .main', 'aria-busy'), null);
});

await t.test('with the colours of the system the place is still marked', async () => {
    const page = await t.page();
    await page.emulateMedia({ forcedColors: 'active' });
    await page.goto('/settings/members');
    for (const part of ['.side a[aria-current]', '.sub a[aria-current]'])
        assert.notEqual(await page.$eval(part, (e) => getComputedStyle(e).outlineStyle), 'none', part);
});

await t.end();
