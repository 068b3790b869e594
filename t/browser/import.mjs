// The import in the browser: file, columns, preview, progress, result, refused rows, the kept file, undo
// and what stands in its way; files that are none; names of files that are attacks; exports of lists.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { request } from 'node:http';
import { begin } from './_harness.mjs';

const t = await begin({ clients: 12, language: 'en' });
const mixed = `Nom complet;Mobile;E-mail;Ville;Date de naissance;Société
Élodie Martin;+33 6 12 34 56 78;elodie@martin.example;Lyon;1983-10-07;Studio Chirine
علی کریمی;۰۹۱۲ ۳۴۵ ۶۷۸۹;;تهران;;
Jean Sans Date;;jean@tour.example;Paris;1980-02-31;
Élodie Martin;0033612345678;;;;
`;
const file = (name, text) => ({ name, mimeType: 'text/csv', buffer: Buffer.isBuffer(text) ? text : Buffer.from(text) });

async function upload(page, what) {
    await page.goto('/import');
    await page.setInputFiles('input[type=file]', what);
    await Promise.all([page.waitForNavigation(), page.click('main button.main')]);
}
async function click(page, selector) {
    await Promise.all([page.waitForNavigation(), page.click(selector)]);
}
async function tally(page) {
    return (await page.locator('.tally b').allTextContents()).map(Number);
}
async function until(page, selector) {
    for (let i = 0; i < 100 && !(await page.locator(selector).count()); i++) {
        await page.waitForTimeout(200);
        if (!page.scripts) await page.goto(page.url());
    }
    assert.ok(await page.locator(selector).count(), `${selector} came`);
}
const clients = async (page) => {
    const rows = await (await page.request.get('/clients/export?format=json')).json();
    return rows.filter((x) => x.kind === 'person');
};

for (const javaScript of [true, false]) {
    await t.test(`a file comes in and is taken back, scripts ${javaScript ? 'on' : 'off'}`, async () => {
        const page = await t.page({ javaScript });
        page.scripts = javaScript;
        const before = (await clients(page)).length;
        await upload(page, file('liste d’été.csv', mixed));
        assert.match(page.url(), /\/import\/\d+$/);
        const id = /\d+$/.exec(page.url())[0];
        assert.equal(await page.inputValue('select[name="column.0"]'), 'display_name');
        assert.equal(await page.inputValue('select[name="column.1"]'), 'phones.0.number');
        assert.equal(await page.inputValue('select[name=separator]'), ';');
        await click(page, 'main button.main');
        assert.match(page.url(), /preview$/);
        assert.deepEqual(await tally(page), [2, 0, 1, 1]);
        assert.match(await page.textContent('.preview tbody tr:first-child'), /Élodie \| Martin/);
        assert.equal(await page.locator('.preview td.wrong').count(), 1);
        assert.equal((await clients(page)).length, before, 'a preview writes nothing');
        await click(page, 'main button.main');
        await until(page, '.note.good');
        assert.deepEqual(await tally(page), [2, 0, 1, 1]);
        assert.equal((await clients(page)).length, before + 2);
        const refused = await (await page.request.get(`/import/${id}/refused.csv`)).text();
        assert.match(refused, /^\ufeffNom complet,Mobile,.*Line,Reasons\r\nJean Sans Date,,jean@tour\.example,Paris,1980-02-31,,4,./);
        const source = await page.request.get(`/import/${id}/source`);
        assert.equal(await source.text(), mixed);
        const headers = source.headers();
        assert.equal(headers['x-content-type-options'], 'nosniff');
        assert.match(headers['content-disposition'], /^attachment; filename="[ -~]*"; filename\*=UTF-8''liste%20d%E2%80%99%C3%A9t%C3%A9\.csv$/);
        await page.click('form[action$="/undo"] button');
        if (javaScript) await page.click('#confirm button.main, #confirm .danger');
        await until(page, '.note >> text=taken back');
        assert.equal((await clients(page)).length, before);
        assert.equal(await page.locator('form[action$="/undo"]').count(), 0);
    });
}

