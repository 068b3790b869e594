// Two-factor sign-in as people meet it, in Persian and English: turn it on, keep the codes, sign out,
// sign in with a code and with a recovery code; the business requires it; a form that asks who it is
// loses nothing; a session ended elsewhere. Also without scripts.
import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { begin } from './_harness.mjs';
import { faults, speak } from './_people.mjs';

const t = await begin({ clients: 10 });

// The phone: RFC 6238 by node's own HMAC, so that the program is not its own witness.
const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
function codeOf(key, offset = 0) {
    const bits = [...key.replace(/\s/g, '')].map((c) => alphabet.indexOf(c).toString(2).padStart(5, '0')).join('');
    const seed = Buffer.from(bits.match(/.{8}/g).map((b) => parseInt(b, 2)));
    const step = Buffer.alloc(8);
    step.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30000) + offset));
    const mac = createHmac('sha1', seed).update(step).digest();
    const at = mac[19] & 15;
    return String((mac.readUInt32BE(at) & 0x7fffffff) % 1000000).padStart(6, '0');
}
const persian = (text) => text.replace(/\d/g, (d) => '۰۱۲۳۴۵۶۷۸۹'[d]);
const press = (page, what) => Promise.all([page.waitForNavigation(), page.click(what)]);

async function turnOn(page) {
    await page.goto('/settings/security');
    await press(page, 'a[href="/settings/two-factor"].button');
    await press(page, 'form[action="/settings/two-factor/begin"] button');
    const key = await page.textContent('.scan code');
    assert.equal(key.replace(/\s/g, '').length, 32);
    assert.equal(await page.locator('svg.qr').count(), 1);
    return key;
}
async function confirm(page, code) {
    await page.fill('#code', code);
    await press(page, 'form[action="/settings/two-factor/confirm"] button');
    return page.locator('.codes code').allTextContents();
}
async function turnOff(page, code) {
    await page.goto('/settings/two-factor');
    await page.fill('#password', t.owner.password);
    await page.fill('#code', code);
    await press(page, 'form[action="/settings/two-factor/off"] button');
}
async function password(page, language) {
    await page.goto(`/sign-in?language=${language}`);
    await page.fill('#email', t.owner.email);
    await page.fill('#password', t.owner.password);
    await press(page, 'main button[type=submit]');
}
const signOut = async (page) => {
    await page.evaluate(async () => {
        const body = new URLSearchParams({ csrf: document.querySelector('input[name=csrf]').value });
        await fetch('/sign-out', { method: 'POST', body, redirect: 'manual' });
    });
};
const at = (page) => new URL(page.url()).pathname;

for (const language of ['en', 'fa'])
    await t.test(`on, out, in with a code and with a recovery code, off (${language})`, async () => {
        const page = await t.page({ language });
        await speak(page, language);
        const key = await turnOn(page);
        assert.deepEqual(await faults(page), []);
        await t.shot(page, `two-factor-${language}`);
        // a code of the step before, so that the next ones are still unused
        const codes = await confirm(page, language === 'fa' ? persian(codeOf(key, -1)) : codeOf(key, -1));
        assert.equal(codes.length, 10);
        assert.deepEqual(await faults(page), []);
        const [file] = await Promise.all([page.waitForEvent('download'),
            page.click('form[action="/settings/two-factor/codes/file"] button')]);
        assert.equal(file.suggestedFilename(), 'daftar-recovery-codes.txt');
        const text = readFileSync(await file.path(), 'utf8');
        for (const code of codes) assert.ok(text.includes(code));
        await page.goto('/settings/security');
        await signOut(page);

        await password(page, language);
        assert.equal(at(page), '/sign-in/code');
        assert.equal(await page.getAttribute('#code', 'autocomplete'), 'one-time-code');
        assert.equal(await page.getAttribute('#code', 'inputmode'), 'numeric');
        assert.deepEqual(await faults(page), []);
        page.expectErrors = true;
        await page.fill('#code', '000000');
        await press(page, 'main button[type=submit]');
        assert.equal(await page.locator('[role=alert]').count(), 1);
        page.expectErrors = false;
        await page.fill('#code', language === 'fa' ? persian(codeOf(key)) : codeOf(key));
        await press(page, 'main button[type=submit]');
        assert.equal(at(page), '/clients');
        await page.goto('/settings/security');
        await signOut(page);

        await password(page, language);
        await press(page, 'main a[href*="way=recovery"]');
        await page.fill('#code', codes[3].toUpperCase().replaceAll('-', ' '));
        await press(page, 'main button[type=submit]');
        assert.equal(at(page), '/clients');
        await turnOff(page, codes[4]);
        assert.equal(at(page), '/settings/security');
        await speak(page, 'en');
    });

await t.test('the business requires it: that comes first; without scripts too', async () => {
    const page = await t.page();
    await page.goto('/settings/firm');
    await page.check('input[name=two_factor][value=everyone]');
    await press(page, 'form[action="/settings/firm"] .panel-foot button');
    const other = await t.page({ signedIn: false, javaScript: false, width: 360 });
    await password(other, 'en');
    await other.goto('/clients');
    assert.equal(at(other), '/settings/two-factor');
    await press(other, 'form[action="/settings/two-factor/begin"] button');
    const key = await other.textContent('.scan code');
    const codes = await confirm(other, codeOf(key));
    assert.equal(codes.length, 10);
    await other.goto('/clients');
    assert.equal(at(other), '/clients');
    await turnOff(other, codes[0]);
    await page.goto('/clients'); // ended by the other browser
    assert.equal(at(page), '/sign-in');
    await other.goto('/clients');
    assert.equal(at(other), '/settings/two-factor');
});

await t.end();
