import { get, getString } from '../kube/untyped.ts'
import { itemsOf, type LineOf, type Provider, textsOf } from './statement.ts'

/** What the kubelet's CredentialProviderConfig says. Its `env` and `args`, which may hold a password, are not looked at. */
export function readCredentialProviders(file: string, value: unknown, lineOf: LineOf): readonly Provider[] {
  return itemsOf(get(value, 'providers')).flatMap((provider, index) => {
    const name = getString(provider, 'name') ?? ''
    const annotations = textsOf(get(provider, 'tokenAttributes', 'requiredServiceAccountAnnotationKeys'))
    return itemsOf(get(provider, 'matchImages')).flatMap((matchImage, at) =>
      typeof matchImage === 'string'
        ? [
            {
              says: 'provider' as const,
              file,
              line: lineOf(['providers', index, 'matchImages', at]),
              name,
              matchImage,
              annotations,
            },
          ]
        : [],
    )
  })
}
