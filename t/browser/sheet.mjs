// The list as a sheet: walked, edited and undone with the keyboard alone in both directions, an error in its
// place, somebody else's change in between, a pasted block looked at and applied, columns chosen, ordered and
// sized and still so after a reload.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { begin } from './_harness.mjs';
import { speak } from './_people.mjs';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core'), 'utf8');
const t = await begin({ clients: 60 });

const at = (page) => page.evaluate(() => {
    const e = document.activeElement, cell = e.closest('#sheet tbody :is(td, th)');
    return cell ? { row: cell.parentNode.sectionRowIndex, column: document.querySelectorAll('#sheet thead th')[cell.cellIndex].dataset.f, tag: e.tagName, value: e.value ?? null } : { tag: e.tagName };
});
const cell = (page, row, column) => page.evaluate(([r, f]) => {
    const i = [...document.querySelectorAll('#sheet thead th')].findIndex((h) => h.dataset.f === f);
    return document.querySelector('#sheet').tBodies[0].rows[r].cells[i].textContent.trim();
}, [row, column]);
const press = async (page, ...keys) => { for (const k of keys) await page.keyboard.press(k); };
const columns = (page) => page.evaluate(() => [...document.querySelectorAll('#sheet thead th')].map((h) => h.dataset.f));
const saved = (page) => page.waitForFunction(() => !document.querySelector('#sheet .busy'));
const open = async (page, language, where = '/clients?sort=display_name') => {
    await speak(page, language);
    await page.goto(where);
    await page.focus('#sheet tbody th a');
};
const standard = (page) => page.evaluate(() => fetch('/clients/columns', { method: 'POST', body: new URLSearchParams({ csrf: document.querySelector('[name=csrf]').value, standard: 1 }) }));
/* A key of a keyboard that is not Latin, as the browser reports it; what follows is typed as text. */
const typeOn = async (page, text) => {
    if (/^[ -~]/.test(text)) return page.keyboard.type(text);
    const devtools = await page.context().newCDPSession(page);
    await devtools.send('Input.dispatchKeyEvent', { type: 'keyDown', key: text[0], text: text[0], code: 'KeyA' });
    await devtools.send('Input.dispatchKeyEvent', { type: 'keyUp', key: text[0], code: 'KeyA' });
    await page.keyboard.insertText(text.slice(1));
};
/* To that column of the row on which one is. */
const walk = async (page, column, ahead) => {
    await press(page, 'Home');
    for (let i = 0; i < 30 && (await at(page)).column !== column; i++) await press(page, ahead);
    assert.equal((await at(page)).column, column);
};
const paste = (page, text) => page.evaluate((block) => {
    const data = new DataTransfer();
    data.setData('text/plain', block);
    document.activeElement.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }));
}, text);
const clean = async (page, what) => {
    await page.evaluate(axe);
    const found = await page.evaluate(() => window.axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] }));
    assert.deepEqual(found.violations.map((v) => `${v.id}: ${v.nodes[0].html} ${v.nodes[0].failureSummary}`), [], what);
};

for (const [language, ahead, back] of [['en', 'ArrowRight', 'ArrowLeft'], ['fa', 'ArrowLeft', 'ArrowRight']])
    await t.test(`cells are walked, edited and undone with the keyboard alone (${language})`, async () => {
        const page = await t.page({ language });
        await open(page, language);
        assert.deepEqual([(await at(page)).row, (await at(page)).column], [0, 'display_name']);
        await press(page, ahead);
        assert.equal((await at(page)).column, 'category', 'the arrow that points ahead goes ahead');
        await press(page, back);
        assert.equal((await at(page)).column, 'display_name');
        await press(page, 'End');
        assert.equal((await at(page)).column, 'town');
        await press(page, 'ArrowDown', 'ArrowDown');
        const before = await cell(page, 2, 'town');
        await typeOn(page, language === 'fa' ? 'شیراز' : 'Zurich');
        assert.equal((await at(page)).tag, 'INPUT');
        await press(page, 'Enter');
        assert.deepEqual(await at(page), { row: 3, column: 'town', tag: 'TD', value: null }, 'Enter saves and goes down');
        await saved(page);
        assert.equal(await cell(page, 2, 'town'), language === 'fa' ? 'شیراز' : 'Zurich');
        await press(page, 'ArrowUp', 'F2');
        await page.keyboard.type('Nowhere');
        await press(page, 'Escape');
        assert.equal((await at(page)).tag, 'TD');
        assert.equal(await cell(page, 2, 'town'), language === 'fa' ? 'شیراز' : 'Zurich', 'Escape gives back what was there');
        await press(page, 'Control+z');
        await page.waitForFunction(([f, was]) => {
            const i = [...document.querySelectorAll('#sheet thead th')].findIndex((h) => h.dataset.f === f);
            return document.querySelector('#sheet').tBodies[0].rows[2].cells[i].textContent.trim() === was;
        }, ['town', before]);
        await page.reload();
        assert.equal(await cell(page, 2, 'town'), before);
        /* A choice: the arrows choose, Tab saves and goes on. */
        await page.focus('#sheet tbody th a');
        await walk(page, 'category', ahead);
        await press(page, 'Enter');
        await page.waitForSelector('#sheet .edit select');
        await press(page, 'ArrowDown', 'Tab');
        assert.equal((await at(page)).column, 'stage');
        await saved(page);
        const chosen = await cell(page, 0, 'category');
        await page.reload();
        assert.equal(await cell(page, 0, 'category'), chosen);
    });

