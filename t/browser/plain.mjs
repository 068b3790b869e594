// Without JavaScript: read, add, edit, delete, bring back, search, note, filter, page, sort, settings.
import assert from 'node:assert/strict';
import { begin } from './_harness.mjs';

const t = await begin({ clients: 120 });

await t.test('everything goes without JavaScript', async () => {
    const page = await t.page({ javaScript: false });
    await page.goto('/clients/new');
    await page.fill('[name=given_name]', 'Plain');
    await page.fill('[name=family_name]', 'Html');
    await page.fill('[name="phones.0.number"]', '+33 6 12 34 56 78');
    await page.fill('[name=tags]', 'paper, quiet');
    await page.click('.form-foot button.main');
    await page.waitForURL(/\/clients\/\d+$/);
    const id = Number(new URL(page.url()).pathname.split('/').pop());
    assert.equal(await page.locator('h1').innerText(), 'Plain Html');
    assert.ok(await page.locator('main a', { hasText: 'quiet' }).count());

    await page.click(`a[href="/clients/${id}/edit"]`);
    await page.fill('[name=family_name]', 'Hypertext');
    await page.click('.form-foot button.main');
    await page.waitForURL(`**/clients/${id}`);
    assert.equal(await page.locator('h1').innerText(), 'Plain Hypertext');
    await page.click('.toast button.undo');
    await page.goto(`/clients/${id}`);
    assert.equal(await page.locator('h1').innerText(), 'Plain Html');

    await page.fill('#note-text', 'Written with nothing but a form');
    await page.click('.composer button[type=submit]');
    assert.ok((await page.locator('main').innerText()).includes('Written with nothing but a form'));

    await page.fill('#find', 'plain');
    await page.press('#find', 'Enter');
    await page.waitForURL(/\/search\?q=plain/);
    await page.click(`main a[href="/clients/${id}"]`);

    await page.locator('.client-acts details.pop > summary').last().click();
    await page.click(`form[action="/clients/${id}/bin"] button`);
    await page.goto('/clients?q=plain');
    assert.equal(await page.locator(`main a[href="/clients/${id}"]`).count(), 0);
    await page.goto('/bin');
    await page.click(`form[action="/clients/${id}/restore"] button`);
    await page.goto(`/clients/${id}`);
    assert.equal(await page.locator('h1').innerText(), 'Plain Html');
});

await t.test('a refused form says what is wrong and keeps what was typed', async () => {
    const page = await t.page({ javaScript: false });
    page.expectErrors = true;
    await page.goto('/clients/new');
    await page.fill('[name=given_name]', 'Careful');
    await page.fill('[name=birth_date]', '31/02/1980');
    await page.click('.form-foot button.main');
    await page.waitForSelector('[role=alert]');
    assert.equal(await page.inputValue('[name=given_name]'), 'Careful');
    assert.equal(await page.inputValue('[name=birth_date]'), '31/02/1980');
    assert.equal(await page.getAttribute('[name=birth_date]', 'aria-invalid'), 'true');
});

await t.test('filter, sort, letter and page by links and forms', async () => {
    const page = await t.page({ javaScript: false });
    await page.goto('/clients');
    const all = Number((await page.locator('h1 .count').innerText()).replace(/\D/g, ''));
    assert.ok(all >= 120);
    await page.click('a[rel=next]');
    assert.ok(await page.locator('tbody tr').count());
    await page.click('a[rel=prev]');
    await page.locator('nav.letters a').nth(5).click();
    assert.ok(page.url().includes('letter='));
    await page.goto('/clients');
    await page.click('a.chip.add');
    await page.selectOption('select[name=kind]', 'organisation');
    await page.click('main form button.main');
    const some = Number((await page.locator('h1 .count').innerText()).replace(/\D/g, ''));
    assert.ok(some > 0 && some < all, `${some} of ${all}`);
    await page.click('.chip.on');
    assert.equal(Number((await page.locator('h1 .count').innerText()).replace(/\D/g, '')), all);
    await page.locator('thead a').first().click();
    assert.equal(await page.getAttribute('thead th', 'aria-sort'), 'descending');
});

await t.end();
