/* The page index.html of an export: list, search and one client, from disk and without a server.
 * Data come as scripts (book/data/*.js), because a page opened from disk may not fetch. Everything
 * is put into the page as text, never as HTML. */
(function () {
  'use strict';
  var book = window.book;
  var SHOWN = 200, rows = [], hits = [], shown = 0, loaded = 0, waiting = {};
  var lang = book.made.language, byId = function (id) { return document.getElementById(id); };

  function t(text) {
    var found = book.texts[lang] && book.texts[lang][text];
    return found || text.replace(/^[^|]*\|/, '');
  }
  function element(name, text, attributes) {
    var e = document.createElement(name);
    if (text !== undefined && text !== null) e.textContent = text;
    for (var k in attributes || {}) e.setAttribute(k, attributes[k]);
    return e;
  }
  function locale() {
    var calendars = { persian: 'persian', umalqura: 'islamic-umalqura', gregorian: 'gregory' };
    return lang + '-u-ca-' + (calendars[book.made.calendar] || 'gregory') + '-nu-' + book.made.digits;
  }
  function number(n) {
    try { return new Intl.NumberFormat(locale()).format(n); } catch (e) { return String(n); }
  }
  function date(iso) {
    var part = /^(\d{4}|-)-(\d\d)-(\d\d)$/.exec(iso);
    if (!part) return iso;
    var how = { day: 'numeric', month: 'long', timeZone: 'UTC' };
    if (part[1] !== '-') how.year = 'numeric';
    var day = new Date(Date.UTC(part[1] === '-' ? 2026 : +part[1], +part[2] - 1, +part[3]));
    try { return new Intl.DateTimeFormat(locale(), how).format(day); } catch (e) { return iso; }
  }
  function instant(iso) {
    try {
      return new Intl.DateTimeFormat(locale(), { dateStyle: 'medium', timeStyle: 'short', timeZone: book.made.zone }).format(new Date(iso));
    } catch (e) { return iso; }
  }

  /* The same idea as the program's own search: two texts that a person would call the same are the
   * same here, so only what is typed must be folded; the list was folded when it was made. */
  function fold(text) {
    var same = { 'ي': 'ی', 'ى': 'ی', 'ئ': 'ی', 'ك': 'ک', 'أ': 'ا', 'إ': 'ا', 'آ': 'ا', 'ٱ': 'ا', 'ة': 'ه', 'ۀ': 'ه', 'ؤ': 'و', 'œ': 'oe', 'æ': 'ae', 'ß': 'ss', 'ø': 'o', 'ł': 'l', 'ı': 'i' };
    return text.normalize('NFKC').replace(/[ئؤأإآۀ]/g, function (c) { return same[c]; }).normalize('NFKD').toLowerCase()
      .replace(/[\p{M}\u0640\u200c\u200d\u200e\u200f'’ʼءٔ]/gu, '')
      .replace(/[يىكةٱœæßøłı]/g, function (c) { return same[c]; })
      .replace(/[\u0660-\u0669]/g, function (c) { return c.charCodeAt(0) - 0x660; })
      .replace(/[\u06f0-\u06f9]/g, function (c) { return c.charCodeAt(0) - 0x6f0; })
      .replace(/[^\p{L}\p{N}]+/gu, ' ').trim();
  }
  function search() {
    var words = fold(byId('find').value).split(' ').filter(Boolean);
    hits = words.length ? rows.filter(function (r) {
      return words.every(function (w) { return r[5].indexOf(' ' + w) >= 0; });
    }) : rows;
    shown = 0;
    byId('hits').textContent = '';
    more();
  }
  function line(r) {
    var li = element('li'), a = element('a', null, { href: '#c' + r[0] });
    a.appendChild(element('b')).appendChild(element('bdi', r[1]));
    if (r[2]) a.appendChild(element('small')).appendChild(element('bdi', r[2]));
    li.appendChild(a);
    if (r[3]) li.appendChild(element('bdi', r[3], { dir: 'ltr', class: 'phone' }));
    if (r[4]) li.appendChild(element('bdi', r[4], { class: 'quiet' }));
    return li;
  }
  function more() {
    var all = document.createDocumentFragment(), end = Math.min(hits.length, shown + SHOWN);
    for (; shown < end; shown++) all.appendChild(line(hits[shown]));
    byId('hits').appendChild(all);
    byId('more').hidden = shown >= hits.length;
    byId('count').textContent = loaded < book.made.lists ? t('Loading…') :
      hits.length ? t('Clients:') + ' ' + number(hits.length) : t('Nothing found');
  }

  /* --- one client --- */
  function section(into, title) {
    var s = into.appendChild(element('section'));
    s.appendChild(element('h2', t(title)));
    return s;
  }
  function shownValue(field, value) {
    if (field.choices) return t(field.choices[value] || String(value));
    if (field.kind === 'ref') return (book.names[field.ref] || {})[value] || '#' + value;
    if (field.kind === 'date') return date(value);
    if (field.kind === 'yesno') return value ? t('yes') : '';
    if (field.kind === 'language') try { return new Intl.DisplayNames([lang], { type: 'language' }).of(value); } catch (e) { return value; }
    if (field.kind === 'country') try { return new Intl.DisplayNames([lang], { type: 'region' }).of(value); } catch (e) { return value; }
    return String(value);
  }
  function facts(into, fields, record) {
    var dl = element('dl'), n = 0;
    fields.forEach(function (f) {
      var value = record[f.name], text;
      if (value === null || value === undefined || value === '' || value === false) return;
      text = shownValue(f, value);
      if (!text) return;
      dl.appendChild(element('dt', t(f.label)));
      var dd = dl.appendChild(element('dd'));
      if (f.kind === 'url' && /^https?:\/\//i.test(value)) dd.appendChild(element('a', text, { href: value, rel: 'noopener noreferrer' }));
      else dd.appendChild(element('bdi', text, f.ltr && f.kind !== 'date' ? { dir: 'ltr' } : {}));
      n++;
    });
    if (n) into.appendChild(dl);
    return n;
  }
  function clientLink(id, name) {
    return element('a', name || '#' + id, { href: '#c' + id });
  }
  function fileLink(path) {
    return path.split('/').map(encodeURIComponent).join('/');
  }
  function bonds(into, list) {
    if (!list.length) return;
    var ul = section(into, 'Relationships').appendChild(element('ul'));
    list.forEach(function (b) {
      var li = ul.appendChild(element('li'));
      li.appendChild(clientLink(b.id, b.name));
      var about = [b.job_title, b.role, b.from && date(b.from), b.until && date(b.until)].filter(Boolean).join(' · ');
      if (about) li.appendChild(element('small')).appendChild(element('bdi', about));
    });
  }
  function notes(into, list) {
    if (!list.length) return;
    var s = section(into, 'Notes');
    list.forEach(function (n) {
      s.appendChild(element('p', instant(n.at) + (n.who ? ' · ' + (book.names.member[n.who] || '') : '') + (n.private ? ' · ' + t('Private') : ''), { class: 'quiet small' }));
      s.appendChild(element('p', n.text, { class: 'said', dir: 'auto' }));
    });
  }
  function files(into, list) {
    if (!list.length) return;
    var ul = section(into, 'Files').appendChild(element('ul'));
    list.forEach(function (f) {
      var li = ul.appendChild(element('li'));
      li.appendChild(element('a', f.name, { href: fileLink(f.path), dir: 'auto' }));
    });
  }
  function show(id, client) {
    var sheet = byId('sheet'), record = client.record;
    sheet.textContent = '';
    sheet.appendChild(element('p')).appendChild(element('a', t('All clients'), { href: '#' }));
    sheet.appendChild(element('h1')).appendChild(element('bdi', record.display_name));
    facts(sheet, book.fields.party, record);
    ['phones', 'emails', 'addresses'].forEach(function (name) {
      var list = record[name] || [];
      if (!list.length) return;
      var s = section(sheet, book.lists[name]);
      list.forEach(function (x) { facts(s, book.fields[name], x); });
    });
    if ((record.tags || []).length) section(sheet, 'Tags').appendChild(element('p', record.tags.join(' · ')));
    bonds(sheet, client.bonds || []);
    notes(sheet, client.notes || []);
    files(sheet, client.files || []);
    byId('list').hidden = true;
    sheet.hidden = false;
    document.title = record.display_name + ' · ' + book.made.firm;
    sheet.focus({ preventScroll: true });
    window.scrollTo(0, 0);
  }
  function script(path, failed) {
    var e = element('script', null, { src: path });
    e.onerror = failed;
    document.head.appendChild(e);
  }
  function open() {
    var id = /^#c(\d+)$/.exec(location.hash);
    if (!id) {
      byId('list').hidden = false;
      byId('sheet').hidden = true;
      document.title = book.made.firm;
      return;
    }
    var part = Math.floor(+id[1] / book.made.part);
    var there = function () {
      var all = waiting[part];
      if (all[id[1]]) show(id[1], all[id[1]]);
      else location.hash = '';
    };
    if (waiting[part]) return there();
    book.clients = function (all) { waiting[part] = all; there(); };
    script('book/data/clients-' + part + '.js', function () { location.hash = ''; });
  }

  function relabel() {
    document.documentElement.lang = lang;
    document.documentElement.dir = lang === 'fa' || lang === 'ar' ? 'rtl' : 'ltr';
    document.querySelectorAll('[data-t]').forEach(function (e) { e.textContent = t(e.getAttribute('data-t')); });
    document.querySelectorAll('[data-p]').forEach(function (e) { e.placeholder = t(e.getAttribute('data-p')); });
    byId('made').textContent = t('Taken out:') + ' ' + instant(book.made.at) + ' · ' + t('Clients:') + ' ' + number(book.made.clients);
    byId('language').value = lang;
    more();
    open();
  }
  book.list = function (part) {
    Array.prototype.push.apply(rows, part);
    loaded++;
    if (loaded < book.made.lists) return next();
    var order = new Intl.Collator(book.made.alphabet);
    var keyed = rows.map(function (r) { return [r[1], r]; });
    keyed.sort(function (a, b) { return order.compare(a[0], b[0]); });
    rows = keyed.map(function (k) { return k[1]; });
    search();
  };
  function next() {
    if (loaded % 5 === 1) search();
    script('book/data/list-' + loaded + '.js', function () { loaded++; if (loaded < book.made.lists) next(); else search(); });
  }
  byId('find').addEventListener('input', function () { if (location.hash) location.hash = ''; search(); });
  byId('more').addEventListener('click', more);
  byId('print').addEventListener('click', function () { window.print(); });
  byId('language').addEventListener('change', function () { lang = this.value; relabel(); });
  window.addEventListener('hashchange', open);
  relabel();
  if (book.made.lists) next();
})();
