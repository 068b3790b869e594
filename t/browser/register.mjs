// The register as people use it: searching by keyboard, editing with rows that the script adds, undo, two people
// in one form, criteria, pages, letters, relationships, the bin; and reading, adding, searching with JavaScript off.
import assert from 'node:assert/strict';
import { begin } from './_harness.mjs';

const t = await begin({ clients: 120 });
const pathOf = (page) => new URL(page.url()).pathname;
const aClient = /^\/clients\/\d+$/;
const onClient = (page) => page.waitForURL((u) => aClient.test(u.pathname));
const names = (page) => page.$$eval('.sheet tbody th b', (all) => all.map((b) => b.textContent));

async function addClient(page, fields) {
    await page.goto('/clients/new');
    for (const [name, value] of Object.entries(fields)) await page.fill(`[name="${name}"]`, value);
    await Promise.all([onClient(page), page.click('.form-foot .main')]);
    return pathOf(page);
}

await t.test('a new client, found by the keyboard alone, by a part of the phone too', async () => {
    const page = await t.page();
    const path = await addClient(page, { given_name: 'Élodie', family_name: 'Quiquandon', 'phones.0.number': '۰۹۱۲ ۷۷۷ ۸۸ ۹۹', _organisation: 'Zebra Works', _job_title: 'Buyer' });
    assert.match(await page.textContent('.client-head'), /Buyer, Zebra Works/);
    for (const typed of ['elodie quiq', '7778', 'zebra']) {
        await page.goto('/clients');
        await page.keyboard.press('/');
        await page.keyboard.type(typed, { delay: 20 });
        await page.waitForSelector(`#found a.hit[href="${path}"]`);
        const at = await page.$$eval('#found a.hit', (all, p) => all.findIndex((a) => a.getAttribute('href') === p), path);
        for (let i = 0; i <= at; i++) await page.keyboard.press('ArrowDown');
        await Promise.all([page.waitForURL((u) => u.pathname === path), page.keyboard.press('Enter')]);
    }
});

await t.test('editing: a row more, the toast says it, undo brings back what was', async () => {
    const page = await t.page();
    const path = await addClient(page, { given_name: 'Row', family_name: 'Tester', 'emails.0.email': 'row@tester.example' });
    await page.keyboard.press('e');
    await page.waitForURL((u) => u.pathname === `${path}/edit`);
    await page.click('[data-add="phones"]');
    await page.fill('#phones .many-row:last-child input[type=tel]', '+33 6 12 34 56 78');
    await page.fill('[name=birth_date]', '1 farvardin 1360');
    await page.waitForFunction(() => [...document.querySelectorAll('output.echo')].some((o) => o.textContent.includes('1981')));
    await Promise.all([onClient(page), page.click('.form-foot .main')]);
    assert.match(await page.textContent('.reach'), /\+33 6 12 34 56 78/);
    await Promise.all([page.waitForNavigation(), page.click('.toast .undo')]);
    assert.equal(pathOf(page), path);
    assert.doesNotMatch(await page.textContent('.reach'), /\+33/);
});

await t.test('a refused form keeps what was typed and says what is wrong at the field', async () => {
    const page = await t.page();
    page.expectErrors = true;
    await page.goto('/clients/new');
    await page.fill('[name=given_name]', 'Kept');
    await page.fill('[name="phones.0.number"]', 'none');
    await page.fill('[name=_organisation]', 'Kept too');
    await page.click('.form-foot .main');
    await page.waitForSelector('.note.bad[role=alert]');
    assert.equal(await page.inputValue('[name=given_name]'), 'Kept');
    assert.equal(await page.inputValue('[name="phones.0.number"]'), 'none');
    assert.equal(await page.inputValue('[name=_organisation]'), 'Kept too');
    const described = await page.getAttribute('[name="phones.0.number"]', 'aria-describedby');
    assert.ok(await page.textContent(`#${described}`));
    await page.click('.note.bad a');
    assert.equal(await page.evaluate(() => document.activeElement.name), 'phones.0.number');
});

await t.test('two people in one form: nothing is overwritten unseen', async () => {
    const page = await t.page();
    page.expectErrors = true;
    const path = await addClient(page, { given_name: 'Two', family_name: 'People', nickname: 'one' });
    await page.goto(`${path}/edit`);
    const other = await page.context().newPage();
    await other.goto(`${path}/edit`);
    await other.fill('[name=nickname]', 'theirs');
    await Promise.all([onClient(other), other.click('.form-foot .main')]);
    await page.fill('[name=territory]', 'mine');
    await page.click('.form-foot .main');
    await page.waitForSelector('main .note .diff');
    assert.match(await page.textContent('main .note .diff'), /one.*theirs/s);
    assert.equal(await page.inputValue('[name=nickname]'), 'theirs');
    assert.equal(await page.inputValue('[name=territory]'), 'mine');
    await Promise.all([onClient(page), page.click('.form-foot .main')]);
    assert.match(await page.textContent('.facts'), /theirs[\s\S]*mine/);
});