await t.test('what was changed since stands in the way of an undo', async () => {
    const page = await t.page();
    page.scripts = true;
    await upload(page, file('b.csv', 'First name,Last name,E-mail\nObstacle,One,obstacle@example.org\n'));
    const id = /\d+$/.exec(page.url())[0];
    await click(page, 'main button.main');
    await click(page, 'main button.main');
    await until(page, '.note.good');
    const [one] = (await clients(page)).filter((x) => x.family_name === 'One');
    await page.goto(`/clients/${one.id}/edit`);
    await page.fill('input[name=family_name]', 'Two');
    await Promise.all([page.waitForNavigation(), page.click('main form button.main')]);
    await page.goto(`/import/${id}`);
    await page.click('form[action$="/undo"] button');
    await page.click('#confirm button.main, #confirm .danger');
    await until(page, 'text=stands in the way');
    assert.ok((await clients(page)).some((x) => x.family_name === 'Two'), 'nothing was taken back');
});

await t.test('the encoding and the columns can be corrected', async () => {
    const page = await t.page();
    await upload(page, file('latin.csv', Buffer.from('Nom;Téléphone\nHélène Œuvré;0612345679\n', 'latin1')));
    assert.equal(await page.inputValue('select[name=charset]'), 'ISO-8859-1');
    await page.selectOption('select[name=charset]', 'windows-1256');
    await click(page, 'button[value=look]');
    assert.equal(await page.inputValue('select[name=charset]'), 'windows-1256');
    await page.selectOption('select[name=charset]', 'windows-1252');
    await page.selectOption('select[name=header]', 'no');
    await click(page, 'button[value=look]');
    assert.match(await page.textContent('.card .n'), /2 rows/);
    await page.selectOption('select[name="column.0"]', 'family_name');
    await page.selectOption('select[name="column.1"]', 'family_name');
    page.expectErrors = true; /* 422 is noted in the console */
    await click(page, 'main button.main');
    assert.match(await page.textContent('.note.bad'), /Two columns go to/);
});

await t.test('what is no file of rows is refused with a reason', async () => {
    const page = await t.page();
    page.expectErrors = true;
    const bad = {
        empty: '', nul: 'Name,Phone\nA\0B,1\n', open: 'Name,Phone\nA,"1\nB,2\n', picture: Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex'),
    };
    const why = { empty: /is empty/, nul: /Line 2, column 1.*not a text file/, open: /Line 2, column 2.*never closed/, picture: /is a picture/ };
    for (const [name, text] of Object.entries(bad)) {
        await upload(page, file(`${name}.csv`, text));
        assert.match(page.url(), /\/import\?csrf=/, name);
        assert.match(await page.textContent('.note.bad'), why[name], `${name}: says why`);
    }
    assert.ok(!(await page.textContent('main')).includes('picture.csv'), 'nothing was kept');
});

