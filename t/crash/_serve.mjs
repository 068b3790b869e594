// For tests of the whole program: a workspace in a temporary folder and a server that one can kill.
// Used by t/crash; starts $DAFTAR (build/asan/daftar).
import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export const DAFTAR = process.env.DAFTAR ?? 'build/asan/daftar';
export const PASSWORD = 'a quiet sentence for tests';
export const OWNER = 'owner@example.com';

// TAP, as t/run.sh counts it.
let number = 0;
export function ok(good, name, why) {
    number++;
    console.log(`${good ? 'ok' : 'not ok'} ${number} - ${name}`);
    if (!good && why) console.log(String(why).split('\n').slice(0, 60).map((l) => '# ' + l).join('\n'));
    if (!good) process.exitCode = 1;
    return good;
}
export function plan() {
    console.log(`1..${number}`);
}
export async function test(name, run) {
    try {
        await run();
        ok(true, name);
    } catch (e) {
        ok(false, name, e.stack ?? e);
    }
}
export function must(good, said) {
    if (!good) throw new Error(said);
}

export const sleep = (ms) => new Promise((done) => setTimeout(done, ms));

export class Workspace {
    // database: postgres://… or nothing
    constructor({ database, language = 'en', name = 'Test & Co', dir } = {}) {
        this.dir = dir ?? mkdtempSync(join(tmpdir(), 'daftar-run-'));
        this.where = ['--data', join(this.dir, 'data')];
        if (database) this.where.push('--database', database);
        writeFileSync(join(this.dir, 'password'), PASSWORD + '\n');
        this.run('init', '--name', name, '--email', OWNER, '--owner', 'Olga', '--password-file',
            join(this.dir, 'password'), '--language', language);
    }
    // A command to its end; what it prints. Throws when it fails.
    run(command, ...more) {
        return execFileSync(DAFTAR, [command, ...this.where, ...more],
            { encoding: 'utf8', timeout: 120000, stdio: ['ignore', 'pipe', 'pipe'] });
    }
    // A command that may be killed: the process, and its end as { code, out }.
    begin(command, ...more) {
        const child = spawn(DAFTAR, [command, ...this.where, ...more], { detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
        let out = '';
        child.stdout.on('data', (d) => { out += d; });
        child.stderr.on('data', (d) => { out += d; });
        return { child, ended: new Promise((done) => child.on('close', (code) => done({ code, out }))) };
    }
    token() {
        return this.run('token', '--email', OWNER, '--name', 'test').match(/dft_[\w-]+/)[0];
    }
    // Starts the server; resolves when it says that it is ready.
    async start(port = 0) {
        this.log = '';
        this.server = spawn(this.program ?? DAFTAR, ['serve', ...this.where, '--listen', `127.0.0.1:${port}`],
            { detached: true, stdio: ['ignore', 'pipe', 'pipe'], env: this.env ?? process.env });
        this.server.stderr.on('data', (d) => { this.log += d; });
        this.ended = new Promise((done) => this.server.on('exit', (code, signal) => done({ code, signal })));
        this.url = await new Promise((done, fail) => {
            let out = '';
            this.server.stdout.on('data', (d) => {
                out += d;
                const ready = out.match(/ready on (http:\S+)/);
                if (ready) done(ready[1]);
            });
            this.ended.then((how) => fail(new Error(`the server ended: ${JSON.stringify(how)}\n${this.log}`)));
        });
        this.port = Number(new URL(this.url).port);
    }
    async kill() { // as a power switch would, parent and child at once
        try { process.kill(-this.server.pid, 'SIGKILL'); } catch { /* gone */ }
        await this.ended;
        for (let i = 0; i < 500; i++) { // its child holds the port until it is gone, too
            try { process.kill(-this.server.pid, 0); } catch { return; }
            await sleep(20);
        }
    }
    async stop() {
        if (!this.server) return null;
        try { process.kill(this.server.pid, 'SIGTERM'); } catch { /* gone */ }
        const how = await Promise.race([this.ended, sleep(20000).then(() => null)]);
        if (!how) await this.kill();
        return how;
    }
    remove() {
        rmSync(this.dir, { recursive: true, force: true });
    }
}

// splitmix32: the same seed gives the same throws.
export function dice(seed) {
    let s = seed >>> 0;
    return (n) => {
        s = (s + 0x9e3779b9) >>> 0;
        let t = s ^ (s >>> 16);
        t = Math.imul(t, 0x21f0aaad);
        t ^= t >>> 15;
        t = Math.imul(t, 0x735a2d97);
        return ((t ^ (t >>> 15)) >>> 0) % n;
    };
}

// run(name, database) on SQLite and, where there is one, on PostgreSQL: in a schema of its own.
export async function onBoth(run) {
    await run('SQLite', null);
    const base = process.env.DAFTAR_TEST_PG;
    if (!base) {
        console.log('# DAFTAR_TEST_PG is not set: PostgreSQL is left out');
        return;
    }
    const schema = `run_${process.pid}`;
    const psql = (sql) => execFileSync('psql', ['-q', '-X', base, '-c', sql], { stdio: 'ignore' });
    psql(`CREATE SCHEMA ${schema}`);
    await run('PostgreSQL', `${base}${base.includes('?') ? '&' : '?'}options=-csearch_path%3D${schema}`);
    psql(`DROP SCHEMA ${schema} CASCADE`);
}

// A workspace with its server on both databases: each of tests is [what must be so, async (space) => …], and
// at its end the server must stop cleanly.
export function served(tests) {
    return onBoth(async (name, database) => {
        const space = new Workspace({ database });
        try {
            await space.start();
            for (const [what, run] of tests) await test(`${name}: ${what}`, () => run(space));
            await test(`${name}: the server stops cleanly`, async () => {
                const how = await space.stop();
                must(how && how.code === 0, `${JSON.stringify(how)}\n${space.log}`);
            });
        } finally {
            await space.kill().catch(() => {});
            space.remove();
        }
    });
}

// A browser, as far as tests without one need it: cookies, forms with their token.
export class Person {
    constructor(space) { this.space = space; this.cookies = new Map(); }
    async ask(path, init = {}) {
        const headers = { origin: this.space.url, ...init.headers };
        if (this.cookies.size) headers.cookie = [...this.cookies].map(([k, v]) => `${k}=${v}`).join('; ');
        const answer = await fetch(this.space.url + path, { redirect: 'manual', ...init, headers });
        for (const one of answer.headers.getSetCookie()) {
            const [pair] = one.split(';'), at = pair.indexOf('=');
            this.cookies.set(pair.slice(0, at), pair.slice(at + 1));
        }
        return { status: answer.status, to: answer.headers.get('location'), text: await answer.text() };
    }
    async csrf(path) {
        const page = await this.ask(path);
        return /name="csrf" value="([^"]+)"/.exec(page.text)?.[1] ?? /csrf=([\w-]+)/.exec(page.text)[1];
    }
    // from: the page that the form stands on. body: fields, or FormData (its token then stands in the address).
    async post(path, body, from = path) {
        const csrf = await this.csrf(from);
        if (body instanceof FormData) return this.ask(`${path}?csrf=${csrf}`, { method: 'POST', body });
        return this.ask(path, { method: 'POST', body: new URLSearchParams({ csrf, ...body }) });
    }
    async signIn() {
        const a = await this.ask('/sign-in', { method: 'POST', body: new URLSearchParams({ email: OWNER, password: PASSWORD }) });
        must(a.status === 303, `sign-in: ${a.status} ${a.text.slice(0, 300)}`);
    }
}

// Kills the server at random moments, `most` times at the most, until done() gives something: that and the kills.
export async function killUntil(space, roll, most, done) {
    let kills = 0;
    for (let tries = 0; tries < 2000; tries++) {
        await sleep(100 + roll(400));
        const result = await done();
        if (result) {
            must(kills > 1, `the work ended after ${kills} kills: give it more rows`);
            return { result, kills };
        }
        if (kills >= most) continue;
        kills++;
        await space.kill();
        await space.start(space.port);
    }
    throw new Error(`no end: ${space.log.slice(-500)}`);
}

// The four counts of a page that says what became of a job; null while it runs.
export function tally(text) {
    if (!text.includes('class="tally"')) return null;
    return [...text.split('class="tally"')[1].matchAll(/<b>([\d,]+)<\/b>/g)].slice(0, 4).map((m) => Number(m[1].replace(/,/g, '')));
}