await t.test('what stands in the way of an undo is shown', async () => {
    const page = await t.page();
    page.expectErrors = true;
    const path = await addClient(page, { given_name: 'Way', family_name: 'Stander', nickname: 'a' });
    for (const nickname of ['b', 'c']) {
        await page.goto(`${path}/edit`);
        await page.fill('[name=nickname]', nickname);
        await Promise.all([onClient(page), page.click('.form-foot .main')]);
    }
    const undos = page.locator('.line form[action$="/undo"] button');
    await Promise.all([page.waitForNavigation(), undos.nth(1).click()]);
    assert.match(await page.textContent('.sheet tbody'), /Way Stander[\s\S]*Nickname/);
    await page.goto(path);
    assert.match(await page.textContent('.facts'), /Nicknamec/);
});

await t.test('criteria: two at once, an exact count, each can be taken away', async () => {
    const page = await t.page();
    await page.goto('/clients');
    const all = Number((await page.textContent('h1 .count')).replace(/\D/g, ''));
    await page.click('summary.chip.add');
    await page.waitForSelector('#filter-fields select');
    await page.selectOption('[name=kind]', 'person');
    await page.selectOption('[name=stage]', 'active');
    await Promise.all([page.waitForNavigation(), page.click('#filter-fields .main')]);
    assert.equal(new URL(page.url()).search, '?kind=person&stage=active');
    const few = Number((await page.textContent('h1 .count')).replace(/\D/g, ''));
    assert.ok(few > 0 && few < all, `${few} of ${all}`);
    assert.equal(await page.locator('.chip.on').count(), 2);
    await Promise.all([page.waitForNavigation(), page.click('.chip.on >> nth=0')]);
    assert.equal(new URL(page.url()).search, '?stage=active');
});

await t.test('pages by key go forth and back, letters jump, every head sorts', async () => {
    const page = await t.page();
    await page.goto('/clients');
    const first = await names(page);
    await Promise.all([page.waitForNavigation(), page.click('.pager [rel=next]')]);
    const second = await names(page);
    assert.notDeepEqual(first, second);
    await Promise.all([page.waitForNavigation(), page.click('.pager [rel=prev]')]);
    assert.deepEqual(await names(page), first);
    await Promise.all([page.waitForNavigation(), page.click('.letters a:nth-child(13)')]);
    assert.equal(await page.textContent('.letters [aria-current]'), 'M');
    for (const to of await page.$$eval('thead th a', (all) => all.map((a) => a.getAttribute('href')))) {
        await page.goto(to);
        assert.equal(await page.locator('th[aria-sort]').count(), 1, to);
    }
});

await t.test('a relationship: searched, chosen, ended', async () => {
    const page = await t.page();
    await addClient(page, { given_name: 'Firm', family_name: 'Maker', _organisation: 'Giraffe & Sons' });
    const path = await addClient(page, { given_name: 'Bond', family_name: 'Seeker' });
    await page.goto(`${path}/bonds/new`);
    await page.fill('[name=_other]', 'giraf');
    await page.click('#picked label');
    await page.fill('[name=job_title]', 'Keeper');
    await Promise.all([onClient(page), page.click('.panel-foot .main')]);
    assert.match(await page.textContent('.people'), /Giraffe & Sons[\s\S]*Keeper/);
    await page.click('.people a.button');
    await Promise.all([onClient(page), page.click('[formaction$="/end"]')]);
    assert.equal(await page.locator('.people .past').count(), 1);
});

await t.test('into the bin after a question, back by undo, and the address of nobody', async () => {
    const page = await t.page();
    page.expectErrors = true;
    const path = await addClient(page, { given_name: 'Bin', family_name: 'Goer' });
    await page.locator('.client-acts details summary').last().click();
    await page.click('.choices .danger');
    await page.waitForSelector('#confirm[open]');
    await Promise.all([page.waitForURL((u) => u.pathname === '/clients'), page.click('#confirm [value=yes]')]);
    await page.goto('/bin');
    assert.match(await page.textContent('.sheet tbody'), /Bin Goer/);
    await Promise.all([onClient(page), page.click(`form[action="${path}/restore"] button`)]);
    assert.equal(pathOf(page), path);
    assert.equal((await page.goto('/clients/999999')).status(), 404);
});

await t.test('with JavaScript off: reading, adding, editing, noting, searching, filtering, deleting', async () => {
    const page = await t.page({ javaScript: false });
    const path = await addClient(page, { given_name: 'Plain', family_name: 'Person', 'phones.0.number': '0601020304' });
    await page.fill('#note-text', 'Written without a script');
    await Promise.all([page.waitForNavigation(), page.click('.composer button')]);
    assert.match(await page.textContent('.said'), /Written without a script/);
    await page.goto(`${path}/edit`);
    await page.fill('[name=nickname]', 'Plainly');
    await Promise.all([onClient(page), page.click('.form-foot .main')]);
    assert.match(await page.textContent('.facts'), /Plainly/);
    await page.fill('#find', 'plainly');
    await Promise.all([page.waitForNavigation(), page.press('#find', 'Enter')]);
    assert.deepEqual(await names(page), ['Plain Person']);
    await page.goto('/clients');
    await Promise.all([page.waitForNavigation(), page.click('a.chip.add')]);
    await page.selectOption('[name=kind]', 'organisation');
    await Promise.all([page.waitForNavigation(), page.click('main form .main')]);
    assert.equal(await page.locator('.chip.on').count(), 1);
    await page.goto(path);
    await page.locator('.client-acts details summary').last().click();
    await Promise.all([page.waitForNavigation(), page.click('.choices .danger')]);
    assert.equal(pathOf(page), '/clients');
});

await t.end();
