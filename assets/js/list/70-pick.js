/* Ticking clients in the list: ranges with Shift, x on the row, the whole page, all that match; the bar
   #picked shows what they come to, asked of the server. */
(() => {
  const doc = document, form = doc.getElementById('picked');
  if (!form) return;
  const all = doc.getElementById('picked-all'), said = form.querySelector('[data-said]');
  const whole = form.querySelector('[data-all]'), compare = form.querySelector('[data-compare]');
  const boxes = () => [...doc.querySelectorAll('input[name="pick"][form="picked"]')];
  let last, timer;
  const show = () => {
    const every = boxes(), on = every.filter((b) => b.checked);
    if (on.length < every.length) all.disabled = true;
    form.classList.toggle('on', on.length > 0);
    for (const b of every) b.closest('tr')?.classList.toggle('ticked', b.checked);
    if (whole) {
      whole.hidden = on.length < every.length;
      whole.setAttribute('aria-pressed', !all.disabled);
    }
    compare.disabled = !all.disabled || on.length < 2 || on.length > 5;
    clearTimeout(timer);
    timer = setTimeout(async () => {
      if (!on.length) return said.replaceChildren();
      const r = await fetch(`${form.dataset.totals}?${new URLSearchParams(new FormData(form))}`, { headers: { 'HX-Request': 'true' } });
      if (r.ok) said.innerHTML = await r.text();
    }, 150);
  };
  const set = (list, to) => { for (const b of list) b.checked = to; show(); };
  doc.addEventListener('click', (e) => {
    const box = e.target.closest('input[name="pick"][form="picked"]');
    if (box) {
      const every = boxes(), from = every.indexOf(last), to = every.indexOf(box);
      if (e.shiftKey && from >= 0) for (const b of every.slice(Math.min(from, to), Math.max(from, to) + 1)) b.checked = box.checked;
      last = box;
      show();
    } else if (e.target.closest('[data-page]')) set(boxes(), true);
    else if (e.target.closest('[data-none]')) set(boxes(), false);
    else if (whole?.contains(e.target)) { all.disabled = !all.disabled; show(); }
  });
  doc.addEventListener('keydown', (e) => {
    if ((/^[ -~]$/.test(e.key) ? e.key !== 'x' : e.code !== 'KeyX') || e.ctrlKey || e.metaKey || e.altKey || e.target.closest('input, textarea, select, dialog[open]')) return;
    const box = e.target.closest('tr')?.querySelector('input[name="pick"]');
    if (box) { e.preventDefault(); box.click(); }
  });
  /* Rows came or were replaced: those of «all that match» are ticked too. */
  doc.addEventListener('sheet:rows', () => (all.disabled ? show() : set(boxes(), true)));
  addEventListener('pageshow', show);
  show();
})();
