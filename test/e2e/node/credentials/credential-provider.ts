import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { stringify } from 'yaml'
import type { Manifest } from '../../control-plane/objects.ts'
import type { User } from '../registry.ts'

/** A credential provider of the kubelet, which has the same credentials for all of its images. */
export interface CredentialProvider {
  readonly name: string
  readonly matchImages: readonly string[]
  readonly user: User
  /** Without each of these on the Pod's ServiceAccount the kubelet is not to ask it; with any it is given a token of that account. */
  readonly annotations?: readonly string[]
}

/** For whom the tokens of ServiceAccounts are. */
const AUDIENCE = 'regcred.test'

/** Writes the providers, and returns the kubelet's flags for them. */
export async function writeProviders(folder: string, providers: readonly CredentialProvider[]): Promise<string[]> {
  if (providers.length === 0) return []
  const programs = join(folder, 'credential-providers')
  await mkdir(programs)
  for (const provider of providers) await writeFile(join(programs, provider.name), toProgram(provider), { mode: 0o755 })
  const config = providerConfigFile(folder)
  await writeFile(config, stringify(toConfig(providers)))
  return [`--image-credential-provider-config=${config}`, `--image-credential-provider-bin-dir=${programs}`]
}

/** The kubelet's CredentialProviderConfig. */
export function providerConfigFile(folder: string): string {
  return join(folder, 'credential-providers.yaml')
}

/** Lets nodes have tokens for that audience, which NodeRestriction else denies them. */
export const tokenRights: readonly Manifest[] = [
  {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'ClusterRole',
    metadata: { name: 'credential-provider-tokens' },
    rules: [{ apiGroups: [''], resources: [AUDIENCE], verbs: ['request-serviceaccounts-token-audience'] }],
  },
  {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'ClusterRoleBinding',
    metadata: { name: 'credential-provider-tokens' },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'credential-provider-tokens' },
    subjects: [{ apiGroup: 'rbac.authorization.k8s.io', kind: 'Group', name: 'system:nodes' }],
  },
]

function toConfig(providers: readonly CredentialProvider[]) {
  return {
    apiVersion: 'kubelet.config.k8s.io/v1',
    kind: 'CredentialProviderConfig',
    providers: providers.map(({ name, matchImages, annotations = [] }) => ({
      name,
      matchImages,
      apiVersion: 'credentialprovider.kubelet.k8s.io/v1',
      defaultCacheDuration: '0s',
      ...(annotations.length > 0 && {
        tokenAttributes: {
          serviceAccountTokenAudience: AUDIENCE,
          cacheType: 'ServiceAccount',
          requireServiceAccount: true,
          requiredServiceAccountAnnotationKeys: annotations,
        },
      }),
    })),
  }
}

/** It reads the request to its end, so that the kubelet does not fail to write it. */
function toProgram({ matchImages, user: { name, password } }: CredentialProvider): string {
  const response = {
    apiVersion: 'credentialprovider.kubelet.k8s.io/v1',
    kind: 'CredentialProviderResponse',
    cacheKeyType: 'Image',
    cacheDuration: '0s',
    auth: Object.fromEntries(matchImages.map(image => [image, { username: name, password }])),
  }
  return `#!/bin/sh\ncat >/dev/null\ncat <<'END'\n${JSON.stringify(response)}\nEND\n`
}
