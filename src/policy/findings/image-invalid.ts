import { correctImage } from '../../advice/on-objects.ts'
import { explainInvalidImage } from '../../kubelet/image-name.ts'
import type { PodFacts } from '../facts.ts'
import type { Finding } from '../finding.ts'

/** ImageInvalid: the kubelet answers such a name with InvalidImageName and tries nothing. */
export function findInvalidImages(facts: PodFacts): Finding[] {
  return facts.images
    .filter(use => use.name === undefined)
    .map(({ container, image, registryClass }) => {
      const { reason, instead } = explainInvalidImage(image)
      const meant = instead !== undefined && instead.length <= MAX_QUOTED_LENGTH ? instead : undefined
      return {
        code: 'ImageInvalid',
        effect: 'blocks',
        container,
        image,
        origin: 'object',
        affectsPrivate: registryClass === 'private',
        ...(meant !== undefined && { suggestion: { of: 'value', text: meant } }),
        problem: `image ${quote(image)} of container "${container}" is not a valid image name (${reason})`,
        advice: correctImage(meant, facts.home),
      }
    })
}

/** Characters of an image name that is quoted in a message. */
const MAX_QUOTED_LENGTH = 80

/** An image name that does not parse may hold anything: it is quoted as JSON and cut to a length that fits a line. */
function quote(image: string): string {
  return JSON.stringify(image.length > MAX_QUOTED_LENGTH ? `${image.slice(0, MAX_QUOTED_LENGTH - 1)}…` : image)
}
