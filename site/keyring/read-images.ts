/** Images that are looked at: as many as a Pod that the webhook always has the time for. */
const MAX_IMAGES = 100
/** Characters of the text that are looked at. */
const MAX_TEXT_LENGTH = 100_000

/** The images of a text, one a line, as they are written: a blank before one is a fault of its name. Empty lines count for nothing. */
export function readImages(text: string): { readonly images: readonly string[]; readonly remark: string } {
  const lines = text.slice(0, MAX_TEXT_LENGTH).split(/\r?\n/)
  const all = [...new Set(lines.filter(line => line.trim() !== ''))]
  const isMore = all.length > MAX_IMAGES || text.length > MAX_TEXT_LENGTH
  return {
    images: all.slice(0, MAX_IMAGES),
    remark: isMore ? `Only the first ${MAX_IMAGES} images are looked at.` : '',
  }
}
