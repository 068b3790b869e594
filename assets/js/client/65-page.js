/* A client's page: a pencil with data-field opens that field where it stands (data-cell). Enter saves, in
   several lines with Ctrl; Escape leaves it. What the server refuses stays with the reason beside it. */
(() => {
  const doc = document, heads = { headers: { 'HX-Request': 'true' } };
  const made = (html) => { const t = doc.createElement('template'); t.innerHTML = html; return t.content; };
  const place = (pen) => pen.closest('[data-cell]') || pen.parentNode;
  const leave = (form) => {
    const cell = form.parentNode, name = form.elements.field.value;
    form.remove();
    cell.classList.remove('editing');
    cell.querySelector(`[data-field="${name}"]`)?.focus();
  };
  const enter = (cell, html) => {
    const form = made(html).querySelector('form');
    if (!form) return;
    cell.querySelector('form.in-place')?.remove();
    cell.classList.add('editing');
    cell.append(form);
    const input = form.querySelector('input:not([type="hidden"]), select, textarea');
    input.focus();
    if (input.matches('textarea')) { input.rows = Math.min(12, input.value.split('\n').length + 2); input.setSelectionRange(1e5, 1e5); } else input.select?.();
  };
  doc.addEventListener('click', async (e) => {
    const pen = e.target.closest?.('#client [data-field]');
    const cancel = e.target.closest?.('form.in-place [data-cancel]');
    if (cancel) leave(cancel.form);
    if (!pen || e.ctrlKey || e.metaKey || e.shiftKey) return;
    e.preventDefault();
    const answer = await fetch(`${location.pathname}/field?field=${pen.dataset.field}`, heads).catch(() => null);
    if (answer?.ok) enter(place(pen), await answer.text()); else location.assign(pen.href);
  });
  doc.addEventListener('keydown', (e) => {
    const form = e.target.closest?.('form.in-place');
    if (form && e.key === 'Escape') { e.preventDefault(); leave(form); }
  });
  doc.addEventListener('submit', async (e) => {
    const form = e.target;
    if (!form.matches('form.in-place')) return;
    e.preventDefault();
    e.stopImmediatePropagation();
    if (form.dataset.busy) return;
    form.dataset.busy = 1;
    const cell = form.parentNode, name = form.elements.field.value;
    try {
      const answer = await fetch(form.action, { ...heads, method: 'POST', body: new URLSearchParams(new FormData(form)) });
      const html = await answer.text();
      if (!answer.ok) return answer.status === 422 || answer.status === 412 ? enter(cell, html) : form.submit();
      const page = await fetch(location.href);
      if (!page.ok) return location.assign('/clients');
      const fresh = new DOMParser().parseFromString(await page.text(), 'text/html');
      for (const part of ['#client', '.client-head']) doc.querySelector(part).replaceWith(fresh.querySelector(part));
      doc.getElementById('toasts').replaceChildren(made(html));
      htmx.process(doc.getElementById('client'));
      doc.dispatchEvent(new Event('htmx:after:swap'));
      doc.querySelector(`#client [data-field="${name}"]`)?.focus();
    } catch { delete form.dataset.busy; }
  }, true);

  /* The panel of cards: up and down move a line at once; it is kept with «Apply». */
  doc.addEventListener('click', (e) => {
    const button = e.target.closest?.('.arrange :is([name="up"], [name="down"])'), line = button?.closest('li');
    if (!line) return;
    e.preventDefault();
    if (button.name === 'up') line.previousElementSibling?.before(line); else line.nextElementSibling?.after(line);
    button.focus();
  });
})();
