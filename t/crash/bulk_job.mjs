// The server is killed with -9 while it changes many clients at once, again and again: after each start the work
// goes on by itself, every client is changed exactly once, in one batch, and one undo takes it all back.
//   CRASH_KILLS=20 CRASH_SEED=7 node t/crash/bulk_job.mjs      (make crash)
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { OWNER, PASSWORD, Workspace, dice, must, ok, plan, sleep, test } from './_serve.mjs';

const KILLS = Number(process.env.CRASH_KILLS ?? 4);
const SEED = Number(process.env.CRASH_SEED ?? 20261122);
const ROWS = 500 * KILLS + 1000;

class Person {
    constructor(space) { this.space = space; this.cookies = new Map(); }
    async ask(path, form) {
        const headers = { origin: this.space.url };
        if (this.cookies.size) headers.cookie = [...this.cookies].map(([k, v]) => `${k}=${v}`).join('; ');
        const init = form ? { method: 'POST', body: new URLSearchParams(form) } : {};
        const answer = await fetch(this.space.url + path, { redirect: 'manual', ...init, headers });
        for (const one of answer.headers.getSetCookie()) {
            const [pair] = one.split(';'), at = pair.indexOf('=');
            this.cookies.set(pair.slice(0, at), pair.slice(at + 1));
        }
        return { status: answer.status, to: answer.headers.get('location'), text: await answer.text() };
    }
    async post(path, form, from = path) {
        const csrf = /name="csrf" value="([^"]+)"/.exec((await this.ask(from)).text)[1];
        return this.ask(path, { csrf, ...form });
    }
}

async function killed(space, roll) {
    const path = join(space.dir, 'list.csv');
    let text = 'First name,Last name,E-mail\n';
    for (let i = 0; i < ROWS; i++) text += `a${i},Family${i % 97},a${i}@example.org\n`;
    writeFileSync(path, text);
    space.run('import', path);
    const p = new Person(space);
    await p.ask('/sign-in', { email: OWNER, password: PASSWORD });
    const run = await p.post('/clients/bulk?bulk.all=1', { 'bulk.do': 'edit', 'bulk.field': 'territory', 'bulk.value': 'North', 'bulk.seen': ROWS, _sure: '1' }, '/clients');
    must(run.status === 303 && /\/bulk\/\d+$/.test(run.to), `run: ${run.status} ${run.text.slice(0, 300)}`);
    let kills = 0, page = '';
    for (let tries = 0; tries < 2000 && !page.includes('class="tally"'); tries++) {
        await sleep(100 + roll(300));
        page = (await p.ask(run.to)).text;
        if (page.includes('class="tally"') || kills >= KILLS) continue;
        kills++;
        await space.kill();
        await space.start(space.port);
    }
    must(kills > 1, `the work ended after ${kills} kills: give it more rows`);
    const counts = [...page.split('class="tally"')[1].matchAll(/<b>([\d,]+)<\/b>/g)].slice(0, 4).map((m) => Number(m[1].replace(/,/g, '')));
    must(counts.join() === `${ROWS},0,0,0`, `counts are ${counts}`);
    const count = () => space.run('list', 'party', '--where', 'territory=North', '--columns', 'id', '--limit', String(ROWS + 1), '--format', 'csv').trim().split('\n').length - 1;
    must(count() === ROWS, `${count()} of ${ROWS} are changed`);
    const undo = /action="(\/history\/\d+\/undo)"/.exec(page)[1];
    await p.post(undo, {}, run.to);
    for (let tries = 0; tries < 600 && count(); tries++) await sleep(300);
    must(count() === 0, 'not all of it was taken back');
    space.run('check');
    console.log(`# ${ROWS} clients, ${kills} kills inside the work`);
}

async function all(name, database) {
    const space = new Workspace({ database });
    try {
        await space.start();
        await test(`${name}: killed while it changes many clients, it changes each once and all can be taken back`, () => killed(space, dice(SEED)));
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
    const schema = `bulk_${process.pid}`, base = process.env.DAFTAR_TEST_PG;
    execFileSync('psql', ['-q', '-X', base, '-c', `CREATE SCHEMA ${schema}`]);
    await all('PostgreSQL', `${base}${base.includes('?') ? '&' : '?'}options=-csearch_path%3D${schema}`);
    execFileSync('psql', ['-q', '-X', base, '-c', `DROP SCHEMA ${schema} CASCADE`], { stdio: 'ignore' });
} else {
    console.log('# DAFTAR_TEST_PG is not set: PostgreSQL is left out');
}
ok(true, `seed ${SEED}`);
plan();