await t.test('what cannot be understood stays typed, with its reason at the cell', async () => {
    const page = await t.page();
    page.expectErrors = true;
    await open(page, 'en');
    await walk(page, 'email', 'ArrowRight');
    const before = await cell(page, 0, 'email');
    await page.keyboard.type('not a mail');
    await press(page, 'Enter');
    await page.waitForSelector('#cell-note.bad');
    assert.deepEqual(await at(page), { row: 0, column: 'email', tag: 'INPUT', value: 'not a mail' });
    assert.match(await page.textContent('#cell-note .problem-text'), /e-mail address/);
    assert.equal(await page.getAttribute('#cell-in', 'aria-invalid'), 'true');
    assert.equal(await page.getAttribute('#cell-in', 'aria-describedby'), 'cell-note');
    await clean(page, 'axe, with an error in the cell');
    await page.fill('#cell-in', 'right@example.org');
    await press(page, 'Enter');
    await saved(page);
    assert.equal(await cell(page, 0, 'email'), 'right@example.org');
    await page.focus('#sheet tbody th a');
    await walk(page, 'email', 'ArrowRight');
    await page.keyboard.type('wrong');
    await press(page, 'Enter');
    await page.waitForSelector('#cell-note.bad');
    await press(page, 'Escape');
    assert.equal(await cell(page, 0, 'email'), 'right@example.org');
    assert.notEqual(before, 'right@example.org');
});

await t.test('two people in one cell: both values are shown, and one chooses', async () => {
    const [one, other] = [await t.page(), await t.page()];
    one.expectErrors = other.expectErrors = true;
    await open(one, 'en');
    await open(other, 'en');
    await walk(one, 'town', 'ArrowRight');
    await walk(other, 'town', 'ArrowRight');
    await other.keyboard.type('Theirs');
    await press(other, 'Enter');
    await saved(other);
    await one.keyboard.type('Mine');
    await press(one, 'Enter');
    await one.waitForSelector('#cell-note.stale');
    assert.match(await one.textContent('#cell-note .stale'), /Theirs/);
    assert.equal((await at(one)).value, 'Mine');
    await one.click('#cell-note .button.main');
    await saved(one);
    assert.equal(await cell(one, 0, 'town'), 'Mine');
    await other.focus('#sheet tbody th a');
    await walk(other, 'town', 'ArrowRight');
    await other.keyboard.type('Mine again');
    await press(other, 'Enter');
    await other.waitForSelector('#cell-note.stale');
    await other.click('#cell-note .stale .button:not(.main)');
    assert.equal(await cell(other, 0, 'town'), 'Mine');
    /* In two cells nobody stands in the other's way. */
    await other.reload();
    await one.focus('#sheet tbody th a');
    await walk(one, 'town', 'ArrowRight');
    await one.keyboard.type('A');
    await press(one, 'Enter');
    await saved(one);
    await other.focus('#sheet tbody th a');
    await walk(other, 'phone', 'ArrowRight');
    await other.keyboard.type('+33 6 12 34 56 78');
    await press(other, 'Enter');
    await saved(other);
    assert.equal(await cell(other, 0, 'town'), 'A', 'the row comes anew with the answer');
    assert.match(await cell(other, 0, 'phone'), /6 12 34 56 78/);
});

await t.test('a block from a spreadsheet is shown, applied as one piece, and taken back as one', async () => {
    const page = await t.page();
    await open(page, 'en');
    await press(page, 'ArrowDown');
    await walk(page, 'email', 'ArrowRight');
    const before = await Promise.all([1, 2, 3].map(async (r) => [await cell(page, r, 'email'), await cell(page, r, 'town')]));
    await paste(page, 'a@example.org\tRome\r\nno mail\t"Aix\r\nen Provence"\r\nc@example.org\tOslo\r\n');
    await page.waitForSelector('dialog.pasted[open]');
    const figures = await page.locator('.pasted .tally dd').allTextContents();
    assert.deepEqual(figures.map((x) => x.trim()), ['5', '3', '1']);
    assert.match(await page.textContent('.pasted td.wrong'), /no mail.*e-mail address/s);
    await clean(page, 'axe, with the preview');
    await Promise.all([page.waitForNavigation(), page.click('.pasted .button.main')]);
    assert.deepEqual([await cell(page, 1, 'email'), await cell(page, 1, 'town'), await cell(page, 2, 'town'), await cell(page, 3, 'email')], ['a@example.org', 'Rome', 'Aix en Provence', 'c@example.org']);
    assert.equal(await cell(page, 2, 'email'), before[1][0], 'what was not understood stays');
    await page.click('#toasts .undo');
    await page.waitForFunction(() => document.querySelector('#toasts').textContent.includes('Taken back'));
    assert.deepEqual(await Promise.all([1, 2, 3].map(async (r) => [await cell(page, r, 'email'), await cell(page, r, 'town')])), before);
});

