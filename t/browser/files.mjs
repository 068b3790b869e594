// Files of a client: dropped on the page, seen as a thumbnail, a new version, downloaded, deleted and brought
// back; and hostile ones opened by their address, of which nothing runs (trust.md T-18).
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { deflateSync } from 'node:zlib';
import { begin } from './_harness.mjs';
import { addClient, faults } from './_people.mjs';

const t = await begin({ clients: 8 });

// A PNG of one colour; the CRC is that of the specification.
function crc(bytes) {
    let c = ~0;
    for (const b of bytes) {
        c ^= b;
        for (let k = 0; k < 8; k++) c = c & 1 ? (c >>> 1) ^ 0xedb88320 : c >>> 1;
    }
    return ~c >>> 0;
}
function png(width, height, colour) {
    const chunk = (type, data) => {
        const b = Buffer.alloc(12 + data.length);
        b.writeUInt32BE(data.length);
        b.write(type, 4, 'latin1');
        data.copy(b, 8);
        b.writeUInt32BE(crc(b.subarray(4, 8 + data.length)), 8 + data.length);
        return b;
    };
    const head = Buffer.alloc(13), row = Buffer.concat([Buffer.from([0]), Buffer.alloc(width * 3, Buffer.from(colour))]);
    head.writeUInt32BE(width);
    head.writeUInt32BE(height, 4);
    head.set([8, 2, 0, 0, 0], 8);
    return Buffer.concat([Buffer.from([137, 80, 78, 71, 13, 10, 26, 10]), chunk('IHDR', head),
        chunk('IDAT', deflateSync(Buffer.concat(Array(height).fill(row)))), chunk('IEND', Buffer.alloc(0))]);
}

// As somebody drops files from his desk onto the page.
async function drop(page, selector, files) {
    const given = await page.evaluateHandle((list) => {
        const d = new DataTransfer();
        for (const { name, type, bytes } of list) d.items.add(new File([Uint8Array.from(atob(bytes), (c) => c.charCodeAt(0))], name, { type }));
        return d;
    }, files.map((f) => ({ ...f, bytes: f.bytes.toString('base64') })));
    for (const event of ['dragenter', 'dragover']) await page.dispatchEvent(selector, event, { dataTransfer: given });
    await Promise.all([page.waitForEvent('load'), page.dispatchEvent(selector, 'drop', { dataTransfer: given })]);
}

await t.test('a file is dropped, seen, replaced, downloaded, deleted and brought back', async () => {
    const page = await t.page();
    const id = await addClient(page);
    await page.goto(`/clients/${id}`);
    await drop(page, 'h1', [{ name: 'plan.png', type: 'image/png', bytes: png(640, 480, [31, 78, 158]) }]);
    assert.equal(new URL(page.url()).pathname, `/clients/${id}`);
    const small = page.locator('#files .pic img');
    await small.scrollIntoViewIfNeeded();
    await page.waitForFunction(() => document.querySelector('#files .pic img')?.naturalWidth === 320);
    await drop(page, 'h1', [{ name: 'plan.png', type: 'image/png', bytes: png(300, 600, [163, 25, 58]) }]);
    await page.click('#files .pic');
    await page.waitForFunction(() => document.querySelector('#lightbox[open] img')?.naturalHeight === 600);
    await page.keyboard.press('Escape');
    assert.equal(await page.locator('#lightbox[open]').count(), 0);
    await page.click('#files .about a');
    assert.equal(await page.locator('.files > li').count(), 2);
    assert.deepEqual(await faults(page), []);
    const [given] = await Promise.all([page.waitForEvent('download'), page.locator('.files a[download]').last().click()]);
    assert.equal(given.suggestedFilename(), 'plan.png');
    assert.deepEqual(readFileSync(await given.path()), png(640, 480, [31, 78, 158]));
    await Promise.all([page.waitForURL(/\/files$/), page.click('.page-head form[action$="/bin"] button')]);
    assert.equal(await page.locator('.tiles > li').count(), 0);
    await Promise.all([page.waitForEvent('load'), page.click('.toast .undo button, .toast button.undo, .toast form button')]);
    await page.goto(`/clients/${id}/files`);
    assert.equal(await page.locator('.tiles > li').count(), 1);
    assert.deepEqual(await faults(page), []);
});

