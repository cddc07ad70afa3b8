/** Pixels of a character in a picture, and around what is written. */
const CHARACTER = { width: 7.8, height: 19 } as const
const PADDING = 16
/** Of the terminal that is drawn. */
const COLUMNS = 100

/** What a sequence that sets a format is drawn with. */
const CLASSES: Readonly<Record<string, string>> = { 1: 'b', 31: 'r', 32: 'g', 33: 'y', 36: 'c' }

/** Light, and dark where whoever looks has asked for it. Their contrasts are 4.5 at least. */
const STYLE = `
rect{fill:#f6f8fa;stroke:#d0d7de}text{fill:#1f2328;font:13px ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace;white-space:pre}
.b,.p{font-weight:600}.r{fill:#b3202a}.g{fill:#116329}.y{fill:#7d4e00}.c{fill:#0550ae}.p{fill:#57606a}
@media(prefers-color-scheme:dark){rect{fill:#0d1117;stroke:#30363d}text{fill:#e6edf3}.r{fill:#ff8e86}.g{fill:#56d364}.y{fill:#e3b341}.c{fill:#79c0ff}.p{fill:#8b949e}}
`.trim()

/** Draws what a terminal shows, as an SVG in which text is text. */
export function draw(command: string, output: string): string {
  const lines = [`$ ${command}`, ...output.trimEnd().split('\n')].flatMap(line => wrap(parseLine(line)))
  const columns = Math.max(...lines.map(lengthOf))
  const [width, height] = [
    Math.ceil(columns * CHARACTER.width) + 2 * PADDING,
    lines.length * CHARACTER.height + 2 * PADDING - 4,
  ]
  const rows = lines.map((line, i) => drawLine(line, PADDING + 12 + i * CHARACTER.height, i === 0))
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img">
<title>${escapeXml(`What ${command} prints`)}</title>
<style>${STYLE}</style>
<rect x=".5" y=".5" width="${width - 1}" height="${height - 1}" rx="6"/>
${rows.join('')}</svg>
`
}

interface Part {
  readonly text: string
  readonly className: string
}

/** Takes the sequences of a line apart: those that set a format, and those that end it. */
function parseLine(line: string): readonly Part[] {
  let className = ''
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the sequences of a terminal begin with one
  return line.split(/(\x1b\[\d+m)/).flatMap(piece => {
    const [, format] = /\[(\d+)m$/.exec(piece.startsWith('\x1b') ? piece : '') ?? []
    if (format === undefined) return piece === '' ? [] : [{ text: piece, className }]
    className = CLASSES[format] ?? ''
    return []
  })
}

/** Breaks a line where the terminal ends, as a terminal does. */
function wrap(line: readonly Part[]): readonly (readonly Part[])[] {
  const characters = line.flatMap(({ text, className }) => [...text].map(character => ({ text: character, className })))
  if (characters.length === 0) return [[]]
  const count = Math.ceil(characters.length / COLUMNS)
  return Array.from({ length: count }, (_, i) => join(characters.slice(i * COLUMNS, (i + 1) * COLUMNS)))
}

/** Neighbours with one format become one part. */
function join(characters: readonly Part[]): readonly Part[] {
  const parts: Part[] = []
  for (const { text, className } of characters) {
    const last = parts.at(-1)
    if (last?.className === className) parts[parts.length - 1] = { text: last.text + text, className }
    else parts.push({ text, className })
  }
  return parts
}

function lengthOf(line: readonly Part[]): number {
  return line.reduce((sum, { text }) => sum + text.length, 0)
}

/** The length is said, so that columns stand below each other in whatever font there is. */
function drawLine(line: readonly Part[], y: number, isPrompt: boolean): string {
  if (line.length === 0) return ''
  const parts = line.map(({ text, className }) => {
    const name = isPrompt ? 'p' : className
    return name === '' ? escapeXml(text) : `<tspan class="${name}">${escapeXml(text)}</tspan>`
  })
  const length = (lengthOf(line) * CHARACTER.width).toFixed(1)
  return `<text x="${PADDING}" y="${y}" textLength="${length}">${parts.join('')}</text>\n`
}

function escapeXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')
}
