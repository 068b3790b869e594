/* Daftar's own script: every part is an enhancement, the pages work without it.
   The files of this folder are joined in name order; no text is written here, pages bring their own. */
(() => {
  const doc = document;
  const on = (type, fn, capture) => doc.addEventListener(type, fn, capture);
  const near = (event, selector) => event.target.closest?.(selector);
  const byId = (id) => doc.getElementById(id);

  /* Panels: one open at a time; Escape and a click elsewhere close them. */
  on('click', (e) => {
    for (const pop of doc.querySelectorAll('details.pop[open]')) if (!pop.contains(e.target)) pop.open = false;
  });
  on('keydown', (e) => {
    if (e.key !== 'Escape') return;
    const pop = near(e, 'details.pop[open]');
    if (pop) { pop.open = false; pop.firstElementChild.focus(); }
  });
  on('toggle', (e) => {
    if (e.target.matches('details.pop') && e.target.open) e.target.querySelector('.panel :is(input:not([type="hidden"]), select, textarea)')?.focus();
  }, true);

  /* data-open="id" shows that dialog; data-close closes the one around it. */
  on('click', (e) => {
    const opener = near(e, '[data-open]');
    const dialog = opener && byId(opener.dataset.open);
    if (dialog?.showModal) { e.preventDefault(); dialog.showModal(); }
    if (near(e, '[data-close]')) near(e, 'dialog')?.close();
    if (e.target.matches?.('dialog')) e.target.close();
  });

  /* data-confirm="question" on a button, link or form asks in the page's own dialog first. */
  const ask = (asker, go) => {
    const dialog = byId('confirm');
    if (!dialog?.showModal) return go();
    dialog.querySelector('[data-question]').textContent = asker.dataset.confirm;
    const yes = dialog.querySelector('[data-yes]');
    yes.textContent = asker.dataset.confirmYes || yes.dataset.yes || yes.textContent;
    yes.classList.toggle('danger', asker.dataset.confirmKind === 'danger');
    dialog.returnValue = '';
    dialog.addEventListener('close', () => { if (dialog.returnValue === 'yes') go(); }, { once: true });
    dialog.showModal();
  };
  let agreed = null;
  for (const type of ['click', 'submit']) on(type, (e) => {
    const asker = near(e, type === 'submit' ? 'form[data-confirm]' : ':is(button, a)[data-confirm]');
    if (!asker) return;
    if (agreed === asker) { agreed = null; return; }
    e.preventDefault();
    e.stopImmediatePropagation();
    const submitter = e.submitter;
    ask(asker, () => {
      agreed = asker;
      if (type === 'click') asker.click(); else asker.requestSubmit(submitter);
    });
  }, true);

  /* Toasts leave by their button, or by themselves when nobody is at them. */
  const leave = (toast) => { toast.classList.add('leaving'); setTimeout(() => toast.remove(), 150); };
  on('click', (e) => { if (near(e, '[data-dismiss]')) leave(near(e, '.toast, .note')); });
  const watched = new WeakSet();
  const watch = (toast) => {
    if (watched.has(toast)) return;
    watched.add(toast);
    const wait = () => setTimeout(() => { if (toast.matches(':hover, :focus-within, .bad')) wait(); else leave(toast); }, 12000);
    wait();
  };
  const watchAll = () => doc.querySelectorAll('.toast').forEach(watch);
  watchAll();
  on('htmx:after:swap', watchAll);

  /* data-copy="text" copies; the button's data-done says so for a moment. */
  on('click', async (e) => {
    const button = near(e, '[data-copy]');
    if (!button) return;
    try { await navigator.clipboard.writeText(button.dataset.copy); } catch { return; }
    const says = button.querySelector('span') || button, before = says.textContent;
    says.textContent = button.dataset.done || before;
    button.classList.add('good');
    setTimeout(() => { says.textContent = before; button.classList.remove('good'); }, 1600);
  });

  /* What htmx is fetching is marked as busy. */
  for (const [type, busy] of [['before', 'true'], ['finally', 'false']]) on(`htmx:${type}:request`, (e) => {
    const part = e.detail.ctx.target;
    if (part?.id) part.ariaBusy = busy;
  });

  /* What scrolls sideways shows where one is. */
  for (const here of doc.querySelectorAll(':is(.sub, .tabs, .letters) > [aria-current]')) {
    const bar = here.parentElement, by = here.getBoundingClientRect(), box = bar.getBoundingClientRect();
    bar.scrollLeft += by.left + by.width / 2 - box.left - box.width / 2;
  }

  /* data-print prints; data-submit sends its form when the choice changes. */
  on('click', (e) => { if (near(e, '[data-print]')) window.print(); });
  on('change', (e) => { if (e.target.matches('[data-submit]')) e.target.form.requestSubmit(); });
})();
