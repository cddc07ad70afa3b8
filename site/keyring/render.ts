import { cutVisible } from '../../src/runtime/visible.ts'
import type { ExaminedEntry, ExaminedImage, ExaminedSecret } from './examine.ts'

/** Attempts of an image that are shown; beyond them they are counted. */
const MAX_SHOWN = 100
/** Characters of a key or an image, beyond which it is cut. */
const MAX_TEXT_LENGTH = 500

type Child = Node | string

/** Makes an element. Whatever comes from what was pasted is a text of it, never markup. */
function make<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  className: string,
  ...children: readonly Child[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag)
  if (className !== '') element.className = className
  element.append(...children)
  return element
}

/** A text that may come from anybody, in which everything can be seen. */
function show(text: string): string {
  return cutVisible(text, MAX_TEXT_LENGTH)
}

const code = (text: string) => make('code', '', show(text))

const WORDS = { yes: 'yes', no: 'no', unknown: 'unknown' } as const

/** The card of an image: whether it would be pulled, what is tried in which order, and what is not and why. */
export function renderImage(examined: ExaminedImage): HTMLElement {
  const { answer, instead, near, untried, untriedCount } = examined
  const verdict = answer.can === undefined ? 'unknown' : answer.can ? 'yes' : 'no'
  const card = make('article', `card ${verdict}`)
  card.append(make('h3', '', code(answer.image)))
  card.append(make('p', 'verdict', make('span', 'word', WORDS[verdict]), show(answer.why)))
  const attempts = renderAttempts(answer)
  if (attempts !== undefined) card.append(attempts)
  if (instead !== undefined) card.append(make('p', 'advice', 'Did you mean ', code(instead), '?'))
  if (near !== undefined) {
    const { secret, registry } = near
    card.append(
      make('p', 'advice near', code(registry), ` in Secret "${show(secret)}" nearly fits; write `, code(near.instead)),
    )
  }
  if (untriedCount > 0) card.append(renderUntried(untried, untriedCount))
  return card
}

function renderAttempts({ attempts, anonymous }: ExaminedImage['answer']): HTMLElement | undefined {
  if (anonymous !== undefined) {
    const [what, remark] = anonymous
    const texts = remark === '' ? what : `${what} – ${remark}`
    return make('ol', 'attempts', make('li', 'anonymous', texts))
  }
  if (attempts.length === 0) return undefined
  const items = attempts.slice(0, MAX_SHOWN).map(({ secret, registry, usable, how }) => {
    const login = make('span', usable ? '' : 'fails', how)
    return make('li', 'attempt', code(registry), ` in Secret "${show(secret)}": `, login)
  })
  const left = attempts.length - items.length
  return make('ol', 'attempts', ...items, ...(left > 0 ? [make('li', 'quiet', `and ${left} more`)] : []))
}

function renderUntried(untried: ExaminedImage['untried'], all: number): HTMLElement {
  const items = untried.map(({ secret, registry, why }) =>
    make('li', '', code(registry), ` in Secret "${show(secret)}": `, show(why)),
  )
  const left = all - untried.length
  const more = left > 0 ? [make('li', 'quiet', `and ${left} more`)] : []
  return make(
    'details',
    '',
    make('summary', '', `Not tried: ${all} ${all === 1 ? 'entry' : 'entries'}`),
    make('ul', 'untried', ...items, ...more),
  )
}

const HEADS = ['Registry', 'User', 'Password', 'Works for'] as const

/** The card of a Secret: each of its entries, and what it is worth. No password is shown, only whether there is one. */
export function renderSecret({ name, namespace, type, problem, entries, entryCount }: ExaminedSecret): HTMLElement {
  const title = namespace === '' ? name : `${namespace}/${name}`
  const isFine = problem === undefined && entries.every(({ works, why }) => works && why === undefined)
  const card = make('article', `card ${isFine ? 'yes' : 'no'}`)
  card.append(make('h3', '', 'Secret ', code(title), make('span', 'quiet', `, ${show(type)}`)))
  if (problem !== undefined) card.append(make('p', 'problem', `This Secret ${show(problem)}.`))
  if (entries.length === 0) return card
  const head = make('thead', '', make('tr', '', ...HEADS.map(text => headOf(text, 'col'))))
  card.append(make('table', '', head, make('tbody', '', ...entries.map(renderEntry))))
  const left = entryCount - entries.length
  if (left > 0) card.append(make('p', 'quiet', `and ${left} more`))
  return card
}

function headOf(child: Child, scope: string): HTMLElement {
  const head = make('th', '', child)
  head.scope = scope
  return head
}

function renderEntry({ registry, user, hasPassword, works, images = '', why }: ExaminedEntry): HTMLElement {
  const worth = why === undefined ? images : works ? `${images}, but ${why}` : `nothing: ${why}`
  const className = why === undefined ? '' : works ? 'doubtful' : 'fails'
  const cells = [show(user) || '–', hasPassword ? 'set' : '–', make('span', className, show(worth))]
  return make(
    'tr',
    '',
    headOf(code(registry), 'row'),
    ...cells.map((cell, i) => {
      const element = make('td', '', cell)
      element.dataset['label'] = HEADS[i + 1]
      return element
    }),
  )
}
