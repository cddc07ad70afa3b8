/** What looking one image up costs by itself. */
export const LOOKUP_STEPS = 15
/** What one Secret adds to the making of a keyring. */
export const SECRET_STEPS = 5
/** What it costs to put an entry with globs into an index, and to try it for an image. */
export const GLOB_INDEX_STEPS = 12
export const GLOB_STEPS = 4
/** What parsing one key of a docker config costs, which is done once for as long as its Secret is held. */
export const KEY_STEPS = 10
/** What it costs to gather one entry of a Secret that is asked for a host, and to look at its path. */
export const GATHER_STEPS = 2