await t.test('names of files that are attacks do no harm', async () => {
    const page = await t.page();
    const names = ['../../etc/passwd', '..\\..\\boot.ini', 'a"; filename="b.html', 'x\u202Evsc.exe', 'CON', '<script>alert(1)</script>.csv',
        'فهرست مشتریان.csv', `${'n'.repeat(400)}.csv`, 'a\r\nSet-Cookie: x=1', '%2e%2e%2f.csv', '.', ''];
    for (const name of names) {
        const csrf = new URL(await (await page.goto('/import')) && await page.getAttribute('form[enctype]', 'action'), t.url).searchParams.get('csrf');
        const boundary = 'x1x2x3';
        const safe = name.replace(/"/g, '%22').replace(/\r\n/g, '%0D%0A');
        const body = Buffer.from(`--${boundary}\r\nContent-Disposition: form-data; name="file"; filename="${safe}"\r\nContent-Type: text/csv\r\n\r\nName,Town\nA,B\n\r\n--${boundary}--\r\n`);
        const answer = await page.request.post(`/import?csrf=${csrf}`, { data: body, maxRedirects: 0,
            headers: { 'content-type': `multipart/form-data; boundary=${boundary}`, origin: t.url } });
        assert.ok([303, 422].includes(answer.status()), `${JSON.stringify(name)}: ${answer.status()}`);
        if (answer.status() === 422) continue;
        const source = await page.request.get(`${answer.headers().location}/source`);
        const disposition = source.headers()['content-disposition'];
        assert.match(disposition, /^attachment; filename="[^"\\/]*"; filename\*=UTF-8''[A-Za-z0-9._~%-]+$/, disposition);
        assert.equal(source.headers()['set-cookie'], undefined);
        assert.ok(!/%E2%80%AE/.test(disposition), 'nothing that turns the line around');
        await page.goto(answer.headers().location);
    }
});

await t.test('an upload over the limit, and one without a token, are cut at the head', async () => {
    const page = await t.page();
    await page.goto('/import');
    const action = await page.getAttribute('form[enctype]', 'action');
    const cookie = (await page.context().cookies()).map((c) => `${c.name}=${c.value}`).join('; ');
    const head = (path, length) => new Promise((done, failed) => {
        const r = request(t.url + path, { method: 'POST', headers: { cookie, 'content-type': 'multipart/form-data; boundary=x', 'content-length': length, expect: '100-continue' } },
            (answer) => { answer.resume(); done(answer.statusCode); r.destroy(); });
        r.on('continue', () => done(100));
        r.on('error', failed);
        r.flushHeaders();
    });
    assert.equal(await head(action, 201 * 1024 * 1024 + 1), 413);
    assert.equal(await head(action, 4 * 1024 ** 3), 413, 'a sparse file of 4 GB');
    assert.equal(await head('/import?csrf=wrong', 3000000), 403);
});

for (const javaScript of [true, false]) {
    await t.test(`a pasted list, its refused rows corrected, scripts ${javaScript ? 'on' : 'off'}`, async () => {
        const page = await t.page({ javaScript });
        page.scripts = javaScript;
        const tag = javaScript ? 'Js' : 'Plain';
        await page.goto('/import');
        await page.fill('textarea[name=text]', `First name\tLast name\tBirthday\tE-mail\tSong\nAli\t${tag}\t1980-02-31\tali-${tag}@x.example\tSara\nSara\t${tag}\t1980-01-01\tno address\t\nTom\t${tag}\t\t\t\nTom\t${tag}\t\t\t\n`);
        await click(page, 'main button.main');
        const id = /\d+$/.exec(page.url())[0];
        assert.equal(await page.inputValue('select[name=separator]'), 'tab');
        assert.equal(await page.inputValue('select[name="column.4"]'), '', 'a column without a place goes to the notes');
        await click(page, 'main button[value=preview]');
        assert.deepEqual(await tally(page), [1, 0, 1, 2]);
        assert.match(await page.textContent('.note.info'), /twice/);
        await click(page, 'main button.main');
        await until(page, '.note.good');
        assert.deepEqual(await tally(page), [1, 0, 1, 2]);
        await click(page, `a[href="/import/${id}/refused"]`);
        assert.equal(await page.locator('.refused tbody tr').count(), 2);
        assert.equal(await page.locator('.refused [aria-invalid]').count(), 2);
        await page.fill('input[name="cell.2.2"]', '1980-02-30');
        await page.fill('input[name="cell.3.3"]', `sara-${tag}@x.example`);
        await click(page, 'button[name=again][value="2"]');
        assert.equal(await page.inputValue('input[name="cell.2.2"]'), '1980-02-30', 'what was typed stays');
        assert.equal(await page.inputValue('input[name="cell.3.3"]'), `sara-${tag}@x.example`, 'in the other row too');
        await page.fill('input[name="cell.2.2"]', '1980-02-28');
        await click(page, 'button[name=again][value=all]');
        assert.match(page.url(), new RegExp(`/import/${id}$`), 'nothing is left to correct');
        assert.deepEqual(await tally(page), [3, 0, 1, 0]);
        const there = (await clients(page)).filter((x) => x.family_name === tag);
        assert.equal(there.length, 3);
        assert.equal(there.find((x) => x.given_name === 'Ali').notes_private, 'Song: Sara');
        await page.click('form[action$="/undo"] button');
        if (javaScript) await page.click('#confirm button.main, #confirm .danger');
        await until(page, '.note >> text=taken back');
        assert.equal((await clients(page)).filter((x) => x.family_name === tag).length, 0, 'the corrected rows too');
        await page.goto(`/import/${id}/refused`);
        assert.match(page.url(), new RegExp(`/import/${id}$`));
    });
}

await t.test('an export of another product is recognised, remembered, forgotten; the same file again changes nothing', async () => {
    const page = await t.page();
    page.scripts = true;
    const google = { name: 'contacts.csv', mimeType: 'text/csv', buffer: readFileSync('t/known/google.csv') };
    await upload(page, google);
    assert.match(await page.textContent('main'), /Recognised: Google Contacts/);
    assert.equal(await page.inputValue('select[name="column.1"]'), 'given_name+');
    await page.locator('details.more summary').click();
    await page.selectOption('select[name="column.9"]', '-');
    await click(page, 'main button[value=preview]');
    await click(page, 'main button.main');
    await until(page, '.note.good');
    const before = (await clients(page)).length;
    await upload(page, google);
    assert.match(await page.textContent('main'), /As last time/);
    assert.match(await page.textContent('main'), /imported before/);
    assert.equal(await page.inputValue('select[name="column.9"]'), '-');
    await click(page, 'main button[value=preview]');
    await click(page, 'main button.main');
    await until(page, '.tally');
    assert.deepEqual(await tally(page), [0, 0, 2, 0]);
    assert.equal((await clients(page)).length, before);
    await upload(page, google);
    await click(page, 'button[value=forget]');
    assert.doesNotMatch(await page.textContent('main'), /As last time/);
    assert.equal(await page.inputValue('select[name="column.9"]'), '');
});

await t.test('a workbook with several sheets, and cards with a bad line', async () => {
    const page = await t.page();
    page.scripts = true;
    await upload(page, { name: 'book.xlsx', mimeType: 'text/html', buffer: readFileSync('t/unit/xlsx/libreoffice.xlsx') });
    assert.match(page.url(), /\/import\/\d+$/);
    assert.equal(await page.locator('select[name=charset]').count(), 0);
    const sheets = await page.locator('select[name=sheet] option').count();
    if (sheets > 1) {
        await page.selectOption('select[name=sheet]', { index: 1 });
        await click(page, 'button[value=look]');
        assert.equal(await page.locator('select[name=sheet]').evaluate((x) => x.selectedIndex), 1);
    }
    const card = (name) => `BEGIN:VCARD\nVERSION:3.0\nFN:${name} Browser\nthis is no line\nEND:VCARD\n`;
    await upload(page, file('phone.vcf', card('Ali') + card('Sara')));
    assert.match(await page.textContent('.note[role=status]'), /Line 4.*this is no line/s);
    await click(page, 'main button[value=preview]');
    assert.deepEqual(await tally(page), [2, 0, 0, 0]);
});

await t.test('any list comes out as CSV and JSON', async () => {
    const page = await t.page();
    const csv = await page.request.get('/clients/export?format=csv&kind=organisation');
    assert.match(csv.headers()['content-disposition'], /filename="clients-\d{4}-\d\d-\d\d\.csv"/);
    const lines = (await csv.text()).trimEnd().split('\r\n');
    assert.match(lines[0], /^\ufeffkind,display_name,/);
    assert.ok(lines.slice(1).every((l) => l.startsWith('organisation,')));
    const json = await page.request.get('/clients/export?format=json');
    assert.equal(json.headers()['content-type'], 'application/json');
    assert.ok((await json.json()).length > lines.length - 1);
    assert.equal((await page.request.get('/clients/export?format=xml')).status(), 400);
    assert.equal((await page.request.get('/clients/export?password=1')).status(), 400);
});
await t.end();
