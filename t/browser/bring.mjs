// Bringing one's own list, in each language: file, columns, preview, run, result, clients, undo; also without
// JavaScript and at the width of a phone.
import assert from 'node:assert/strict';
import { begin } from './_harness.mjs';
import { faults, languages, speak } from './_people.mjs';

const t = await begin({ clients: 10 });

const files = {
    fa: 'نام;نام خانوادگی;تلفن همراه;شهر\nعلی;کریمی;۰۹۱۲ ۳۴۵ ۶۷۸۹;تهران\nسارا;احمدی;۰۹۱۲ ۳۴۵ ۶۷۹۰;شیراز\n',
    ar: 'الاسم الأول;اسم العائلة;الجوال;البريد الإلكتروني\nأحمد;الخطيب;+966 50 123 4567;ahmad@example.org\nليلى;حداد;+966 50 123 4568;layla@example.org\n',
    fr: 'Prénom;Nom de famille;Téléphone;E-mail\nÉlodie;Martin;+33 6 12 34 56 78;elodie@example.org\nJean;Dupont;+33 6 12 34 56 79;pas une adresse\n',
    en: 'First name,Last name,Mobile,E-mail\nZoe,Adams,+44 7400 123456,zoe@example.org\nTom,Baker,+44 7400 123457,tom@example.org\n',
};
const refused = { fa: 0, ar: 0, fr: 1, en: 0 };
const count = async (page) => {
    await page.goto('/clients');
    const text = await page.locator('h1 .count').innerText();
    return Number([...text].map((c) => '٠١٢٣٤٥٦٧٨٩'.indexOf(c) >= 0 ? '٠١٢٣٤٥٦٧٨٩'.indexOf(c) : '۰۱۲۳۴۵۶۷۸۹'.indexOf(c) >= 0 ? '۰۱۲۳۴۵۶۷۸۹'.indexOf(c) : c).join('').replace(/\D/g, ''));
};

async function upload(page, language) {
    await page.goto('/import');
    await page.setInputFiles('input[type=file]', { name: `liste-${language}.csv`, mimeType: 'text/csv', buffer: Buffer.from(files[language]) });
    await Promise.all([page.waitForURL(/\/import\/\d+$/), page.click('main form button.main')]);
}
async function toResult(page) {
    await Promise.all([page.waitForURL(/\/preview$/), page.click('button[value=preview]')]);
    await Promise.all([page.waitForURL(/\/import\/\d+$/), page.click('form[action$="/run"] button.main')]);
    for (let i = 0; i < 60 && !(await page.locator('a.main[href="/clients"]').count()); i++) {
        await page.waitForTimeout(500);
        await page.reload();
    }
    assert.ok(await page.locator('a.main[href="/clients"]').count(), 'the import does not end');
}

for (const [language] of languages)
    for (const width of language === 'fa' || language === 'en' ? [1280, 360] : [1280])
        await t.test(`a list comes in and goes back (${language}, ${width})`, async () => {
            const page = await t.page({ language, width });
            await speak(page, language);
            const before = await count(page), wrong = [];
            const look = async () => {
                for (const f of await faults(page)) wrong.push(`${new URL(page.url()).pathname}: ${f}`);
                const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
                if (wide > 0) wrong.push(`${page.url()} is ${wide} too wide`);
            };
            await upload(page, language);
            await look();
            assert.ok(await page.locator('option[value=given_name][selected]').count(), 'the first name is not recognised');
            assert.ok(await page.locator('option[value="phones.0.number"][selected]').count(), 'the phone is not recognised');
            await Promise.all([page.waitForURL(/\/preview$/), page.click('button[value=preview]')]);
            await look();
            assert.equal(await count(page), before, 'the preview wrote something');
            await page.goBack();
            await page.goto(page.url().replace(/\/preview$/, ''));
            await toResult(page);
            await look();
            const result = page.url();
            assert.equal(await count(page), before + 2 - refused[language]);
            await page.goto(result);
            assert.equal(await page.locator('a[href$="/refused.csv"]').count(), refused[language] ? 1 : 0);
            await page.click('form[action$="/undo"] button');
            await page.waitForSelector('#confirm[open]');
            await Promise.all([page.waitForNavigation(), page.click('#confirm [data-yes]')]);
            for (let i = 0; i < 40 && (await count(page)) !== before; i++) await page.waitForTimeout(300);
            assert.equal(await count(page), before);
            assert.deepEqual(wrong, []);
        });

await t.test('a list comes in without JavaScript', async () => {
    const page = await t.page({ javaScript: false });
    await speak(page, 'en');
    const before = await count(page);
    await upload(page, 'en');
    await toResult(page);
    assert.equal(await count(page), before + 2);
});

await t.end();
