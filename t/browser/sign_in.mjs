// Signing in: in four languages, with a wrong password, with JavaScript off, on a phone; and out again.
import assert from 'node:assert/strict';
import { begin } from './_harness.mjs';

const t = await begin({ clients: 10 });

for (const [language, direction] of [['fa', 'rtl'], ['ar', 'rtl'], ['fr', 'ltr'], ['en', 'ltr']])
    await t.test(`the door in ${language}, on a desk and on a phone`, async () => {
        for (const width of [1280, 360]) {
            const page = await t.page({ signedIn: false, language, width });
            await page.goto(`/sign-in?language=${language}`);
            assert.equal(await page.getAttribute('html', 'lang'), language);
            assert.equal(await page.getAttribute('html', 'dir'), direction);
            const over = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
            assert.ok(over <= 0, `${over} pixels too wide at ${width}`);
            await t.shot(page, `sign-in-${language}-${width}`);
        }
    });

await t.test('a wrong password is refused in words, and the e-mail stays', async () => {
    const page = await t.page({ signedIn: false });
    page.expectErrors = true; // the browser itself reports the 4xx
    await page.goto('/sign-in');
    await page.fill('input[name=email]', t.owner.email);
    await page.fill('input[name=password]', 'wrong');
    await page.click('main button[type=submit]');
    await page.waitForSelector('[role=alert]');
    assert.equal(await page.inputValue('input[name=email]'), t.owner.email);
    assert.equal(await page.inputValue('input[name=password]'), '');
});

for (const javaScript of [true, false])
    await t.test(`in, and a page asked for without a session is where one lands (JavaScript ${javaScript ? 'on' : 'off'})`, async () => {
        const page = await t.page({ signedIn: false, javaScript });
        await page.goto('/settings');
        assert.equal(new URL(page.url()).pathname, '/sign-in');
        await page.fill('input[name=email]', t.owner.email);
        await page.fill('input[name=password]', t.owner.password);
        await page.click('main button[type=submit]');
        await page.waitForURL((u) => u.pathname.startsWith('/settings'));
    });

await t.end();
