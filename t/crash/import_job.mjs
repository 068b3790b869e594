// The server is killed with -9 inside its own import job, again and again: after each start the job goes on
// by itself, and the import ends with exact counts, no row lost and none twice. Then a file is imported by
// command beside the running server: a person who saves meanwhile hardly waits. On both databases.
//   CRASH_KILLS=20 CRASH_SEED=7 node t/crash/import_job.mjs      (make crash)
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { OWNER, PASSWORD, Workspace, dice, must, ok, plan, sleep, test } from './_serve.mjs';

const KILLS = Number(process.env.CRASH_KILLS ?? 6);
const SEED = Number(process.env.CRASH_SEED ?? 20261122);
const ROWS = 500 * KILLS + 1000;
const WAIT_MS = Number(process.env.WRITE_MS ?? 50) * (/asan/.test(process.env.DAFTAR ?? 'build/asan') ? 5 : 1);

function file(rows, tag) {
    let text = 'First name,Last name,E-mail,Town,Company\n';
    for (let i = 0; i < rows; i++)
        text += `${tag}${i},Family${i % 97},${tag}${i}@example.org,Lyon,${i % 5 ? '' : `Firm ${tag}${i % 40}`}\n`;
    return text + `Nobody,,not an address,,\n`;
}

// A browser, as far as it is needed.
class Person {
    constructor(space) { this.space = space; this.cookies = new Map(); }
    async ask(path, init = {}) {
        const headers = { origin: this.space.url, ...init.headers };
        if (this.cookies.size) headers.cookie = [...this.cookies].map(([k, v]) => `${k}=${v}`).join('; ');
        const answer = await fetch(this.space.url + path, { redirect: 'manual', ...init, headers });
        for (const [name, value] of answer.headers)
            if (name === 'set-cookie') for (const one of value.split(/, (?=[\w-]+=)/)) {
                const [pair] = one.split(';'), at = pair.indexOf('=');
                this.cookies.set(pair.slice(0, at), pair.slice(at + 1));
            }
        return { status: answer.status, to: answer.headers.get('location'), text: await answer.text() };
    }
    async signIn() {
        const a = await this.ask('/sign-in', { method: 'POST', body: new URLSearchParams({ email: OWNER, password: PASSWORD }) });
        must(a.status === 303, `sign-in: ${a.status} ${a.text.slice(0, 300)}`);
    }
    async csrf(path) {
        const page = await this.ask(path);
        return /name="csrf" value="([^"]+)"/.exec(page.text)?.[1] ?? /csrf=([\w-]+)/.exec(page.text)[1];
    }
    async upload(name, text) {
        const body = new FormData();
        body.set('file', new Blob([text], { type: 'text/csv' }), name);
        const a = await this.ask(`/import?csrf=${await this.csrf('/import')}`, { method: 'POST', body });
        must(a.status === 303, `upload: ${a.status} ${a.text.slice(0, 500)}`);
        const id = /\/import\/(\d+)$/.exec(a.to)[1];
        const run = await this.ask(`/import/${id}/run`, { method: 'POST', body: new URLSearchParams({ csrf: await this.csrf(`/import/${id}`) }) });
        must(run.status === 303, `run: ${run.status}`);
        return id;
    }
    // What became of it: the four counts, or null while it runs.
    async counts(id) {
        const page = await this.ask(`/import/${id}`);
        if (!page.text.includes('class="tally"')) return null;
        return [...page.text.split('class="tally"')[1].matchAll(/<b>([\d,]+)<\/b>/g)].slice(0, 4).map((m) => Number(m[1].replace(/,/g, '')));
    }
}

