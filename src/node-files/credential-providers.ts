import { getItems, getString } from '../kube/untyped.ts'
import { type LineOf, type Provider, textsAt } from './statement.ts'

/** What the kubelet's CredentialProviderConfig says. Its `env` and `args`, which may hold a password, are not looked at. */
export function readCredentialProviders(file: string, value: unknown, lineOf: LineOf): readonly Provider[] {
  return getItems(value, 'providers').flatMap((provider, index) => {
    const name = getString(provider, 'name') ?? ''
    const annotations = textsAt(provider, 'tokenAttributes', 'requiredServiceAccountAnnotationKeys')
    return getItems(provider, 'matchImages').flatMap((matchImage, at) =>
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
