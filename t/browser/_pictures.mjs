// Makes the pictures of README.md anew: node t/browser/_pictures.mjs (after make MODE=asan).
import { begin } from './_harness.mjs';

for (const [language, file] of [['fa', 'list.fa.png'], ['en', 'client.en.png']]) {
    const t = await begin({ clients: 300, language });
    await t.test(file, async () => {
        const page = await t.page({ width: 1280, height: 820 });
        await page.goto('/clients');
        if (language === 'en') {
            // somebody with much to show: a person with a category, by search
            await page.goto('/clients?category=VIP');
            await page.goto(await page.getAttribute('main table tbody a[href^="/clients/"]', 'href'));
        }
        await page.waitForLoadState('networkidle');
        await page.screenshot({ path: `docs/pictures/${file}` });
    });
    await t.end({ leave: false });
}
