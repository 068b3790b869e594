/* The list as a sheet: the keyboard walks its cells, Enter, F2 or a letter edits one, a pasted block is shown
   before it is saved, columns have the widths that one drags. What a column is stands in its head: data-f its
   name, data-k how it is edited (t text, l left to right, d date, a lines, s choice, c box, x ask the server).
   Below 48rem the list is cards, and this sleeps. */
(() => {
  const doc = document, table = doc.getElementById('sheet');
  /* The panel of columns: arrows and dragging move a line. */
  let dragged = null;
  doc.addEventListener('click', (e) => {
    const button = e.target.closest?.('.column-list :is([name="up"], [name="down"])'), line = button?.closest('li');
    if (!line) return;
    e.preventDefault();
    if (button.name === 'up') line.previousElementSibling?.before(line); else line.nextElementSibling?.after(line);
    button.focus();
  });
  doc.addEventListener('pointerdown', (e) => { const grip = e.target.closest?.('.column-list .grip'); if (grip) grip.parentNode.draggable = true; });
  doc.addEventListener('dragstart', (e) => { dragged = e.target.closest?.('.column-list > li'); });
  doc.addEventListener('dragover', (e) => {
    const over = dragged && e.target.closest?.('.column-list > li');
    if (!over) return;
    e.preventDefault();
    const box = over.getBoundingClientRect();
    if (over !== dragged) over[e.clientY < box.y + box.height / 2 ? 'before' : 'after'](dragged);
  });
  doc.addEventListener('dragend', () => { if (dragged) dragged.draggable = false; dragged = null; });

  if (!table || !matchMedia('(width >= 48rem)').matches) return;
  const body = table.tBodies[0], heads = [...table.tHead.rows[0].cells], columns = [...table.querySelectorAll('col')];
  const parts = doc.getElementById('sheet-parts').content, note = parts.querySelector('.cell-note'), wrap = table.parentNode;
  const csrf = parts.querySelector('[name="csrf"]').value, may = table.dataset.writes;
  const ahead = doc.dir === 'rtl' ? 'ArrowLeft' : 'ArrowRight', back = doc.dir === 'rtl' ? 'ArrowRight' : 'ArrowLeft';
  const wrong = new Map(), controls = new Map(), done = [];
  let at = null, from = null, edit = null;
  table.setAttribute('role', 'grid');
  table.setAttribute('aria-multiselectable', 'true');
  doc.body.append(note);

  const isName = (cell) => cell.tagName === 'TH';
  const holder = (cell) => (isName(cell) ? cell.querySelector('a bdi') : cell);
  const text = (cell) => holder(cell).textContent.trim();
  const target = (cell) => (isName(cell) ? cell.querySelector('a') : cell);
  const kind = (cell) => may && heads[cell.cellIndex].dataset.k;
  const idOf = (row) => /\d+/.exec(row.querySelector('th a').pathname)[0];
  const cellAt = (r, c) => body.rows[r]?.cells[c];
  const rowOf = (cell) => cell.parentNode.sectionRowIndex;
  const names = (i) => heads.slice(i).filter((h) => h.offsetWidth).map((h) => h.dataset.f).join();
  const calm = () => { for (const a of body.querySelectorAll('a')) a.tabIndex = -1; };
  const send = (url, fields, keepalive) => fetch(url, { method: 'POST', keepalive, headers: { 'HX-Request': 'true' }, body: new URLSearchParams({ csrf, ...fields }) });
  const made = (html) => { const t = doc.createElement('template'); t.innerHTML = html; return t.content; };

  /* --- where one is --- */
  const range = () => [from, at].map(rowOf).sort((a, b) => a - b).concat([from, at].map((x) => x.cellIndex).sort((a, b) => a - b));
  const picked = () => {
    const [r1, r2, c1, c2] = range(), all = [];
    for (let r = r1; r <= r2; r++) all.push([...body.rows[r].cells].slice(c1, c2 + 1).filter((x) => x.offsetWidth));
    return all;
  };
  const go = (cell, extend) => {
    if (!cell) return;
    if (at?.isConnected) target(at).tabIndex = -1;
    at = cell;
    if (!extend || !from?.isConnected) from = cell;
    target(cell).tabIndex = 0;
    target(cell).focus();
    for (const x of body.querySelectorAll('[aria-selected]')) x.removeAttribute('aria-selected');
    if (from !== at) for (const x of picked().flat()) x.setAttribute('aria-selected', 'true');
  };
  const load = async (url) => new DOMParser().parseFromString(await (await fetch(url)).text(), 'text/html');
  const toast = (page) => {
    const x = page.querySelector('.toast');
    if (!x) return;
    doc.getElementById('toasts').replaceChildren(x);
    doc.dispatchEvent(new Event('htmx:after:swap'));
  };
  /* The next page's rows come below these. */
  let loading = false;
  const more = async () => {
    const link = doc.querySelector('.pager [rel="next"]');
    if (!link || loading) return;
    loading = true;
    wrap.setAttribute('aria-busy', 'true');
    try {
      const page = await load(link.href);
      body.append(...page.getElementById('sheet').tBodies[0].rows);
      doc.querySelector('.pager').replaceWith(page.querySelector('.pager'));
      calm();
      doc.dispatchEvent(new Event('sheet:rows'));
      if (doc.activeElement === target(at)) step(1, 0);
    } catch { /* offline: the pager below still leads there */ }
    loading = false;
    wrap.removeAttribute('aria-busy');
  };
  const refresh = async () => {
    const r = rowOf(at), c = at.cellIndex, page = await load(location.href), sheet = page.getElementById('sheet');
    if (!sheet) return location.reload();
    const ticked = [...body.querySelectorAll('[name="pick"]:checked')].map((b) => b.value);
    body.replaceChildren(...sheet.tBodies[0].rows);
    for (const b of body.querySelectorAll('[name="pick"]')) b.checked = ticked.includes(b.value);
    doc.dispatchEvent(new Event('sheet:rows'));
    calm();
    toast(page);
    from = null;
    go(cellAt(r, c) || cellAt(0, 0));
  };
  function step(dr, dc, extend, wraps) {
    let r = rowOf(at) + dr, c = at.cellIndex + dc;
    while (heads[c] && !heads[c].offsetWidth) c += dc;
    if (wraps && !heads[c]) { r += dc; c = dc > 0 ? 0 : heads.findLastIndex((h) => h.offsetWidth); }
    if (r >= body.rows.length) return more();
    go(cellAt(Math.max(r, 0), c), extend);
  }

  /* --- editing --- */
  const place = () => {
    if (!edit) return;
    const box = edit.cell.getBoundingClientRect();
    note.style.insetBlockStart = `${box.bottom + 4}px`;
    if (doc.dir === 'rtl') note.style.right = `${innerWidth - box.right}px`; else note.style.left = `${Math.min(box.left, innerWidth - 340)}px`;
  };
  const say = (what, words) => {
    note.className = `cell-note ${what}`;
    note.querySelector(what === 'stale' ? '.stale bdi' : '.problem-text span').textContent = words || '';
    if (what && !note.matches(':popover-open')) note.showPopover();
    if (!what && note.matches(':popover-open')) note.hidePopover();
    place();
  };
  addEventListener('scroll', place, true);
  const close = () => {
    const { form, cell } = edit;
    edit = null;
    form.remove();
    cell.classList.remove('edit');
    if (cell === at) target(cell).tabIndex = 0;
    say('');
  };
  const control = async (cell, field, asks) => {
    if (!controls.has(field) || asks) {
      const answer = await fetch(`/clients/${idOf(cell.parentNode)}/cell?field=${field}`);
      if (!answer.ok) return null;
      controls.set(field, made(await answer.text()).querySelector('input, select, textarea'));
    }
    return controls.get(field).cloneNode(true);
  };
  const open = async (cell, blank) => {
    const how = kind(cell), field = heads[cell.cellIndex].dataset.f, bad = wrong.get(cell), was = bad ? bad.was : text(cell);
    if (!how || edit || cell.classList.contains('busy')) return;
    if (how === 'a' && /^.{200}…$/su.test(was)) return location.assign(cell.parentNode.querySelector('[data-edit]').dataset.edit);
    const form = parts.querySelector('form').cloneNode(true);
    let input = form.elements.value;
    if ('asx'.includes(how)) {
      const other = how === 'a' ? doc.createElement('textarea') : await control(cell, field, how === 'x');
      if (!other || edit || at !== cell) return;
      for (const name of ['id', 'name', 'aria-describedby']) other.setAttribute(name, input.getAttribute(name));
      input.replaceWith(other);
      input = other;
    }
    if (how === 'c') { input.type = 'checkbox'; input.checked = was; }
    else if (how === 's') { for (const o of input.options) o.selected = bad ? o.value === bad.value : o.text.trim() === was; if (!was && !bad) input.value = ''; }
    else if (how !== 'x' || bad) input.value = blank ? '' : bad ? bad.value : was;
    if (how !== 'x') input.dir = how === 'l' ? 'ltr' : 'auto';
    if (how === 'd') input.dataset.echo = '/echo/date';
    input.setAttribute('aria-label', heads[cell.cellIndex].textContent.trim());
    edit = { cell, form, input, was, how, first: how === 'x' ? input.value : null };
    cell.classList.add('edit');
    target(cell).tabIndex = -1;
    cell.append(form);
    input.focus();
    if (!blank) input.select?.();
    form.addEventListener('submit', (e) => { e.preventDefault(); commit(); step(1, 0); });
    form.addEventListener('focusout', (e) => { if (edit?.form === form && doc.hasFocus() && !form.contains(e.relatedTarget) && !note.contains(e.relatedTarget)) commit(); });
    note.querySelector('.echo').textContent = '';
    if (bad) { input.setAttribute('aria-invalid', 'true'); say(bad.stale ? 'stale' : 'bad', bad.problem); } else if (how === 'd') say('date');
  };
  const restore = (cell) => {
    const bad = wrong.get(cell);
    if (!bad) return;
    wrong.delete(cell);
    cell.removeAttribute('aria-invalid');
    holder(cell).replaceChildren(...bad.nodes);
  };
  function commit() {
    const { cell, input, was, how, first } = edit, bad = wrong.get(cell);
    const value = how === 'c' ? String(+input.checked) : input.value;
    const said = input.options ? (input.value && input.selectedOptions[0].text.trim()) : how === 'c' ? was : value.trim();
    close();
    if (how === 'c' ? input.checked === !!was : how === 'x' ? value === first : said === was) return restore(cell);
    save(cell, value, said, was, bad?.nodes);
  }
  const take = (row, html) => {
    const page = made(html), fresh = page.querySelector('tr');
    toast(page);
    const undo = doc.querySelector('#toasts .toast form');
    if (undo && page !== undo) done.push(undo.action);
    [...fresh.cells].forEach((now, i) => {
      const cell = row.cells[i], here = doc.activeElement === target(cell);
      if (!cell || edit?.cell === cell || wrong.has(cell) || cell.classList.contains('busy')) return;
      if (isName(cell)) cell.querySelector('.who').replaceWith(now.querySelector('.who'));
      else cell.replaceChildren(...now.childNodes);
      for (const a of cell.querySelectorAll('a')) a.tabIndex = -1;
      if (at === cell) target(cell).tabIndex = 0;
      if (here) target(cell).focus();
    });
  };
  /* What was typed stands there at once; what is refused comes back with the reason. */
  async function save(cell, value, said, was, nodes) {
    const keep = nodes || [...holder(cell).childNodes];
    wrong.delete(cell);
    cell.removeAttribute('aria-invalid');
    cell.classList.add('busy');
    holder(cell).replaceChildren(said);
    let status = 0, words = '';
    try {
      const answer = await send(`/clients/${idOf(cell.parentNode)}/cell`, { field: heads[cell.cellIndex].dataset.f, value, was, cols: names(1) }, true);
      status = answer.status;
      words = status === 200 || answer.headers.get('Content-Type')?.startsWith('text/plain') ? await answer.text() : '';
    } catch { /* offline: as below */ }
    cell.classList.remove('busy');
    if (status === 200) return take(cell.parentNode, words);
    wrong.set(cell, { value, was, nodes: keep, problem: words || (status === 412 ? '' : table.dataset.lost), stale: status === 412 });
    cell.setAttribute('aria-invalid', 'true');
    if (!edit) { go(cell); open(cell); }
  }
  note.addEventListener('click', (e) => {
    const button = e.target.closest('button');
    if (!button || !edit) return;
    const { cell } = edit, bad = wrong.get(cell), theirs = bad.problem;
    if (button.matches('.main')) { bad.was = edit.was = theirs; commit(); } else {
      close();
      bad.nodes = [theirs];
      restore(cell);
    }
    go(cell);
  });
  const undo = async () => {
    const action = done.pop();
    if (action) { await send(action, {}); await refresh(); }
  };
  doc.addEventListener('submit', (e) => {
    if (!e.target.matches('#toasts form') || !at) return;
    e.preventDefault();
    const mine = done.lastIndexOf(e.target.action);
    if (mine >= 0) done.splice(mine, 1);
    send(e.target.action, {}).then(refresh);
  }, true);
  addEventListener('beforeunload', (e) => { if (wrong.size || body.querySelector('.busy')) e.preventDefault(); });

  /* --- keys --- */
  const editKey = (e) => {
    if (e.key === 'Escape') { const { cell } = edit; close(); restore(cell); go(cell); }
    else if (e.key === 'Tab') { commit(); step(0, e.shiftKey ? -1 : 1, false, true); }
    else if (e.key === 'Enter' && !e.shiftKey && !e.altKey) { commit(); step(1, 0); }
    else if (edit.input.options && !e.altKey && /^Arrow(Up|Down)$/.test(e.key)) { /* some browsers would open the list */
      const next = edit.input.selectedIndex + (e.key === 'ArrowDown' ? 1 : -1);
      if (edit.input.options[next]) edit.input.selectedIndex = next;
    } else return;
    e.preventDefault();
    e.stopPropagation();
  };
  const key = (e, cell) => {
    const ctrl = e.ctrlKey || e.metaKey, last = heads.findLastIndex((h) => h.offsetWidth), n = body.rows.length - 1, r = rowOf(cell), c = cell.cellIndex;
    const walk = {
      [ahead]: () => (ctrl ? go(cellAt(r, last), e.shiftKey) : step(0, 1, e.shiftKey)),
      [back]: () => (ctrl ? go(cellAt(r, 0), e.shiftKey) : step(0, -1, e.shiftKey)),
      ArrowDown: () => (ctrl ? go(cellAt(n, c), e.shiftKey) : step(1, 0, e.shiftKey)),
      ArrowUp: () => go(cellAt(ctrl ? 0 : r - 1, c), e.shiftKey),
      Home: () => go(cellAt(ctrl ? 0 : r, 0), e.shiftKey),
      End: () => go(cellAt(ctrl ? n : r, last), e.shiftKey),
      PageDown: () => go(cellAt(Math.min(n, r + 10), c), e.shiftKey),
      PageUp: () => go(cellAt(Math.max(0, r - 10), c), e.shiftKey),
    }[e.key];
    if (walk) return walk(), true;
    if (e.key === 'F2' || (e.key === 'Enter' && !ctrl && !isName(cell))) return open(cell), true;
    if (e.key === 'Enter' && ctrl) return cell.querySelector('a')?.click(), true;
    if (e.key === ' ' && e.target.type !== 'checkbox') return cell.parentNode.querySelector('[name="pick"]')?.click(), true;
    if (ctrl && e.code === 'KeyZ' && done.length) return undo(), true;
    if (isName(cell) || ctrl || e.altKey || !kind(cell)) return false;
    if (e.key === 'Delete' || e.key === 'Backspace') return text(cell) && save(cell, '', '', text(cell)), true;
    if (e.key.length === 1) { open(cell, true); e.stopPropagation(); }
    return false;
  };
  table.addEventListener('keydown', (e) => {
    const cell = e.target.closest('tbody :is(td, th)'), head = e.target.closest('thead th');
    if (e.isComposing) return;
    if (edit && cell === edit.cell) return editKey(e);
    if (cell && key(e, cell)) e.preventDefault();
    if (head && e.shiftKey && (e.key === ahead || e.key === back)) {
      e.preventDefault();
      widen(heads.indexOf(head), head.offsetWidth + (e.key === ahead ? 16 : -16));
    }
  });
  body.addEventListener('click', (e) => {
    const cell = e.target.closest('td, th'), link = e.target.closest('a');
    if (!cell || e.target.closest('form, [name="pick"]') || (isName(cell) && link)) return;
    if (cell === at && doc.activeElement === cell && !e.shiftKey) { if (!link) open(cell); return; }
    if (link) e.preventDefault();
    go(cell, e.shiftKey);
  });
  body.addEventListener('focusin', (e) => { const cell = e.target.closest('td, th'); if (cell && cell !== at && !edit && isName(cell)) { if (at) target(at).tabIndex = -1; at = from = cell; target(cell).tabIndex = 0; } });
  body.addEventListener('pointerover', (e) => { const cell = e.target.closest('td'); if (cell && !cell.title && cell.scrollWidth > cell.clientWidth) cell.title = text(cell); });

  /* --- copy, paste --- */
  table.addEventListener('copy', (e) => {
    if (edit || !at || !getSelection().isCollapsed) return;
    const quoted = (s) => (/["\t\n]/.test(s) ? `"${s.replaceAll('"', '""')}"` : s);
    e.clipboardData.setData('text/plain', picked().map((row) => row.map((x) => quoted(text(x))).join('\t')).join('\n'));
    e.preventDefault();
  });
  table.addEventListener('paste', async (e) => {
    const block = e.clipboardData.getData('text/plain').replace(/\r?\n$/, '');
    if (edit || !at || !may || !block) return;
    e.preventDefault();
    if (!/[\t\n]/.test(block)) { if (kind(at)) save(at, block, block, text(at)); return; }
    if (range()[0] !== rowOf(at) || range()[2] !== at.cellIndex) go(cellAt(range()[0], range()[2]));
    const ids = [...body.rows].slice(rowOf(at)).map(idOf).join();
    const answer = await send('/clients/cells', { block, ids, cols: names(at.cellIndex), next: location.pathname + location.search });
    const dialog = doc.createElement('dialog');
    dialog.className = 'dialog pasted';
    dialog.setAttribute('aria-labelledby', 'paste-title');
    dialog.append(made(answer.ok || answer.status === 422 ? await answer.text() : ''));
    dialog.addEventListener('close', () => { dialog.remove(); go(at); });
    if (!dialog.querySelector('form')) return;
    dialog.querySelector('a[data-close]').addEventListener('click', (x) => x.preventDefault());
    doc.body.append(dialog);
    dialog.showModal();
  });

  /* --- widths --- */
  let timer = 0;
  function widen(i, width) {
    if (columns.length === heads.length) { /* from now on each has its own width, and the rest is empty */
      heads.forEach((h, k) => { if (h.offsetWidth) columns[k].width = h.offsetWidth; });
      table.querySelector('colgroup').append(doc.createElement('col'));
      columns.push(null);
    }
    columns[i].width = Math.max(60, Math.min(800, Math.round(width)));
    clearTimeout(timer);
    timer = setTimeout(() => {
      const form = new URLSearchParams({ csrf, next: location.pathname + location.search });
      heads.forEach((h, k) => form.append('col', `${h.dataset.f}:${columns[k].width}`));
      fetch('/clients/columns', { method: 'POST', keepalive: true, headers: { 'HX-Request': 'true' }, body: form });
    }, 300);
  }
  heads.forEach((head, i) => {
    const edge = doc.createElement('i');
    edge.className = 'edge';
    head.append(edge);
    edge.addEventListener('pointerdown', (e) => {
      const x = e.clientX, width = head.offsetWidth, sign = doc.dir === 'rtl' ? -1 : 1;
      e.preventDefault();
      edge.setPointerCapture(e.pointerId);
      edge.onpointermove = (m) => widen(i, width + sign * (m.clientX - x));
      edge.onpointerup = () => { edge.onpointermove = null; };
    });
  });
  new ResizeObserver(() => wrap.classList.toggle('scrolls', table.offsetWidth > wrap.clientWidth + 1)).observe(table);
  calm();
  at = from = cellAt(0, 0);
  target(at).tabIndex = 0;
})();
