/** How long a button says that it has copied. */
const TOLD_MS = 2000
/** How long a file is kept that is being saved. */
const SAVED_MS = 10_000

/**
 * What the page does in a browser, and does without where scripts are off: it filters, copies and saves. It makes no HTML of a text, and
 * asks nobody. The policy of the page has its hash.
 */
export const SCRIPT = `'use strict';
(() => {
  const byId = id => document.getElementById(id);
  const all = selector => [...document.querySelectorAll(selector)];
  const filters = byId('filters');
  if (filters) {
    const [group, text, shown] = ['group', 'text', 'shown'].map(byId);
    // There is none where there is no cause.
    const grade = byId('grade') ?? { value: '' };
    const items = all('[data-filtered]').map(element => ({
      element,
      kind: element.dataset.filtered,
      groups: element.dataset.group.split(' '),
      grade: element.dataset.grade,
      text: element.textContent.toLowerCase(),
    }));
    const say = (kind, one, many) => {
      const of = items.filter(item => item.kind === kind);
      const left = of.filter(item => !item.element.hidden).length;
      return of.length === 0 ? [] : [left + ' of ' + of.length + ' ' + (of.length === 1 ? one : many)];
    };
    const urgent = byId('urgent');
    const others = byId('others');
    const first = urgent ? [...urgent.querySelectorAll('article')] : [];
    const apply = () => {
      const isFiltered = [group, grade, text].some(field => field.value !== '');
      if (others) {
        // What fits stands below the filter, all of it.
        if (isFiltered) others.querySelector('div').prepend(...first);
        else urgent.append(...first);
        urgent.hidden = isFiltered;
      }
      const words = text.value.toLowerCase().split(/\\s+/);
      for (const item of items) {
        const fits = (group.value === '' || item.groups.includes(group.value))
          && (grade.value === '' || item.grade === undefined || item.grade === grade.value)
          && words.every(word => item.text.includes(word));
        item.element.hidden = !fits;
      }
      shown.textContent = 'Shown: ' + [...say('cause', 'cause', 'causes'), ...say('row', 'row', 'rows')].join(', ');
    };
    filters.addEventListener('input', apply);
    filters.addEventListener('submit', event => event.preventDefault());
    filters.hidden = false;
    apply();
  }
  const copy = async code => {
    try {
      await navigator.clipboard.writeText(code.textContent);
      return true;
    } catch {
      getSelection().selectAllChildren(code);
      return document.execCommand('copy');
    }
  };
  for (const button of all('.copy')) {
    button.hidden = false;
    button.addEventListener('click', async () => {
      const done = await copy(button.previousElementSibling.firstElementChild);
      button.textContent = done ? 'Copied' : 'Selected';
      setTimeout(() => { button.textContent = 'Copy'; }, ${TOLD_MS});
    });
  }
  const downloads = byId('downloads');
  if (downloads) {
    const files = JSON.parse(byId('data').textContent);
    for (const button of all('[data-file]')) {
      button.addEventListener('click', () => {
        const url = URL.createObjectURL(new Blob([files[button.dataset.file]], { type: 'text/csv' }));
        const link = document.createElement('a');
        link.href = url;
        link.download = button.dataset.file;
        link.click();
        setTimeout(() => URL.revokeObjectURL(url), ${SAVED_MS});
      });
    }
    downloads.hidden = false;
  }
})();
`
