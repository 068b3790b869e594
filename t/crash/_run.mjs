// Mixed writes of several clients by the API, and what must be true of them whatever dies meanwhile: each
// request is repeated with its key until its fate is known; verify() compares all that was acknowledged.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { dice, must, sleep } from './_serve.mjs';

export class Run {
    constructor(space, seed, rows) {
        this.rows = rows; // of the imported file; 0: none is imported
        this.space = space;
        this.roll = dice(seed);
        this.token = space.token();
        this.parties = new Map(); // own_id -> {state, id, territories: [], etag}
        this.notes = new Map(); // text -> state
        this.acknowledged = 0;
        this.replayed = 0;
        this.over = false;
    }
    // status and JSON, or null when nobody can know what happened.
    async call(method, path, body, headers = {}) {
        try {
            const answer = await fetch(this.space.url + '/api/v1/' + path, {
                method,
                headers: { authorization: 'Bearer ' + this.token, 'content-type': 'application/json', ...headers },
                body: body ? JSON.stringify(body) : undefined,
                signal: AbortSignal.timeout(15000),
            });
            const text = await answer.text();
            if (answer.status >= 500) return null;
            if (answer.headers.get('idempotency-replayed')) this.replayed++;
            return { status: answer.status, etag: answer.headers.get('etag'), json: text ? JSON.parse(text) : null };
        } catch {
            return null;
        }
    }
    // The same request until its fate is known: only its key keeps it from happening twice.
    async once(path, body, key) {
        for (;;) {
            const got = await this.call('POST', path, body, { 'idempotency-key': key });
            if (got) return got;
            if (this.over) return null;
            await sleep(40);
        }
    }
    async create(writer, n) {
        const own_id = `w${writer}-${n}`;
        const party = { state: 'asked', tried: [], territory: null };
        this.parties.set(own_id, party);
        const got = await this.once('parties',
            { kind: 'person', given_name: 'Crash', family_name: own_id, own_id, phones: [{ number: '+98912' + String(1000000 + n) }] }, own_id);
        if (!got) return;
        must(got.status === 201, `create ${own_id}: ${got.status} ${JSON.stringify(got.json)}`);
        Object.assign(party, { state: 'there', id: got.json.id, etag: got.etag });
        this.acknowledged++;
        return party;
    }
    async change(party, value) {
        party.tried.push(value);
        const got = await this.call('PATCH', `parties/${party.id}`, { territory: value }, { 'if-match': party.etag });
        if (got?.status === 200) {
            Object.assign(party, { territory: value, tried: [], etag: got.etag });
            this.acknowledged++;
            return;
        }
        if (got) must(got.status === 412, `change: ${got.status} ${JSON.stringify(got.json)}`);
        for (;;) { // nobody knows: what it is now is what counts from here on
            const now = await this.call('GET', `parties/${party.id}`);
            if (!now && this.over) return;
            if (!now) { await sleep(40); continue; }
            must(now.status === 200, `an acknowledged client is gone: ${party.id}`);
            const is = now.json.territory;
            must(is === party.territory || party.tried.includes(is), `territory is ${is}, was ${party.territory}`);
            Object.assign(party, { territory: is, tried: [], etag: now.etag });
            return;
        }
    }
    async note(party, text) {
        this.notes.set(text, 'asked');
        const got = await this.once('notes', { party: party.id, text }, 'note ' + text);
        if (!got) return;
        must(got.status === 201, `note: ${got.status} ${JSON.stringify(got.json)}`);
        this.notes.set(text, 'there');
        this.acknowledged++;
    }
    async writer(number) {
        const mine = [];
        for (let n = 0; !this.over; n++) {
            const what = this.roll(10);
            if (mine.length === 0 || what < 4) {
                const party = await this.create(number, n);
                if (party) mine.push(party);
            } else if (what < 8) {
                await this.change(mine[this.roll(mine.length)], `t${number}-${n}`);
            } else {
                await this.note(mine[this.roll(mine.length)], `note ${number}-${n}`);
            }
        }
    }
    // The import of a file, begun again whenever it was killed.
    async import() {
        const file = join(this.space.dir, 'list.csv');
        let rows = 'own_id,First name,Last name,Mobile,E-mail\n';
        for (let i = 0; i < this.rows; i++) rows += `imp-${i},Row,Number${i},+33 6 ${String(10000000 + i)},row${i}@example.org\n`;
        writeFileSync(file, rows);
        for (this.imports = 1; ; this.imports++) {
            const { child, ended } = this.space.begin('import', file, '--match', 'own_id');
            this.importer = child;
            const how = await ended;
            this.imported = how.out.match(/created (\d+) changed (\d+) skipped (\d+) refused (\d+)/)?.slice(1).map(Number);
            if (this.imported) return;
            must(how.code === null || how.code !== 0, `the import ended without counts: ${how.out}`);
            this.importSaid = how.out;
            if (this.imports > this.rows / 6) throw new Error(`the import never ends: ${how.out}`);
            await sleep(150);
        }
    }
    killImport() {
        try { process.kill(-this.importer.pid, 'SIGKILL'); } catch { /* it is over */ }
    }
    async all(plural) {
        const items = [];
        let after = '';
        do {
            const got = await this.call('GET', `${plural}?sort=id&limit=200${after}`);
            must(got?.status === 200, `list of ${plural}: ${got?.status} ${JSON.stringify(got?.json)}`);
            items.push(...got.json.items);
            after = got.json.next ? '&after=' + encodeURIComponent(got.json.next) : '';
        } while (after);
        return items;
    }
    async verify() {
        const parties = await this.all('parties'), notes = await this.all('notes');
        const by = new Map(), texts = new Map();
        for (const p of parties) if (p.own_id) by.set(p.own_id, [...(by.get(p.own_id) ?? []), p]);
        for (const n of notes) texts.set(n.text, (texts.get(n.text) ?? 0) + 1);
        for (let i = 0; i < this.rows; i++) {
            const n = by.get(`imp-${i}`)?.length ?? 0;
            must(n === 1, `row ${i} of the file is there ${n} times; the import said ${this.imported}`);
        }
        if (this.rows) must(this.imported[0] === this.rows && this.imported[3] === 0, `the import counted ${this.imported} of ${this.rows} rows`);
        for (const [own_id, p] of this.parties) {
            const found = by.get(own_id) ?? [];
            must(found.length <= 1, `${own_id} is there ${found.length} times`);
            if (p.state !== 'there') continue;
            must(found.length === 1, `${own_id} was acknowledged and is lost`);
            const is = found[0].territory;
            must(is === p.territory || p.tried.includes(is), `${own_id}: territory ${is}, acknowledged ${p.territory}`);
            must(found[0].phones.length === 1, `${own_id} has ${found[0].phones.length} phones`);
        }
        for (const [text, state] of this.notes) {
            const n = texts.get(text) ?? 0;
            must(n === 1 || (n === 0 && state !== 'there'), `note "${text}", ${state}, is there ${n} times`);
        }
        return { parties: parties.length, notes: notes.length };
    }
}