await t.test('a selected block is copied as a spreadsheet wants it', async () => {
    const page = await t.page();
    await open(page, 'en');
    await walk(page, 'phone', 'ArrowRight');
    await press(page, 'Shift+ArrowRight', 'Shift+ArrowDown');
    assert.equal(await page.locator('#sheet [aria-selected=true]').count(), 4);
    const text = await page.evaluate(() => {
        const data = new DataTransfer();
        document.activeElement.dispatchEvent(new ClipboardEvent('copy', { clipboardData: data, bubbles: true, cancelable: true }));
        return data.getData('text/plain');
    });
    const wanted = [];
    for (const r of [0, 1]) wanted.push(`${await cell(page, r, 'phone')}\t${await cell(page, r, 'email')}`);
    assert.equal(text, wanted.join('\n'));
});

await t.test('at the end of the page the next rows come', async () => {
    const page = await t.page();
    await open(page, 'en');
    const n = await page.locator('#sheet tbody tr').count();
    await press(page, 'Control+End', 'ArrowDown');
    await page.waitForFunction((was) => document.querySelectorAll('#sheet tbody tr').length > was, n);
    await page.waitForFunction((was) => document.activeElement.closest('tr')?.sectionRowIndex === was, n);
});

await t.test('columns are chosen, ordered and sized, and stay so', async () => {
    const page = await t.page();
    await open(page, 'en');
    await page.click('summary:has-text("Columns")');
    await page.waitForSelector('.column-list li');
    await clean(page, 'axe, with the panel open');
    await page.uncheck('.column-list input[value^="stage:"]');
    await page.check('.column-list input[value^="birth_date:"]');
    await page.click('.column-list li:has(input[value^="phone:"]) [name=up]');
    await page.click('.column-list li:has(input[value^="phone:"]) [name=up]');
    await Promise.all([page.waitForNavigation(), page.click('.columns-form .button.main')]);
    assert.deepEqual(await columns(page), ['display_name', 'phone', 'category', 'email', 'town', 'responsible', 'changed_at', 'birth_date']);
    const width = () => page.evaluate(() => document.querySelector('#sheet th[data-f="town"]').offsetWidth);
    const was = await width();
    await page.focus('#sheet th[data-f="town"] a');
    await Promise.all([page.waitForResponse('**/clients/columns'), press(page, 'Shift+ArrowRight', 'Shift+ArrowRight')]);
    assert.equal(await width(), was + 32);
    await page.reload();
    assert.equal(await width(), was + 32);
    const edge = await page.locator('#sheet th[data-f="town"] .edge').boundingBox();
    await page.mouse.move(edge.x + 4, edge.y + 8);
    await page.mouse.down();
    await page.mouse.move(edge.x + 64, edge.y + 8, { steps: 4 });
    await Promise.all([page.waitForResponse('**/clients/columns'), page.mouse.up()]);
    assert.equal(await width(), was + 92);
    await page.reload();
    assert.equal(await width(), was + 92);
    /* A date is typed in one's own calendar. */
    await page.focus('#sheet tbody th a');
    await walk(page, 'birth_date', 'ArrowRight');
    await page.keyboard.type('2 May 1980');
    await page.waitForFunction(() => document.querySelector('#cell-in-echo').textContent.includes('1980'));
    await press(page, 'Enter');
    await saved(page);
    assert.match(await cell(page, 0, 'birth_date'), /1980/);
    await standard(page);
    await page.reload();
    assert.ok((await columns(page)).includes('stage'));
});

await t.test('without scripts the list reads, and columns are chosen on a page of their own', async () => {
    const page = await t.page({ javaScript: false });
    await page.goto('/clients');
    assert.ok(await page.locator('#sheet tbody tr').count() > 20);
    await page.click('a[href="/clients/columns"]');
    await page.click('.column-list li:has(input[value^="town:"]) [name=up]');
    await page.waitForSelector('.column-list li:nth-child(4) input[value^="town:"]');
    await page.click('main button:has-text("Standard")');
    await page.waitForURL(/\/clients$/);
});

await t.end();
