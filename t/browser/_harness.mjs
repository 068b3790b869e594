// What every browser test starts with: a workspace of its own with invented clients, the server of
// $DAFTAR (the one with sanitizers), Debian's Chromium, and TAP. Nothing leaves this machine.
//
//   import { begin } from './_harness.mjs';
//   const t = await begin({ clients: 40 });       clients: 0 is a new workspace without any
//   await t.test('what must be so', async () => { const page = await t.page({ language: 'fa', width: 360 }); … });
//   await t.end();
//
// A page that logs an error in its console, throws, asks another host or gets a 5xx fails the test that
// opened it. Screenshots go to build/shots/NAME.png with t.shot(page, NAME).
import { chromium } from 'playwright-core';
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';

const program = process.env.DAFTAR || 'build/asan/daftar';
const chrome = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(existsSync);
const owner = { email: 'owner@example.org', password: 'correct horse 7' };

function daftar(...args) {
    const ran = spawnSync(program, args, { encoding: 'utf8' });
    if (ran.status !== 0) throw new Error(`daftar ${args.join(' ')} ended with ${ran.status}: ${ran.stderr}`);
    return ran.stdout;
}

async function serve(data) {
    const server = spawn(program, ['serve', '--data', data, '--listen', '127.0.0.1:0'], { stdio: ['ignore', 'pipe', 'pipe'] });
    let said = '';
    const ready = new Promise((done, failed) => {
        const hear = (bytes) => {
            said += bytes;
            const ready = /ready on (http:\S+)\s/.exec(said);
            if (ready) done(ready[1]);
        };
        server.stdout.on('data', hear);
        server.stderr.on('data', hear);
        server.on('exit', (code) => failed(new Error(`the server ended with ${code}: ${said}`)));
        setTimeout(() => failed(new Error(`the server is not ready after 60 s: ${said}`)), 60000).unref();
    });
    const url = await ready;
    const stop = () => new Promise((done) => {
        server.removeAllListeners('exit');
        server.on('exit', (code, signal) => done({ code, signal, said: () => said }));
        server.kill('SIGTERM');
        setTimeout(() => server.kill('SIGKILL'), 20000).unref();
    });
    return { url, stop };
}

export async function begin({ clients = 40, language = 'en', name = 'Atelier Nowruz' } = {}) {
    const data = mkdtempSync(join(tmpdir(), 'daftar-browser.'));
    const work = join(data, 'work');
    let who = owner;
    if (clients) {
        const said = daftar('demo', '--data', work, '--clients', String(clients), '--seed', '1', '--language', language);
        const [, email, password] = /^sign in as (.*) with the password (.*)$/m.exec(said);
        who = { email, password };
    } else { // a new workspace, as daftar init leaves it: the welcome comes first
        const secret = join(data, 'password');
        writeFileSync(secret, owner.password, { mode: 0o600 });
        daftar('init', '--data', work, '--name', name, '--email', owner.email, '--password-file', secret, '--language', language);
    }
    const server = await serve(work);
    const browser = await chromium.launch({
        executablePath: chrome,
        args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
            '--disable-component-update', '--disable-sync', '--disable-dev-shm-usage'],
    });
    const complaints = [];
    let n = 0, failed = 0, contexts = [], aborted = 0;
    // Whoever leaves a page while it asks for something ends that request: htmx says so, and it is none.
    const complained = () => complaints.filter((c) => !(/htmx:error: Failed to fetch/.test(c) && aborted-- > 0));

    const t = {
        url: server.url, data: work, browser, daftar, owner: who,

        // A signed-in page (signedIn: false for a stranger's) of one width, language, colour scheme.
        async page({ width = 1280, height = 800, signedIn = true, dark = false, javaScript = true, language: wanted } = {}) {
            const context = await browser.newContext({
                baseURL: server.url, viewport: { width, height }, javaScriptEnabled: javaScript,
                colorScheme: dark ? 'dark' : 'light', locale: wanted || language, reducedMotion: 'reduce',
            });
            contexts.push(context);
            const page = await context.newPage();
            page.setDefaultTimeout(30000);
            page.on('console', (m) => { if (m.type() === 'error' && !page.expectErrors) complaints.push(`console: ${m.text()}`); });
            page.on('requestfailed', (r) => { if (r.resourceType() === 'fetch' && /ERR_ABORTED/.test(r.failure()?.errorText || '')) aborted++; });
            page.on('pageerror', (e) => complaints.push(`script: ${e.message}`));
            page.on('request', (r) => {
                if (!r.url().startsWith(server.url) && !r.url().startsWith('data:') && !r.url().startsWith('blob:')) complaints.push(`asks elsewhere: ${r.url()}`);
            });
            page.on('response', (r) => { if (r.status() >= 500) complaints.push(`${r.status()} from ${r.url()}`); });
            if (signedIn) await t.signIn(page, who, wanted);
            return page;
        },
        async signIn(page, as = who, wanted) {
            await page.goto(wanted ? `/sign-in?language=${wanted}` : '/sign-in');
            await page.fill('input[name=email]', as.email);
            await page.fill('input[name=password]', as.password);
            await Promise.all([page.waitForURL((u) => !u.pathname.startsWith('/sign-in')), page.click('main button[type=submit]')]);
        },
        async shot(page, name) {
            mkdirSync('build/shots', { recursive: true });
            await page.screenshot({ path: `build/shots/${name}.png`, fullPage: true });
        },
        async test(what, body) {
            complaints.length = aborted = 0;
            contexts = [];
            let problem = null;
            try {
                await body();
                assert.deepEqual(complained(), [], 'what the pages complained of');
            } catch (e) {
                problem = e;
            }
            n++;
            if (problem) {
                failed++;
                for (const c of contexts)
                    for (const p of c.pages()) await t.shot(p, `failed-${basename(process.argv[1], '.mjs')}-${n}`).catch(() => {});
                console.log(`not ok ${n} - ${what}`);
                console.log(String(problem.stack || problem).replace(/^/gm, '# '));
                if (complaints.length) console.log(complaints.join('\n').replace(/^/gm, '# '));
            } else {
                console.log(`ok ${n} - ${what}`);
            }
            for (const c of contexts) await c.close();
        },
        async end({ leave = true } = {}) {
            await browser.close();
            const over = await server.stop();
            n++;
            const clean = over.code === 0 && !/Sanitizer|runtime error|BUG at/.test(over.said());
            if (!clean) failed++;
            console.log(`${clean ? '' : 'not '}ok ${n} - the server stops cleanly on SIGTERM`);
            if (!clean) console.log(`# ${over.code} ${over.signal}\n${over.said().replace(/^/gm, '# ')}`);
            console.log(`1..${n}`);
            rmSync(data, { recursive: true, force: true });
            if (leave) process.exit(failed ? 1 : 0);
        },
    };
    return t;
}
