import { IGNORE_ANNOTATION } from '../policy/labels.ts'
import { type Explanation, podWith, pullSecret } from './explanation.ts'

const LOGIN = { username: 'jane', password: '…' }

const MAKE_AGAIN = [
  'kubectl create secret docker-registry regcred --docker-server=registry.example.com \\',
  '  --docker-username=jane --docker-password="$PASSWORD" --dry-run=client -o yaml |',
  '  kubectl replace --force -f -',
]

/** Findings about a pull secret, when a Pod lists it or when it is written. */
export const OF_SECRETS = {
  SecretNotFound: {
    cause: [
      'The Pod lists a Secret that does not exist in its namespace. A pull secret has to be in the namespace of the Pod: a Secret of the same name elsewhere is not used.',
      'The kubelet pulls without it. If the image needs credentials, the Pod stays in `ImagePullBackOff`, with the event `FailedToRetrieveImagePullSecret`. It recovers by itself once the Secret is there.',
    ],
    manifests: podWith(
      ['regcerd'],
      'registry.example.com/web',
      pullSecret('regcred', { 'registry.example.com': LOGIN }),
    ),
    says: 'Secret "regcerd" does not exist in namespace "default"; did you mean "regcred"? Write it in spec.imagePullSecrets',
    remedy: [
      {
        text: 'See which pull secrets there are:',
        commands: ['kubectl get secrets --field-selector type=kubernetes.io/dockerconfigjson'],
      },
      {
        text: 'Correct the name in the manifest, or create the Secret in that namespace:',
        commands: [
          'kubectl create secret docker-registry regcred --docker-server=registry.example.com \\',
          '  --docker-username=jane --docker-password="$PASSWORD"',
        ],
      },
    ],
  },
  SecretWrongType: {
    cause: [
      'The Secret exists and is not a pull secret: its type is another one, or what its type calls for is not in it. Kubernetes uses only `kubernetes.io/dockerconfigjson` with the key `.dockerconfigjson`, and `kubernetes.io/dockercfg` with `.dockercfg`.',
      'The kubelet passes it over, and no event says so.',
    ],
    manifests: podWith(
      ['regcred'],
      'registry.example.com/web',
      `apiVersion: v1
kind: Secret
metadata: {name: regcred}
type: Opaque
stringData: {username: jane, password: …}`,
    ),
    says: 'Secret "regcred" has type Opaque, so Kubernetes does not use it; write it anew: kubectl create secret docker-registry regcred --namespace default --from-file=.dockerconfigjson=FILE --dry-run=client -o yaml',
    remedy: [{ text: 'The type of a Secret cannot be changed, so make it again:', commands: MAKE_AGAIN }],
  },
  SecretMalformed: {
    cause: [
      'The Secret has the right type, and the kubelet fails to read it: it is not JSON, `auth` is not base64, or an entry is not what it should be.',
      'One such Secret stops every image of the Pod, those of public registries too, and whatever else is listed. The kubelet gives the error as the reason of the waiting container.',
    ],
    manifests: podWith(
      ['regcred'],
      'registry.example.com/web',
      pullSecret('regcred', { 'registry.example.com': { auth: 'jane' } }),
    ),
    says: 'Secret "regcred" is broken (auth is not user:password), so Kubernetes pulls nothing for this Pod; write it anew: kubectl create secret docker-registry regcred --namespace default --from-file=.dockerconfigjson=FILE --dry-run=client -o yaml',
    remedy: [
      { text: 'Make it again:', commands: MAKE_AGAIN },
      { text: 'Or take it out of `imagePullSecrets` if the Pod does not need it.' },
    ],
  },
  SecretWithoutCredentials: {
    cause: [
      'The Secret can be read, and has no entry with both a user name and a password. Most often it was made of a `~/.docker/config.json` that only names a credential store (`credsStore`): the password is then in the keychain of that computer. An identity token (`az acr login`) is not used by the kubelet either.',
      'The Pod pulls as if the Secret were not listed, and no event says so.',
    ],
    manifests: podWith(['regcred'], 'registry.example.com/web', pullSecret('regcred', { 'registry.example.com': {} })),
    says: 'Secret "regcred" holds no usable credentials, as there is no user name; write it anew: kubectl create secret docker-registry regcred --namespace default --docker-server=SERVER --docker-username=USER --docker-password=PASSWORD --dry-run=client -o yaml',
    remedy: [{ text: 'Make it from user name and password, not from the file:', commands: MAKE_AGAIN }],
  },
  EntryCoversNothing: {
    cause: [
      'A registry in the pull secret is written in a way that no image can ever match: with a tag, a glob in its path, capitals, another scheme than http and https, or under the name of a website (`hub.docker.com`).',
      'The kubelet skips the entry, and no event says so. This is told to whoever writes the Secret.',
    ],
    manifests: pullSecret('regcred', { 'ghcr.io/acme/*': LOGIN }),
    says: 'the registry in Secret "regcred" is written "ghcr.io/acme/*", which never matches an image; write "ghcr.io/acme/"',
    remedy: [
      {
        text: 'Write host, port and path as in the image, without tag. Globs (`*`) stand in the host alone, one for each part of it. Docker Hub is `https://index.docker.io/v1/`.',
      },
    ],
  },
  EntryWithoutCredentials: {
    cause: [
      'One entry of the pull secret has no user name or no password. The others of the Secret work; images of this registry are pulled without credentials.',
      'This is told to whoever writes the Secret.',
    ],
    manifests: pullSecret('regcred', { 'registry.example.com': LOGIN, 'ghcr.io': { username: 'jane' } }),
    says: 'the entry "ghcr.io" in Secret "regcred" has no password; write user name and password into it, or leave it out',
    remedy: [{ text: 'Write user name and password (or `auth`, their base64) into the entry, or leave it out.' }],
  },
  CredentialsDoubtful: {
    cause: [
      'A password ends in a line break or a blank. Kubernetes sends it as it is, and most registries refuse it. It comes of `echo PASSWORD | base64`, which adds a line break.',
      'This is told to whoever writes the Secret, and to nobody else.',
    ],
    manifests: pullSecret('regcred', { 'registry.example.com': { username: 'jane', password: 'secret\n' } }),
    says: `the password for "registry.example.com" in Secret "regcred" ends in a line break (echo without -n?); write it without, or if it is right: set its annotation ${IGNORE_ANNOTATION}: CredentialsDoubtful`,
    remedy: [
      { text: 'Make the Secret again:', commands: MAKE_AGAIN },
      {
        text: 'If the password really ends so, say it on the Secret:',
        commands: [`kubectl annotate secret regcred ${IGNORE_ANNOTATION}=CredentialsDoubtful`],
      },
    ],
  },
} as const satisfies Readonly<Record<string, Explanation>>
