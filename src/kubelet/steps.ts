/**
 * Counts work in steps, of about a tenth of a microsecond each, so that whoever asks can bound it. Without one, work is not
 * counted: on manifests, for which somebody waits who wrote them himself.
 */
export interface StepCounter {
  /** Takes so many steps; false if there are none left, and what they were for is to be left undone. */
  spend(steps: number): boolean
}

/** Does not count. */
export const UNCOUNTED: StepCounter = { spend: () => true }

/** What looking one image up costs by itself. */
export const LOOKUP_STEPS = 15
/** What one Secret adds to the making of a keyring. */
export const SECRET_STEPS = 5
/** What it costs to put an entry with globs into an index, and to try it for an image. */
export const GLOB_INDEX_STEPS = 12
export const GLOB_STEPS = 4
/** What parsing one key of a docker config costs, which is done once for as long as its Secret is held. */
export const KEY_STEPS = 10
