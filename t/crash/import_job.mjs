// The server is killed with -9 inside its own import job, again and again: after each start the job goes on
// by itself, and the import ends with exact counts, no row lost and none twice. Then a file is imported by
// command beside the running server: a person who saves meanwhile hardly waits. On both databases.
//   CRASH_KILLS=20 CRASH_SEED=7 node t/crash/import_job.mjs      (make crash)
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Person, dice, killUntil, must, ok, plan, served, sleep, tally } from './_serve.mjs';

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

// A file is sent and its import begun: the page of it.
async function upload(p, name, text) {
    const body = new FormData();
    body.set('file', new Blob([text], { type: 'text/csv' }), name);
    const a = await p.post('/import', body);
    must(a.status === 303, `upload: ${a.status} ${a.text.slice(0, 500)}`);
    const page = /\/import\/\d+$/.exec(a.to)[0];
    const run = await p.post(`${page}/run`, {}, page);
    must(run.status === 303, `run: ${run.status}`);
    return page;
}

async function killed(space, roll) {
    const p = new Person(space);
    await p.signIn();
    const page = await upload(p, 'list.csv', file(ROWS, 'a'));
    const { result: counts, kills } = await killUntil(space, roll, KILLS, async () => tally((await p.ask(page)).text));
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

await served([
    ["killed inside the server's own import, it ends with exact counts", (space) => killed(space, dice(SEED))],
    ['who saves beside an import by command waits no longer than a slice', beside],
]);
ok(true, `seed ${SEED}`);
plan();