await t.test('without scripts the same form brings files', async () => {
    const page = await t.page({ javaScript: false });
    await page.goto('/clients/1/files');
    const before = await page.locator('.tiles > li').count();
    await page.setInputFiles('input[name=file]', [{ name: 'a.txt', mimeType: 'text/plain', buffer: Buffer.from('hello') },
        { name: 'b.txt', mimeType: 'text/plain', buffer: Buffer.alloc(0) }]);
    await page.click('.upload button[type=submit]');
    assert.equal(await page.locator('.tiles > li').count(), before + 2);
});

await t.test('a picture becomes the photo', async () => {
    const page = await t.page({ language: 'fa', width: 360 });
    await page.goto('/clients/2/photo/edit');
    assert.deepEqual(await faults(page), []);
    await page.setInputFiles('input[name=photo]', { name: 'me.png', mimeType: 'image/png', buffer: png(200, 200, [10, 102, 93]) });
    await Promise.all([page.waitForURL(/\/clients\/2$/), page.click('main form .button.main')]);
    await page.waitForFunction(() => document.querySelector('.client-head .face img')?.naturalWidth === 200);
});

// Each is opened by its address in the browser: nothing may run, be it as a page or inside one.
await t.test('hostile files run nowhere', async () => {
    const page = await t.page();
    page.expectErrors = true; // a download is no page
    const script = '<script>window.name="stolen";new Image().src="/health?stolen"</script>';
    const corpus = [['a.html', 'text/html', script], ['a.svg', 'image/svg+xml', `<svg xmlns="http://www.w3.org/2000/svg">${script}</svg>`],
        ['a.xhtml', 'application/xhtml+xml', `<html xmlns="http://www.w3.org/1999/xhtml">${script}</html>`],
        ['a.xml', 'text/xml', `<?xml version="1.0"?><x xmlns="http://www.w3.org/1999/xhtml">${script}</x>`],
        ['a.mhtml', 'multipart/related', `MIME-Version: 1.0\nContent-Type: text/html\n\n${script}`],
        ['a.gif', 'image/gif', 'GIF89a=1;window.name="stolen"'], ['a.js', 'text/javascript', 'window.name="stolen"'],
        ['a.pdf', 'application/pdf', '%PDF-1.4\n1 0 obj<</OpenAction<</S/JavaScript/JS(app.alert\\(1\\))>>>>endobj'],
        ['a.shtml', 'text/html', script], ['a.png', 'image/png', `\x89PNG\r\n\x1a\n${script}`], ['a', 'text/html', script],
        ['a.txt', 'text/html; charset=utf-7', '+ADw-script+AD4-name=1+ADw-/script+AD4-'], ['.htaccess', 'text/html', script]];
    await page.goto('/clients/3/files');
    await Promise.all([page.waitForEvent('load'), page.setInputFiles('input[name=file]',
        corpus.map(([name, mimeType, text]) => ({ name, mimeType, buffer: Buffer.from(text, 'latin1') })))]);
    const all = await page.locator('.tiles a[download]').evaluateAll((v) => v.map((a) => a.getAttribute('href')));
    assert.ok(all.length >= corpus.length);
    const links = all.slice(0, corpus.length); // the newest come first
    const asked = [];
    page.on('request', (r) => { if (r.url().includes('stolen')) asked.push(r.url()); });
    for (const href of links) {
        const saved = page.waitForEvent('download', { timeout: 8000 });
        await page.goto(href).catch(() => {}); // it is saved: the page stays
        await (await saved).delete();
        assert.notEqual(await page.evaluate(() => window.name), 'stolen', href);
        const inside = await page.evaluate((src) => new Promise((done) => { // as a script of a page of ours
            const e = document.createElement('script');
            e.onload = () => done('loaded');
            e.onerror = () => done('refused');
            e.src = src;
            document.head.append(e);
        }), href);
        assert.equal(inside, 'refused', href);
        assert.notEqual(await page.evaluate(() => window.name), 'stolen', href);
    }
    assert.deepEqual(asked, []);
});

await t.end();
