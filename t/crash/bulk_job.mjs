// The server is killed with -9 while it changes many clients at once, again and again: after each start the work
// goes on by itself, every client is changed exactly once, in one batch, and one undo takes it all back.
//   CRASH_KILLS=20 CRASH_SEED=7 node t/crash/bulk_job.mjs      (make crash)
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Person, dice, killUntil, must, ok, plan, served, sleep, tally } from './_serve.mjs';

const KILLS = Number(process.env.CRASH_KILLS ?? 4);
const SEED = Number(process.env.CRASH_SEED ?? 20261122);
const ROWS = 500 * KILLS + 1000;

async function killed(space, roll) {
    const path = join(space.dir, 'list.csv');
    let text = 'First name,Last name,E-mail\n';
    for (let i = 0; i < ROWS; i++) text += `a${i},Family${i % 97},a${i}@example.org\n`;
    writeFileSync(path, text);
    space.run('import', path);
    const p = new Person(space);
    await p.signIn();
    const run = await p.post('/clients/bulk?bulk.all=1', { 'bulk.do': 'edit', 'bulk.field': 'territory', 'bulk.value': 'North', 'bulk.seen': ROWS, _sure: '1' }, '/clients');
    must(run.status === 303 && /\/bulk\/\d+$/.test(run.to), `run: ${run.status} ${run.text.slice(0, 300)}`);
    let page = '';
    const { result: counts, kills } = await killUntil(space, roll, KILLS, async () => {
        page = (await p.ask(run.to)).text;
        return tally(page);
    });
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

await served([
    ['killed while it changes many clients, it changes each once and all can be taken back', (space) => killed(space, dice(SEED))],
]);
ok(true, `seed ${SEED}`);
plan();
