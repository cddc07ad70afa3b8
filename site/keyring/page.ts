import * as imageName from '../../src/kubelet/image-name.ts'
import * as key from '../../src/kubelet/key.ts'
import * as keyring from '../../src/kubelet/keyring.ts'
import * as secret from '../../src/kubelet/secret.ts'
import { count } from '../../src/runtime/count.ts'
import { examine } from './examine.ts'
import { EXAMPLE_IMAGES, exampleSecret } from './example.ts'
import { readImages } from './read-images.ts'
import { type ReadPasted, readPasted } from './read-pasted.ts'
import { renderImage, renderSecret } from './render.ts'

/** The kubelet's rules for who wants to ask them in the console, and for the test that asks them what the kubelet was asked. */
Object.assign(globalThis, { kubelet: { ...imageName, ...key, ...keyring, ...secret } })

/** Milliseconds without a keystroke, after which what is written is looked at; of a large text more. */
const PAUSE_MS = 150
const LONG_PAUSE_MS = 500
/** Characters that make a text large. */
const LARGE_LENGTH = 100_000

const find = <T extends HTMLElement>(id: string, type: new () => T): T => {
  const element = document.getElementById(id)
  if (!(element instanceof type)) throw new TypeError(`#${id} is not there`)
  return element
}
const pasted = find('pasted', HTMLTextAreaElement)
const images = find('images', HTMLTextAreaElement)
const status = find('status', HTMLParagraphElement)

let timer: ReturnType<typeof setTimeout> | undefined

function lookSoon(): void {
  clearTimeout(timer)
  timer = setTimeout(look, pasted.value.length > LARGE_LENGTH ? LONG_PAUSE_MS : PAUSE_MS)
}

function look(): void {
  clearTimeout(timer)
  const lines = readImages(images.value)
  const nothing = lines.images.length > 0 ? 'Paste a docker config or Secrets, too.' : 'Nothing has been pasted yet.'
  const read = pasted.value.trim() === '' ? undefined : readPasted(pasted.value)
  if (read === undefined) fill([], [], nothing)
  else if (!read.ok) fill([], [], `Not understood: ${read.problem}.`, 'problem')
  else lookAt(read, lines)
}

function lookAt({ secrets, told }: ReadPasted, lines: ReturnType<typeof readImages>): void {
  const { secrets: all, images: answers } = examine(secrets, lines.images, Date.now())
  const yes = answers.filter(({ answer }) => answer.can).length
  const summary =
    answers.length === 0
      ? 'Name an image, and see what is tried for it.'
      : `${yes} of ${count(answers.length, 'image')} would be pulled with these, if the passwords are right.`
  fill(answers.map(renderImage), all.map(renderSecret), [told, summary, lines.remark].join(' '))
}

function fill(answers: readonly HTMLElement[], secrets: readonly HTMLElement[], text: string, className = ''): void {
  status.textContent = text
  status.className = className
  for (const [id, cards] of [
    ['answers', answers],
    ['secrets', secrets],
  ] as const) {
    find(id, HTMLElement).hidden = cards.length === 0
    find(`${id}-list`, HTMLElement).replaceChildren(...cards)
  }
}

function set(secretText: string, imageText: string): void {
  pasted.value = secretText
  images.value = imageText
  look()
}

pasted.addEventListener('input', lookSoon)
images.addEventListener('input', lookSoon)
find('form', HTMLFormElement).addEventListener('change', look)
find('form', HTMLFormElement).addEventListener('submit', event => event.preventDefault())
find('example', HTMLButtonElement).addEventListener('click', () => set(exampleSecret(), EXAMPLE_IMAGES))
find('clear', HTMLButtonElement).addEventListener('click', () => {
  set('', '')
  pasted.focus()
})
// A page that is left may be kept by the browser, with all that was written into it.
addEventListener('pagehide', () => set('', ''))
set('', '')
