// Enhancements of pages that work without scripts, too; see the documentation of the crate.
'use strict';

(() => {
  const root = document.documentElement;
  root.classList.add('js');
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];
  // Words that only scripts show, in the page's language.
  const words = document.body.dataset;

  // Shows times in the reader's own time zone and language.
  const exact = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'medium' });
  // Not "yesterday" or "next month": a span says nothing about the calendar.
  const relative = new Intl.RelativeTimeFormat();
  const now = new Intl.RelativeTimeFormat(undefined, { numeric: 'auto' });
  // Months from four and years from two on, as one and a half is more than "1 month" says.
  const steps = [['year', 31536e6, 2], ['month', 2592e6, 4], ['day', 864e5, 1], ['hour', 36e5, 1], ['minute', 6e4, 1]];
  const ago = (at) => {
    const span = at - Date.now();
    const step = steps.find(([, millis, least]) => Math.abs(span) >= least * millis);
    if (step) return relative.format(Math.trunc(span / step[1]), step[0]);
    // Seconds are counted down to a time in the future, but never up from one in the past.
    return now.format(Math.max(0, Math.ceil(span / 1000)), 'second');
  };
  const utc = (at) => at.toISOString().slice(0, 19).replace('T', ' ') + ' UTC';
  const times = (within) => {
    for (const time of all('time', within)) {
      const at = new Date(time.dateTime);
      const isAgo = 'ago' in time.dataset;
      time.textContent = isAgo ? ago(at) : exact.format(at);
      time.title = isAgo ? `${exact.format(at)}\n${utc(at)}` : utc(at);
    }
  };

  // Groups the digits of numbers as the reader's language does.
  const count = new Intl.NumberFormat();
  const grouped = (text) => text.replace(/\d{4,}/g, (digits) => count.format(digits));
  const numbers = (within) => {
    for (const part of all('.num, .count, .figures', within)) part.textContent = grouped(part.textContent);
  };

  // Shows a bar's description without the delay of a tooltip, and on touch screens too.
  const bars = (within) => {
    for (const bar of all('.bars g', within)) {
      const title = bar.querySelector('title');
      const [at, told] = title.textContent.split(' UTC: ');
      title.textContent = `${exact.format(new Date(`${at.replace(' ', 'T')}Z`))}: ${grouped(told)}`;
    }
  };
  document.addEventListener('pointerover', (event) => {
    const bar = event.target.closest('.bars g');
    if (bar) bar.closest('.card').querySelector('.told').textContent = bar.querySelector('title').textContent;
  });

  const localize = (within) => [times, numbers, bars].forEach((each) => each(within));
  localize(document);
  setInterval(() => all('time[data-ago]').forEach((time) => {
    const text = ago(new Date(time.dateTime));
    if (time.textContent !== text) time.textContent = text;
  }), 1000);

  // Date fields are in the reader's time zone as well; forms are sent in UTC.
  all('[data-zone]').forEach((zone) => { zone.textContent = words.zoneName; });
  all('input[type="datetime-local"]').forEach((input) => {
    if (!input.value) return;
    const at = new Date(`${input.value}Z`);
    input.value = new Date(at - at.getTimezoneOffset() * 6e4).toISOString().slice(0, 16);
  });
  document.addEventListener('formdata', ({ target, formData }) => {
    for (const input of all('input[type="datetime-local"]', target)) {
      if (input.value) formData.set(input.name, new Date(input.value).toISOString());
    }
  });

  // In a frame, tells the site around it how high the page is, if it is one that may show it.
  const parents = document.querySelector('meta[name="parents"]')?.content.split(' ') ?? [];
  const allows = (site, origin) => {
    const [scheme, host] = site.split('*.');
    return host ? origin.startsWith(scheme) && origin.endsWith(`.${host}`) : new URL(site).origin === origin;
  };
  root.classList.toggle('framed', parent !== window);
  if (parent !== window && parents.length) {
    // Browsers that don't say what is around a frame drop what is sent to another origin.
    const around = location.ancestorOrigins?.[0];
    const to = around ? parents.filter((site) => allows(site, around)).slice(0, 1).map(() => around)
      : parents.filter((site) => !site.includes('*'));
    new ResizeObserver(() => {
      // Not that of the body, which is without the margins of what it begins and ends with.
      const height = Math.ceil(root.getBoundingClientRect().height);
      to.forEach((origin) => parent.postMessage({ type: 'developer-settings', height }, origin));
    }).observe(document.body);
  }

  // Secrets are fetched when they are shown, and removed from the page when they are hidden.
  const masks = new WeakMap();
  const parts = (form) => ({
    output: form.querySelector('output'),
    button: form.querySelector('button[aria-pressed]'),
  });
  const fetchSecret = async (form) => {
    const answer = await fetch(form.action, {
      method: 'POST',
      body: new URLSearchParams(new FormData(form)),
      headers: { Accept: 'application/json' },
    });
    if (!answer.ok) throw new Error(answer.status);
    return (await answer.json()).secret;
  };
  const press = (form, pressed) => {
    const { button } = parts(form);
    const label = button.dataset.pressed;
    button.dataset.pressed = button.title;
    button.setAttribute('aria-pressed', pressed);
    button.setAttribute('aria-label', label);
    button.title = label;
    const use = button.querySelector('use');
    use.setAttribute('href', use.getAttribute('href').replace(/#.*/, pressed ? '#eye-off' : '#eye'));
  };
  const hide = (form) => {
    if (!masks.has(form)) return;
    parts(form).output.textContent = masks.get(form);
    masks.delete(form);
    press(form, false);
  };
  document.addEventListener('submit', async (event) => {
    const form = event.target;
    if (!('reveal' in form.dataset)) {
      // Marks the button as busy while the answer is awaited. Sending a form twice is harmless, as it
      // has an idempotency key, except for sign-in: there the second answer would be "used up".
      if ('single' in form.dataset && form.querySelector('[aria-busy]')) event.preventDefault();
      event.submitter?.setAttribute('aria-busy', 'true');
      return;
    }
    event.preventDefault();
    if (masks.has(form)) return hide(form);
    const { output, button } = parts(form);
    button.setAttribute('aria-busy', 'true');
    try {
      const secret = await fetchSecret(form);
      masks.set(form, output.textContent);
      output.textContent = secret;
      press(form, true);
    } catch {
      // The page that the server answers with says why.
      form.submit();
    }
    button.removeAttribute('aria-busy');
  });
  addEventListener('pagehide', () => {
    all('form[data-reveal]').forEach(hide);
    all('[aria-busy]').forEach((button) => button.removeAttribute('aria-busy'));
  });

  // Copy buttons.
  document.addEventListener('click', async (event) => {
    const button = event.target.closest('.copy');
    if (!button) return;
    const form = button.closest('form[data-reveal]');
    const { title } = button;
    let said = words.copied;
    try {
      let text = form ? null : button.dataset.copy ?? button.nextElementSibling.textContent;
      if (form) text = masks.has(form) ? parts(form).output.textContent : await fetchSecret(form);
      await navigator.clipboard.writeText(text);
    } catch {
      said = words.notCopied;
    }
    const mark = said === words.copied ? 'done' : 'failed';
    button.classList.add(mark);
    button.setAttribute('aria-label', said);
    button.title = said;
    setTimeout(() => {
      button.classList.remove(mark);
      button.setAttribute('aria-label', title);
      button.title = title;
    }, 1500);
  });

  // Fetches a page as the server has it now.
  const load = async (href) => {
    const answer = await fetch(href, { headers: { Accept: 'text/html' } });
    // The session has ended: the reloaded page says so.
    if (answer.status === 401) location.reload();
    if (!answer.ok) throw new Error(answer.status);
    return new DOMParser().parseFromString(await answer.text(), 'text/html');
  };

  // Text of a part, without relative times, which change by themselves.
  const told = (part) => {
    const copy = part.cloneNode(true);
    all('time[data-ago]', copy).forEach((time) => time.remove());
    return copy.textContent.replace(/\s+/g, ' ');
  };

  const say = (part, text) => {
    if (part.querySelector('.lost')) return;
    const lost = document.createElement('p');
    lost.className = 'alert lost';
    lost.setAttribute('role', 'alert');
    lost.textContent = text;
    part.prepend(lost);
  };

  // Live lists: adds new rows above the known ones, reading as many pages as that takes.
  const LONGEST = 500;
  const rows = (part) => all('tbody tr[id]', part);
  const grown = async (next, part) => {
    const known = new Set(rows(part).map((row) => row.id));
    const met = () => rows(next).some((row) => known.has(row.id));
    let more = next.querySelector('a[data-more]');
    while (more && !met() && rows(next).length < LONGEST) {
      const older = (await load(more.href)).getElementById(next.id);
      next.querySelector('tbody').append(...rows(older));
      const further = older.querySelector('a[data-more]');
      if (further) more.href = further.href;
      else more.parentElement.remove();
      more = further && more;
    }
    const there = new Set(rows(next).map((row) => row.id));
    const left = rows(part).filter((row) => !there.has(row.id));
    if (!left.length || !met() || there.size + left.length > LONGEST) return;
    next.querySelector('tbody').append(...left.map((row) => row.cloneNode(true)));
    next.querySelector('.more')?.remove();
    const end = part.querySelector('.more');
    if (end) next.append(end.cloneNode(true));
  };

  // Live parts are fetched again until they can no longer change by themselves.
  const live = (part) => {
    const wait = Number(part.dataset.live);
    const look = async () => {
      const busy = document.hidden || part.contains(document.activeElement) || part.querySelector('[name=row]:checked');
      if (!busy) {
        try {
          const next = (await load(location.href)).getElementById(part.id);
          if (!next) return;
          const known = new Set(all('tr[id]', part).map((row) => row.id));
          if (next.dataset.live && 'tail' in next.dataset) await grown(next, part);
          localize(next);
          if (known.size) all('tr[id]', next).forEach((row) => row.classList.toggle('fresh', !known.has(row.id)));
          const done = !next.dataset.live;
          if (done || told(next) !== told(part)) part.replaceChildren(...next.childNodes);
          if (done) return;
        } catch {
          say(part, words.unreachable);
        }
      }
      setTimeout(look, wait);
    };
    setTimeout(look, wait);
  };
  all('[data-live]').forEach(live);

  // Parts that take longer to count than their page may take are fetched once they come into view.
  const late = (part) => {
    const watch = new IntersectionObserver(async (seen) => {
      if (!seen.some(({ isIntersecting }) => isIntersecting)) return;
      watch.disconnect();
      try {
        const next = (await load(part.dataset.late)).getElementById(part.id);
        localize(next);
        if (!part.contains(document.activeElement)) part.replaceChildren(...next.childNodes);
      } catch {
        // It stays as it is: its form asks for the same.
      }
    });
    watch.observe(part);
  };
  all('[data-late]').forEach(late);

  // "Older" adds the next page's rows below the others.
  document.addEventListener('click', async (event) => {
    const link = event.target.closest('a[data-more]');
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    const part = document.getElementById(link.dataset.more);
    link.setAttribute('aria-busy', 'true');
    try {
      const next = (await load(link.href)).getElementById(part.id);
      localize(next);
      const rows = all('tbody tr', next);
      part.querySelector('tbody').append(...rows);
      // The address names the page, so that going back from a row finds it again.
      history.replaceState(null, '', link.href);
      const further = next.querySelector('a[data-more]');
      if (further) link.href = further.href;
      else link.parentElement.remove();
      link.removeAttribute('aria-busy');
      rows[0]?.querySelector('a')?.focus();
    } catch {
      location.assign(link.href);
    }
  });

  // One box ticks all rows.
  document.addEventListener('change', ({ target }) => {
    if (target.dataset.all) all(`[name="${target.dataset.all}"]`).forEach((box) => { box.checked = target.checked; });
  });

  // Filter for long lists of choices.
  all('[data-filter]').forEach((choices) => {
    const input = choices.querySelector('.filter');
    input?.addEventListener('input', () => {
      const wanted = input.value.trim().toLowerCase();
      for (const group of all('.group', choices)) {
        const labels = all('label', group);
        labels.forEach((label) => { label.hidden = !label.textContent.toLowerCase().includes(wanted); });
        group.hidden = labels.every((label) => label.hidden);
      }
    });
    input?.addEventListener('keydown', (event) => { if (event.key === 'Enter') event.preventDefault(); });
  });

  // Chosen event types as chips that can be removed; a group ticks its members.
  all('[data-picker]').forEach((picker) => {
    const chips = picker.querySelector('.chosen');
    const others = picker.querySelector('[name="other_types"]');
    const written = () => others.value.split(/[,\s]+/).filter(Boolean);
    const cover = (group) => {
      const whole = group.querySelector('.whole');
      for (const box of all('.sub input', group)) {
        if (whole.checked && !box.disabled) box.dataset.was = box.checked ? '1' : '';
        if (!whole.checked && box.disabled) box.checked = Boolean(box.dataset.was);
        else if (whole.checked) box.checked = true;
        box.disabled = whole.checked;
      }
    };
    const remove = (name, place) => {
      const box = all('[name="event_types"]', picker).find(({ value }) => value === name);
      if (box) box.checked = false;
      else others.value = written().filter((one) => one !== name).join(', ');
      show();
      const left = all('button', chips);
      (left[Math.min(place, left.length - 1)] ?? picker.querySelector('.filter') ?? others).focus();
    };
    const show = () => {
      all('.group', picker).forEach(cover);
      const ticked = all('[name="event_types"]:checked:enabled', picker).map(({ value }) => value);
      chips.replaceChildren(...[...ticked, ...written()].map((name, place) => {
        const [chip, text, button] = ['li', 'code', 'button'].map((tag) => document.createElement(tag));
        text.textContent = name;
        Object.assign(button, { type: 'button', className: 'plain', textContent: '\u00d7' });
        button.setAttribute('aria-label', words.remove.replace('{name}', () => name));
        button.addEventListener('click', () => remove(name, place));
        chip.append(text, button);
        return chip;
      }));
    };
    // Not on change: that comes with the press on a button below, which would move away under it.
    picker.addEventListener('input', show);
    show();
  });
})();
