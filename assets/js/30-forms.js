/* Forms: rows of many-valued fields, dates understood while typing, dropped files, unsaved changes. */
(() => {
  const doc = document;
  const near = (event, selector) => event.target.closest?.(selector);

  /* <button data-add="phones"> copies <template id="phones-row"> to the end of <… id="phones" data-next="2">;
     __i__ in the template becomes the next number. <button data-remove> takes its .many-row out. */
  doc.addEventListener('click', (e) => {
    const add = near(e, '[data-add]');
    if (add) {
      const list = doc.getElementById(add.dataset.add), model = doc.getElementById(add.dataset.add + '-row');
      const i = list.dataset.next++;
      const row = model.content.firstElementChild.cloneNode(true);
      for (const part of [row, ...row.querySelectorAll('*')])
        for (const { name, value } of [...part.attributes])
          if (value.includes('__i__')) part.setAttribute(name, value.replaceAll('__i__', i));
      list.append(row);
      (row.querySelector('input:not([type="hidden"]), textarea') || row.querySelector('select'))?.focus();
      dirty(list.closest('form'));
    }
    const remove = near(e, '[data-remove]');
    if (remove) {
      const row = remove.closest('.many-row'), list = row.parentElement;
      const next = row.nextElementSibling || row.previousElementSibling;
      const form = row.closest('form');
      row.remove();
      (next?.querySelector('input, textarea, select') || doc.querySelector(`[data-add="${list.id}"]`))?.focus();
      dirty(form);
    }
  });

  /* data-echo="/echo/date": what the server understands of the text, under the field. It answers plain text;
     what it cannot understand carries the header Refused: 1 (or status 422, which the console would note). */
  const waiting = new WeakMap();
  doc.addEventListener('input', (e) => {
    const field = e.target, address = field.dataset?.echo;
    if (!address) return;
    const echo = doc.getElementById(field.id + '-echo');
    const { timer, stop } = waiting.get(field) || {};
    clearTimeout(timer);
    stop?.abort();
    const text = field.value.trim();
    if (!text) { echo.textContent = ''; return; }
    const cut = new AbortController();
    waiting.set(field, { stop: cut, timer: setTimeout(async () => {
      try {
        const url = new URL(address, location.href);
        url.searchParams.set('text', text);
        const answer = await fetch(url, { signal: cut.signal, headers: { Accept: 'text/plain' } });
        if (!answer.ok && answer.status !== 422) return;
        echo.textContent = await answer.text();
        echo.classList.toggle('bad', !answer.ok || answer.headers.has('Refused'));
      } catch { /* typed on, or offline: the server judges on saving */ }
    }, 250) });
  });

  /* .drop around a file field: takes dropped files and shows their names. */
  for (const type of ['dragenter', 'dragover', 'dragleave', 'drop']) doc.addEventListener(type, (e) => {
    const zone = near(e, '.drop');
    if (!zone) return;
    e.preventDefault();
    zone.classList.toggle('over', type === 'dragenter' || type === 'dragover');
    const field = zone.querySelector('input[type="file"]');
    if (type === 'drop' && e.dataTransfer.files.length && field) {
      field.files = e.dataTransfer.files;
      field.dispatchEvent(new Event('change', { bubbles: true }));
    }
  });
  doc.addEventListener('change', (e) => {
    const zone = e.target.type === 'file' && near(e, '.drop');
    if (zone) zone.querySelector('.chosen').textContent = [...e.target.files].map((f) => f.name).join(' · ');
  });

  /* form[data-paste]: a file or a pasted text, one of the two; a long text travels as a file. */
  doc.addEventListener('submit', (e) => {
    if (!e.target.matches('[data-paste]')) return;
    const field = e.target.querySelector('input[type="file"]'), text = e.target.querySelector('textarea');
    if (field.files.length || text.value.length < 20000) return;
    const all = new DataTransfer();
    all.items.add(new File([text.value], text.dataset.file, { type: 'text/plain' }));
    field.files = all.files;
    text.disabled = true;
    setTimeout(() => text.disabled = false);
  });

  /* form[data-guard]: leaving with changes asks; Ctrl+Enter saves; sending twice is held back. */
  const changed = new Set();
  const free = (form) => {
    delete form.dataset.sent;
    form.querySelectorAll('[aria-busy]').forEach((button) => button.ariaBusy = null);
  };
  function dirty(form) { if (form?.matches('[data-guard]')) changed.add(form); }
  doc.addEventListener('input', (e) => dirty(e.target.form));
  doc.addEventListener('reset', (e) => changed.delete(e.target));
  doc.addEventListener('submit', (e) => {
    if (e.defaultPrevented || e.target.method !== 'post') return;
    if (e.target.dataset.sent) { e.preventDefault(); return; }
    e.target.dataset.sent = '1';
    if (e.submitter) e.submitter.ariaBusy = 'true';
    setTimeout(() => free(e.target), 4000);
    changed.delete(e.target);
  });
  addEventListener('pageshow', () => doc.querySelectorAll('form[data-sent]').forEach(free));
  addEventListener('beforeunload', (e) => { if ([...changed].some((form) => form.isConnected)) e.preventDefault(); });
  doc.addEventListener('keydown', (e) => {
    if (e.key === 'Enter' && (e.ctrlKey || e.metaKey) && e.target.form?.method === 'post') { e.preventDefault(); e.target.form.requestSubmit(); }
  });

  /* After a refused form: to the list of problems. */
  doc.querySelector('[data-focus]')?.focus();
})();
