// Makes the pictures of README.md anew: node t/browser/_pictures.mjs (after make MODE=asan).
import { begin } from './_harness.mjs';

for (const [language, file] of [['fa', 'list.fa.png'], ['en', 'client.en.png']]) {
    const t = await begin({ clients: 300, language });
    await t.test(file, async () => {
        const page = await t.page({ width: 1280, height: 820 });
        await page.goto('/clients');
        if (language === 'en') {
            // somebody with much to show: of the people with a category the one with the most cards
            await page.goto('/clients?category=VIP&kind=person');
            const hrefs = await page.locator('main table tbody th a').evaluateAll((all) => all.map((a) => a.href));
            let best = ['', 0];
            for (const href of hrefs) {
                await page.goto(href);
                const n = await page.locator('main .card, main .text').count();
                const latin = /^[\p{Script=Latin}\s.'’-]+$/u.test(await page.textContent('h1'));
                if (latin && n > best[1]) best = [href, n];
            }
            await page.goto(best[0]);
        }
        await page.waitForLoadState('networkidle');
        await page.mouse.move(0, 0);
        await page.screenshot({ path: `docs/pictures/${file}` });
    });
    await t.end({ leave: false });
}