async function killed(space, roll) {
    const p = new Person(space);
    await p.signIn();
    const id = await p.upload('list.csv', file(ROWS, 'a'));
    let kills = 0, counts = null;
    for (let tries = 0; tries < 2000 && !counts; tries++) {
        await sleep(100 + roll(400));
        counts = await p.counts(id);
        if (counts || kills >= KILLS) continue;
        kills++;
        await space.kill();
        await space.start(space.port);
    }
    must(counts, `no end: ${space.log.slice(-500)}`);
    must(kills > 1, `the job ended after ${kills} kills: give it more rows`);
    must(counts.join() === `${ROWS},0,0,1`, `counts are ${counts}`);
    const rows = space.run('export', '--format', 'csv', '--where', 'kind=person').match(/a\d+@example\.org/g);
    must(rows.length === ROWS && new Set(rows).size === ROWS, `${rows.length} rows, ${new Set(rows).size} of them different`);
    const firms = space.run('export', '--format', 'csv', '--where', 'kind=organisation').match(/Firm a\d+/g);
    must(new Set(firms).size === firms.length, 'a company came twice');
    space.run('check');
    console.log(`# ${ROWS} rows, ${kills} kills inside the job`);
}

// The longest that a person waits for a save while a command imports.
async function beside(space) {
    const path = join(space.dir, 'beside.csv'), token = space.token();
    writeFileSync(path, file(3000, 'b'));
    const save = async (i) => {
        const began = performance.now();
        const a = await fetch(`${space.url}/api/v1/parties`, { method: 'POST', headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
            body: JSON.stringify({ kind: 'person', given_name: `Beside ${i}` }) });
        must(a.status === 201, `save: ${a.status} ${await a.text()}`);
        return performance.now() - began;
    };
    const quiet = [];
    for (let i = 0; i < 30; i++) quiet.push(await save(i));
    quiet.sort((x, y) => x - y);
    const times = [], run = space.begin('import', path);
    let over = false;
    run.ended.then(() => { over = true; });
    for (let i = 30; !over; i++) {
        times.push(await save(i));
        await sleep(15);
    }
    const { out } = await run.ended;
    must(/created 3000 changed 0 skipped 0 refused 1/.test(out), out);
    times.sort((x, y) => x - y);
    const worst = times[times.length - 1], p95 = times[Math.floor(times.length * 0.95)];
    console.log(`# ${times.length} saves beside an import of 3,000 rows: 95 of 100 within ${p95.toFixed(1)} ms, the longest ${worst.toFixed(1)} ms; ` +
        `without it 95 of 100 within ${quiet[28].toFixed(1)} ms`);
    must(times.length >= 20, 'too few saves to tell');
    must(p95 < WAIT_MS, `95 of 100 saves within ${p95.toFixed(1)} ms; ${WAIT_MS} allowed`);
}

async function all(name, database) {
    const space = new Workspace({ database });
    try {
        await space.start();
        await test(`${name}: killed inside the server's own import, it ends with exact counts`, () => killed(space, dice(SEED)));
        await test(`${name}: who saves beside an import by command waits no longer than a slice`, () => beside(space));
        await test(`${name}: the server stops cleanly`, async () => {
            const how = await space.stop();
            must(how && how.code === 0, `${JSON.stringify(how)}\n${space.log}`);
        });
    } finally {
        await space.kill().catch(() => {});
        space.remove();
    }
}

await all('SQLite', null);
if (process.env.DAFTAR_TEST_PG) {
    const { execFileSync } = await import('node:child_process');
    const schema = `job_${process.pid}`, base = process.env.DAFTAR_TEST_PG;
    execFileSync('psql', ['-q', '-X', base, '-c', `CREATE SCHEMA ${schema}`]);
    await all('PostgreSQL', `${base}${base.includes('?') ? '&' : '?'}options=-csearch_path%3D${schema}`);
    execFileSync('psql', ['-q', '-X', base, '-c', `DROP SCHEMA ${schema} CASCADE`], { stdio: 'ignore' });
} else {
    console.log('# DAFTAR_TEST_PG is not set: PostgreSQL is left out');
}
ok(true, `seed ${SEED}`);
plan();
