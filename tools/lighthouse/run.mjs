// Lighthouse 12 over the ten main pages, in Persian and English, on desktop and phone:
//   make lighthouse                      all of them; below 95 in accessibility or best practice fails
//   make lighthouse ONLY='fa /clients'   only what matches all the words: a language, a form, a path
// It starts a workspace of its own with invented clients, as the browser's tests do, and asks nothing
// outside of this machine. What an audit complains of is printed below its page.
import { chromium } from 'playwright-core';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { begin } from '../../t/browser/_harness.mjs';
import { addClient, speak } from '../../t/browser/_people.mjs';

// Installed by the Makefile, outside of the tree's own modules.
const { default: lighthouse, desktopConfig } = await import(pathToFileURL(resolve('build/lighthouse/node_modules/lighthouse/core/index.js')));
const least = 95;
const wanted = process.argv.slice(2);
const t = await begin({ clients: 300 });
const port = await new Promise((done) => {
    const s = createServer().listen(0, '127.0.0.1', () => { const { port: free } = s.address(); s.close(() => done(free)); });
});
const profile = mkdtempSync(join(tmpdir(), 'daftar-lighthouse.'));
// Lighthouse opens its tabs in the browser's own profile: the session must be there, not in a context beside it.
const browser = await chromium.launchPersistentContext(profile, {
    executablePath: ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(existsSync),
    args: [`--remote-debugging-port=${port}`, '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run',
        '--disable-background-networking', '--disable-component-update', '--disable-sync', '--disable-dev-shm-usage'],
    baseURL: t.url,
});
const page = await browser.newPage();
let failed = 0, n = 0;

async function measure(language, form, path) {
    const label = `${language} ${form} ${path}`;
    if (!wanted.every((w) => label.split(' ').includes(w))) return;
    const flags = { port, logLevel: 'error', onlyCategories: ['accessibility', 'best-practices'], disableStorageReset: true,
        disableFullPageScreenshot: true, throttlingMethod: 'provided', pauseAfterLoadMs: 0, pauseAfterFcpMs: 0, networkQuietThresholdMs: 100, cpuQuietThresholdMs: 100 };
    const { lhr } = await lighthouse(t.url + path, flags, form === 'desktop' ? desktopConfig : undefined);
    const score = (name) => (lhr.runtimeError ? 0 : Math.round(100 * (lhr.categories[name].score ?? 0)));
    const access = score('accessibility'), practice = score('best-practices');
    const good = access >= least && practice >= least;
    n++;
    if (!good) failed++;
    console.log(`${good ? 'ok' : 'not ok'} ${n} - ${label}: accessibility ${access}, best practice ${practice}`);
    if (lhr.runtimeError) console.log(`#   ${lhr.runtimeError.message}`);
    for (const name of ['accessibility', 'best-practices'])
        for (const { id, weight } of lhr.categories[name].auditRefs) {
            const audit = lhr.audits[id];
            if (audit.score === null || audit.score === 1 || !weight) continue;
            console.log(`#   ${id}: ${audit.title}`);
            for (const item of (audit.details?.items ?? []).slice(0, 3))
                console.log(`#     ${(item.node?.snippet ?? item.description ?? JSON.stringify(item)).slice(0, 200)} ${(item.node?.explanation ?? "").replace(/\s+/g, " ").slice(0, 240)}`);
        }
}

await t.signIn(page);
const id = await addClient(page);
const pages = ['/clients', `/clients/${id}`, `/clients/${id}/edit`, '/search?q=ar', '/import', '/history', '/settings', '/settings/members', '/labels'];
for (const language of ['fa', 'en']) {
    await speak(page, language);
    for (const form of ['desktop', 'phone']) for (const path of pages) await measure(language, form, path);
}
await browser.clearCookies();
for (const language of ['fa', 'en']) for (const form of ['desktop', 'phone']) await measure(language, form, `/sign-in?language=${language}`);
console.log(`1..${n}`);
await browser.close();
rmSync(profile, { recursive: true, force: true });
await t.end({ leave: false });
process.exit(failed || !n ? 1 : 0);
